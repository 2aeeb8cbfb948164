"""Training by trl's SFTTrainer, so that it can be killed at any moment and goes on from its last checkpoint."""

import shutil
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from schemas.errors import FinetuneError
from schemas.finetune import Recipe
from schemas.trained import Batch, Cost, Encoded, Trained
from tasks.model.finetune import checkpoints, loss, processes, room
from tasks.model.finetune.data import batch, encode
from tasks.model.finetune.disk import check_room, least, writing
from tasks.model.finetune.loss import Curve, Logged
from tasks.model.finetune.plan import COST, LIBRARIES, TRAINED, Plan
from tasks.model.loading import loading
from tasks.model.quiet import quiet

KEPT = 2
"""Checkpoints that are kept: the last whole one stays while the next is written."""

_DATA = "tokens"


def train(plan: Plan) -> Trained:
    """Train the model of a plan, or go on with it; a training that ended is not repeated.

    Raises:
        FinetuneError: the model cannot be loaded, no sample fits, the loss diverges, or the disk is full.
    """
    data = plan.folder / _DATA
    processes.once(lambda: _sweep(plan.folder))
    trained = plan.trained
    if trained is None:
        room.require(plan.recipe, plan.base.folder, processes.world(), processes.shards())
        processes.once(lambda: data.mkdir(parents=True))
        try:
            with writing(plan.folder, lambda: _stands(plan)), room.enough(plan.recipe, plan.base.folder):
                trained = _train(plan, data)
        finally:
            if processes.is_main():
                shutil.rmtree(data, ignore_errors=True)
    processes.once(lambda: checkpoints.remove_all(plan.folder))  # also those of a run that was killed here
    return trained


def _sweep(folder: Path) -> None:
    """Remove the tokens and half-written files of a run that was killed."""
    shutil.rmtree(folder / _DATA, ignore_errors=True)
    for path in [*folder.rglob(".*.part")]:
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def _train(plan: Plan, data: Path) -> Trained:
    quiet().utils.logging.set_verbosity_error()
    tokenizer, model = _load(plan)
    checkpoint = processes.once(lambda: checkpoints.last_whole(plan.folder))
    if checkpoint is None:
        check_room(plan.folder, least(model, plan.recipe))
    encoded = processes.once(lambda: encode(plan.mixture, tokenizer, plan.recipe, data / "samples.arrow"))
    curve = processes.once(lambda: Curve(plan.folder / loss.LOG, checkpoints.step(checkpoint) if checkpoint else 0))
    dealt = batch(plan.recipe, encoded, processes.world())
    trainer, watcher = _trainer(plan, tokenizer, model, data / "samples.arrow", dealt, curve)
    run(trainer, checkpoint)
    if watcher.why:
        raise FinetuneError(_diverged(plan, watcher.why, curve))
    trainer.save_model(str(plan.folder))
    cost = Cost(seconds=curve.points[-1].seconds, memory=room.held())
    trained = receipt(plan, trainer, curve.points, encoded, dealt)
    processes.once(lambda: _keep(plan, cost, trained))
    return trained


def run(trainer: Any, checkpoint: Path | None) -> None:
    """Train from a checkpoint on. One of the last step is only loaded: the trainer would take a further step."""
    if checkpoint and checkpoints.is_last(checkpoint):
        trainer._load_from_checkpoint(str(checkpoint))
        trainer.state.global_step = checkpoints.step(checkpoint)
    else:
        trainer.train(resume_from_checkpoint=str(checkpoint) if checkpoint else None)


def _keep(plan: Plan, cost: Cost, trained: Trained) -> None:
    (plan.folder / "training_args.bin").unlink(missing_ok=True)  # a pickle, which nobody needs
    for name, receipt in ((COST, cost), (TRAINED, trained)):  # the last says that the training ended
        plan.output.write_bytes(name, (receipt.model_dump_json(indent=1) + "\n").encode())


def _load(plan: Plan) -> tuple[Any, Any]:
    """Tokenizer and model; frozen weights may be in bf16, trained ones lose small updates there."""
    import torch  # pyright: ignore[reportMissingImports]
    import transformers  # pyright: ignore[reportMissingImports]

    recipe, folder = plan.recipe, str(plan.base.folder)
    dtype = torch.bfloat16 if recipe.lora and recipe.precision == "bf16" else torch.float32
    options: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
    with loading(lambda why: FinetuneError(f"{folder}: {why} Fetch or copy it again, or name another: --set model=…")):
        tokenizer = transformers.AutoTokenizer.from_pretrained(folder, **options)
        model = transformers.AutoModelForCausalLM.from_pretrained(
            folder, dtype=dtype, attn_implementation=recipe.attention, **options
        )
    if tokenizer.eos_token is None:
        raise FinetuneError(
            f"{folder}: the tokenizer has no token for the end of an answer. Name it as eos_token in "
            "tokenizer_config.json."
        )
    if len(tokenizer) > (known := model.get_input_embeddings().num_embeddings):
        raise FinetuneError(
            f"{folder}: the tokenizer has {len(tokenizer):,} tokens, the model {known:,}. They are not of one model: "
            "copy the tokenizer that belongs to the weights."
        )
    return tokenizer, model


def _trainer(plan: Plan, tokenizer: Any, model: Any, samples: Path, dealt: Batch, curve: Curve) -> tuple[Any, Any]:
    import datasets
    import transformers  # pyright: ignore[reportMissingImports]
    import trl  # pyright: ignore[reportMissingImports]

    from tasks.model.finetune.callback import Watcher
    from tasks.model.finetune.snapshots import Snapshots

    datasets.disable_progress_bars()
    watcher = Watcher(curve, plan.recipe.divergence)
    config = trl.SFTConfig(**arguments(plan.recipe, dealt, plan.folder))
    config._n_gpu = min(1, config.n_gpu)  # trl refuses to divide batches among the GPUs that one process sees
    trainer = trl.SFTTrainer(
        model=model,
        args=config,
        train_dataset=datasets.Dataset.from_file(str(samples)),
        processing_class=tokenizer,
        peft_config=adapters(plan.recipe),
        callbacks=[watcher, Snapshots(plan.folder, plan.recipe.snapshots, tokenizer)],
    )
    trainer.remove_callback(transformers.PrinterCallback)
    trainer.create_model_card = lambda **_: None  # ours is written at the end
    return trainer, watcher


def adapters(recipe: Recipe) -> Any:
    """A recipe in the words of peft.LoraConfig; None if all weights are trained."""
    if recipe.lora is None:
        return None
    import peft  # pyright: ignore[reportMissingImports]

    targets = recipe.lora.targets
    return peft.LoraConfig(
        task_type="CAUSAL_LM",
        r=recipe.lora.rank,
        lora_alpha=recipe.lora.alpha,
        lora_dropout=recipe.lora.dropout,
        target_modules=targets if isinstance(targets, str) else list(targets),
    )


def arguments(recipe: Recipe, dealt: Batch, folder: Path) -> dict[str, Any]:
    """A recipe in the words of trl.SFTConfig."""
    return {
        **common(recipe, dealt, folder),
        "max_length": recipe.max_length if recipe.packing else None,  # else trl would look again for what to cut
        "packing": recipe.packing,
        "shuffle_dataset": True,  # before packing, so that neighbours in a sequence are of any task
        "completion_only_loss": recipe.answer_only,  # of prompts and answers; our tokens bring their labels
        "activation_checkpointing": recipe.gradient_checkpointing,
    }


def common(recipe: Recipe, dealt: Batch, folder: Path) -> dict[str, Any]:
    """A recipe in the words of transformers.TrainingArguments, on which all of trl's trainers build."""
    return {
        "output_dir": str(folder),
        "per_device_train_batch_size": dealt.sequences,
        "gradient_accumulation_steps": dealt.accumulated,
        "num_train_epochs": recipe.epochs or 1,
        "max_steps": recipe.max_steps or -1,
        "optim": {"adamw": "adamw_torch", "adafactor": "adafactor"}[recipe.optimizer],
        "learning_rate": recipe.learning_rate,
        "lr_scheduler_type": {"constant": "constant_with_warmup"}.get(recipe.schedule, recipe.schedule),
        "warmup_steps": recipe.warm_up if recipe.warm_up < 1 else 1,
        "weight_decay": recipe.weight_decay,
        "max_grad_norm": recipe.clip,
        "bf16": recipe.precision == "bf16",
        "seed": recipe.seed,
        "data_seed": recipe.seed,
        "logging_steps": recipe.log_every,
        "logging_nan_inf_filter": False,  # it would hide what stops a training
        "save_steps": recipe.checkpoint_every,
        "save_total_limit": KEPT,
        "report_to": list(recipe.report_to) or "none",
        "disable_tqdm": True,
        "dataloader_pin_memory": False,
        "use_cpu": processes.on_cpu(),  # else transformers refuses bf16 on a CPU
    }


def _diverged(plan: Plan, why: str, curve: Curve) -> str:
    if len(curve.points) == 1:
        return (
            f"{plan.folder}: the training cannot begin: {why}. The base model's weights are broken, or too large for "
            f"the precision. Try --set precision=fp32, or another model: --set model=…"
        )
    return (
        f"{plan.folder}: the loss diverges: {why}. {_stands(plan)} Take smaller steps (--set "
        f"learning_rate={plan.recipe.learning_rate / 3:.1g}), a longer warm-up, or allow more (--set divergence=…)."
    )


def _stands(plan: Plan) -> str:
    last = checkpoints.last_whole(plan.folder)
    return f"The last good checkpoint is {last.name}." if last else "There is no checkpoint yet."


def receipt(plan: Plan, trainer: Any, points: Sequence[Logged], read: Encoded, dealt: Batch) -> Trained:
    """The receipt of a training that ended.

    Args:
        plan: the training.
        trainer: has ended, by whatever trainer of trl.
        points: of its log.
        read: what it was trained on.
        dealt: how the sequences of a step were divided.
    """
    weights = list(trainer.model.parameters())
    first, last = loss.ends(points)
    return Trained(
        recipe=plan.recipe,
        mixture=plan.mixture.name,
        mixture_version=plan.mixture.version,
        base=plan.base.name,
        revision=plan.base.revision,
        base_licence=plan.base.licence,
        family=plan.family,
        template=bool(trainer.processing_class.chat_template),
        device=_device(trainer.model),
        batch=dealt,
        data=read,
        parameters=sum(weight.numel() for weight in weights),
        trained_parameters=sum(weight.numel() for weight in weights if weight.requires_grad),
        steps=trainer.state.global_step,
        tokens=points[-1].tokens,
        first_loss=first,
        last_loss=last,
        versions={name: version(name) for name in LIBRARIES},
        before=dict(plan.base.taught),
    )


def _device(model: Any) -> str:
    import torch  # pyright: ignore[reportMissingImports]

    return torch.cuda.get_device_name() if model.device.type == "cuda" else f"CPU, {torch.get_num_threads()} thread(s)"
