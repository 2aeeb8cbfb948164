"""Training on rewards by trl's GRPOTrainer: like training on given answers, it can be killed and goes on."""

from pathlib import Path
from typing import Any

from schemas.errors import FinetuneError
from schemas.finetune import Recipe
from schemas.reinforce import Reinforced
from schemas.trained import Batch, Cost, Trained
from tasks.model.finetune import checkpoints, rollouts, room, watch
from tasks.model.finetune.disk import writing
from tasks.model.finetune.loss import Curve
from tasks.model.finetune.plan import COST, TRAINED, Plan
from tasks.model.finetune.prompts import Prompt, Prompts, prompts
from tasks.model.finetune.rollouts import Step
from tasks.model.finetune.train import _load, _stands, adapters, common, receipt, run
from tasks.model.finetune.watch import Answer, ask, watched
from tasks.model.quiet import quiet


def reinforce(plan: Plan) -> Trained:
    """Train the model of a plan on rewards, or go on with it; a training that ended is not repeated.

    Raises:
        FinetuneError: the model cannot be loaded, no prompt fits or can be verified, the answers collapse, nothing can
            be learned from their rewards, the reward falls, something is not finite, or the disk is full.
    """
    trained = plan.trained
    if trained is None:
        plan.folder.mkdir(parents=True, exist_ok=True)
        trained = _train(plan)
    checkpoints.remove_all(plan.folder)
    (plan.folder / watch.BEFORE).unlink(missing_ok=True)  # also what a run left that was killed here
    return trained


def _train(plan: Plan) -> Trained:
    quiet().utils.logging.set_verbosity_error()
    rules = plan.recipe.reinforce
    assert rules is not None
    tokenizer, model = _load(plan)
    tokenizer.padding_side = "left"
    if tokenizer.pad_token is None:
        tokenizer.pad_token = tokenizer.eos_token
    _has_room(plan, model)
    found = prompts(plan.mixture, tokenizer, plan.recipe)
    checkpoint = checkpoints.last_whole(plan.folder)
    curve = Curve(plan.folder / rollouts.LOG, checkpoints.step(checkpoint) if checkpoint else 0, Step)
    with writing(plan.folder, lambda: _stands(plan)):
        trainer, rewarder = _trainer(plan, tokenizer, model, found.trained, curve, checkpoint)
        before = _before(plan, trainer.model, tokenizer, found.held_out)
        _run(trainer, checkpoint, rewarder)
        if rewarder.why:
            raise FinetuneError(_stopped(plan, rewarder.why))
        after = ask(trainer.model, tokenizer, found.held_out, rules.max_tokens)
        trainer.save_model(str(plan.folder))
        (plan.folder / "training_args.bin").unlink(missing_ok=True)  # a pickle, which nobody needs
        cost = Cost(seconds=curve.points[-1].seconds, memory=room.held())
        trained = _receipt(plan, trainer, curve, found, before, after)
        for name, receipt in ((COST, cost), (TRAINED, trained)):  # the last says that the training ended
            plan.output.write_bytes(name, (receipt.model_dump_json(indent=1) + "\n").encode())
    return trained


_NO_CHANCES = ("probability tensor", "device-side assert")
"""What torch says where a completion cannot be sampled, on a CPU and on a GPU."""


def _run(trainer: Any, checkpoint: Path | None, rewarder: Any) -> None:
    """Train; weights that have become NaN show when the next completions are sampled."""
    try:
        run(trainer, checkpoint)
    except RuntimeError as error:
        if not any(said in str(error) for said in _NO_CHANCES):
            raise
        rewarder.why = f"the model gives tokens no finite probability after step {trainer.state.global_step:,}"


def _has_room(plan: Plan, model: Any) -> None:
    """Refuse prompts and completions that are longer than the context of the model."""
    context = getattr(model.config, "max_position_embeddings", None)
    if context is not None and context < plan.recipe.max_length:
        raise FinetuneError(
            f"max_length is {plan.recipe.max_length:,}, and {plan.base.name} has a context of {context:,} tokens: "
            f"--set max_length={context}"
        )


def _before(plan: Plan, model: Any, tokenizer: Any, held_out: list[Prompt]) -> list[Answer]:
    """The answers of the model at the start; the trainer has not loaded a checkpoint yet."""
    kept = watch.saved(plan.folder)
    if kept is None:
        assert plan.recipe.reinforce is not None
        kept = ask(model, tokenizer, held_out, plan.recipe.reinforce.max_tokens)
        watch.save(kept, plan.folder)
    return kept


def _trainer(
    plan: Plan, tokenizer: Any, model: Any, asked: list[Prompt], curve: Curve[Step], checkpoint: Path | None
) -> tuple[Any, Any]:
    import datasets
    import transformers  # pyright: ignore[reportMissingImports]
    import trl  # pyright: ignore[reportMissingImports]

    from tasks.model.finetune.reinforce_callback import Rewarder

    datasets.disable_progress_bars()
    assert plan.recipe.reinforce is not None
    rewarder = Rewarder(curve, plan.recipe.reinforce, checkpoint)
    spoken = bool(tokenizer.chat_template)
    rows = datasets.Dataset.from_dict(
        {
            "prompt": [each.said if spoken else each.text for each in asked],
            "number": list(range(len(asked))),
            "task": [each.task for each in asked],
            "ground_truth": [each.truth for each in asked],
            "verifier": [each.verifier for each in asked],
        }
    )
    trainer = trl.GRPOTrainer(
        model=model,
        reward_funcs=rewarder.reward,
        args=trl.GRPOConfig(**arguments(plan.recipe, plan.folder)),
        train_dataset=rows,
        processing_class=tokenizer,
        peft_config=adapters(plan.recipe),
        callbacks=[rewarder],
    )
    trainer.remove_callback(transformers.PrinterCallback)
    trainer.create_model_card = lambda **_: None  # ours is written at the end
    return trainer, rewarder


def arguments(recipe: Recipe, folder: Path) -> dict[str, Any]:
    """A recipe in the words of trl.GRPOConfig."""
    rules = recipe.reinforce
    assert rules is not None
    return {
        **common(recipe, dealt(recipe), folder),
        "num_generations": rules.completions,
        "max_completion_length": rules.max_tokens,
        "temperature": rules.temperature,
        "beta": rules.beta,
        "gradient_checkpointing": recipe.gradient_checkpointing,
        "log_completions": False,
    }


def dealt(recipe: Recipe) -> Batch:
    """How the completions of a step are divided."""
    rules = recipe.reinforce
    assert rules is not None
    at_once = rules.at_once or rules.step
    return Batch(sequences=at_once, accumulated=rules.step // at_once)


def _stopped(plan: Plan, why: str) -> str:
    rate = plan.recipe.learning_rate / 3
    return (
        f"{plan.folder}: the training stopped: {why}. {_stands(plan)} Begin with a model that answers in the forms "
        "that are asked for (docs/finetuning.md#reinforcement-learning), or take smaller steps (--set "
        f"learning_rate={rate:.1g}), more completions of a prompt, or a penalty for leaving the start "
        "(--set reinforce.beta=0.04)."
    )


def _receipt(
    plan: Plan, trainer: Any, curve: Curve[Step], found: Prompts, before: list[Answer], after: list[Answer]
) -> Trained:
    first, last = rollouts.ends(curve.points)
    reinforced = Reinforced(
        prompts=len(found.trained),
        left_out=found.left_out,
        first=first,
        last=last,
        kl=curve.points[-1].kl,
        watched=watched(found.held_out, found.trained, before, after) if found.held_out else None,
    )
    trained = receipt(plan, trainer, curve.points, found.counted, dealt(plan.recipe))
    return trained.model_copy(update={"reinforced": reinforced})
