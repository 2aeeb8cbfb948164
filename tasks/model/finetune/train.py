"""Training by trl's SFTTrainer, so that it can be killed at any moment and goes on from its last checkpoint."""

import contextlib
import errno
import resource
import shutil
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

from schemas.errors import FinetuneError
from schemas.finetune import Recipe
from schemas.trained import Batch, Cost, Encoded, Trained
from tasks.model.finetune import checkpoints, loss
from tasks.model.finetune.data import batch, encode
from tasks.model.finetune.loss import Curve
from tasks.model.finetune.plan import COST, LIBRARIES, TRAINED, Plan

KEPT = 2
"""Checkpoints that are kept: the last whole one stays while the next is written."""

FULL = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT, errno.EROFS)
"""Error codes of the system for a file that cannot grow."""

_DATA = "tokens"


def train(plan: Plan) -> Trained:
    """Train the model of a plan, or go on with it; a training that ended is not repeated.

    Raises:
        FinetuneError: the model cannot be loaded, no sample fits, the loss diverges, or the disk is full.
    """
    if plan.trained:
        return plan.trained
    data = plan.folder / _DATA
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir(parents=True)
    try:
        trained = _train(plan, data)
    finally:
        shutil.rmtree(data, ignore_errors=True)
    checkpoints.remove_all(plan.folder)
    return trained


def _train(plan: Plan, data: Path) -> Trained:
    import transformers  # pyright: ignore[reportMissingImports]

    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    tokenizer, model = _load(plan)
    with _disk(plan):
        encoded = encode(plan.mixture, tokenizer, plan.recipe, data / "samples.arrow")
    checkpoint = checkpoints.last_whole(plan.folder)
    curve = Curve(plan.folder / loss.LOG, checkpoints.step(checkpoint) if checkpoint else 0)
    dealt = batch(plan.recipe, encoded)
    trainer, watcher = _trainer(plan, tokenizer, model, data / "samples.arrow", dealt, curve)
    with _disk(plan):
        trainer.train(resume_from_checkpoint=str(checkpoint) if checkpoint else None)
        if watcher.why:
            raise FinetuneError(_diverged(plan, watcher.why))
        trainer.save_model(str(plan.folder))
        (plan.folder / "training_args.bin").unlink(missing_ok=True)  # a pickle, which nobody needs
        cost = Cost(seconds=curve.points[-1].seconds, memory=_memory())
        trained = _receipt(plan, trainer, curve, encoded, dealt)
        for name, receipt in ((COST, cost), (TRAINED, trained)):  # the last says that the training ended
            plan.output.write_bytes(name, (receipt.model_dump_json(indent=1) + "\n").encode())
    return trained


def _load(plan: Plan) -> tuple[Any, Any]:
    """Tokenizer and model; frozen weights may be in bf16, trained ones lose small updates there."""
    import torch  # pyright: ignore[reportMissingImports]
    import transformers  # pyright: ignore[reportMissingImports]

    recipe, folder = plan.recipe, str(plan.base.folder)
    dtype = torch.bfloat16 if recipe.lora and recipe.precision == "bf16" else torch.float32
    options: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
    try:
        tokenizer = transformers.AutoTokenizer.from_pretrained(folder, **options)
        model = transformers.AutoModelForCausalLM.from_pretrained(
            folder, dtype=dtype, attn_implementation=recipe.attention, **options
        )
    except (OSError, ValueError, ImportError) as error:
        raise FinetuneError(f"{folder}: the model cannot be loaded: {' '.join(str(error).split())}") from error
    if tokenizer.eos_token is None:
        raise FinetuneError(f"{folder}: the tokenizer has no token for the end of an answer (eos_token).")
    return tokenizer, model


def _trainer(plan: Plan, tokenizer: Any, model: Any, samples: Path, dealt: Batch, curve: Curve) -> tuple[Any, Any]:
    import datasets
    import transformers  # pyright: ignore[reportMissingImports]
    import trl  # pyright: ignore[reportMissingImports]

    from tasks.model.finetune.callback import Watcher

    datasets.disable_progress_bars()
    watcher = Watcher(curve, plan.recipe.divergence)
    trainer = trl.SFTTrainer(
        model=model,
        args=trl.SFTConfig(**arguments(plan.recipe, dealt, plan.folder)),
        train_dataset=datasets.Dataset.from_file(str(samples)),
        processing_class=tokenizer,
        peft_config=_adapters(plan.recipe),
        callbacks=[watcher],
    )
    trainer.remove_callback(transformers.PrinterCallback)
    trainer.create_model_card = lambda **_: None  # ours is written at the end
    return trainer, watcher


def _adapters(recipe: Recipe) -> Any:
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
        "output_dir": str(folder),
        "max_length": recipe.max_length if recipe.packing else None,  # else trl would look again for what to cut
        "packing": recipe.packing,
        "shuffle_dataset": True,  # before packing, so that neighbours in a sequence are of any task
        "completion_only_loss": recipe.answer_only,
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
        "activation_checkpointing": recipe.gradient_checkpointing,
        "seed": recipe.seed,
        "data_seed": recipe.seed,
        "logging_steps": recipe.log_every,
        "logging_nan_inf_filter": False,  # it would hide what stops a training
        "save_steps": recipe.checkpoint_every,
        "save_total_limit": KEPT,
        "report_to": list(recipe.report_to) or "none",
        "disable_tqdm": True,
        "dataloader_pin_memory": False,
    }


@contextlib.contextmanager
def _disk(plan: Plan) -> Any:
    """Turn a failed write into an error that says what to do and which checkpoint is complete.

    The libraries report a full disk by errors of their own: OSError, RuntimeError of torch, SafetensorError.
    """
    try:
        yield
    except FinetuneError:
        raise
    except Exception as error:
        if not _is_write(error):
            raise
        raise FinetuneError(
            f"{plan.folder}: this cannot be written: {error}. {_stands(plan)} Make room, then run the same command "
            "again."
        ) from error


def _is_write(error: Exception) -> bool:
    if isinstance(error, OSError):
        return error.errno in FULL
    words = str(error).lower()
    return any(said in words for said in (*(f"os error {code}" for code in FULL), "write failed", "unexpected pos"))


def _diverged(plan: Plan, why: str) -> str:
    return (
        f"{plan.folder}: the loss diverges: {why}. {_stands(plan)} Take smaller steps (--set "
        f"learning_rate={plan.recipe.learning_rate / 3:.1g}), a longer warm-up, or allow more (--set divergence=…)."
    )


def _stands(plan: Plan) -> str:
    last = checkpoints.last_whole(plan.folder)
    return f"The last good checkpoint is {last.name}." if last else "There is no checkpoint yet."


def _receipt(plan: Plan, trainer: Any, curve: Curve, encoded: Encoded, dealt: Batch) -> Trained:
    weights = list(trainer.model.parameters())
    points = curve.points
    first, last = loss.ends(points)
    return Trained(
        recipe=plan.recipe,
        mixture=plan.mixture.name,
        mixture_version=plan.mixture.version,
        base=plan.base.name,
        revision=plan.base.revision,
        device=_device(trainer.model),
        batch=dealt,
        data=encoded,
        parameters=sum(weight.numel() for weight in weights),
        trained_parameters=sum(weight.numel() for weight in weights if weight.requires_grad),
        steps=trainer.state.global_step,
        tokens=points[-1].tokens,
        first_loss=first,
        last_loss=last,
        versions={name: version(name) for name in LIBRARIES},
    )


def _device(model: Any) -> str:
    import torch  # pyright: ignore[reportMissingImports]

    return torch.cuda.get_device_name() if model.device.type == "cuda" else f"CPU, {torch.get_num_threads()} thread(s)"


def _memory() -> int:
    """Bytes held at most: of the GPU where there is one, else of this process."""
    import torch  # pyright: ignore[reportMissingImports]

    if torch.cuda.is_available():
        return int(torch.cuda.max_memory_allocated())
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
