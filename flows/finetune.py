"""The flow `finetune`: a model trained on a mixture, and held against MedINST32 before and after."""

from pathlib import Path

from prefect import flow, task
from prefect.artifacts import create_table_artifact
from prefect.cache_policies import NO_CACHE

from flows.artifacts import show_page
from flows.evaluate import evaluate, list_scores
from flows.processes import train_together
from flows.progress import training_progress
from schemas.finetune import Exam, Recipe
from schemas.settings import Settings
from schemas.trained import Comparison, Trained
from tasks.base.store.root import Root
from tasks.model.finetune import accelerated, base, card, compare, seeds
from tasks.model.finetune import train as training
from tasks.model.finetune.plan import Plan, alone, make_plan
from tasks.model.finetune.reinforce import reinforce


@flow(name="finetune", flow_run_name="finetune {recipe.name}", persist_result=False)
def finetune(recipe: Recipe, root: str | None = None, out: str | None = None, accelerate: str | None = None) -> str:
    """Train a model, as far as that is not done, and measure what it gained.

    Args:
        recipe: how; it names model and mixture.
        root: where mixtures and benchmark are; `MEDINST_ROOT`, else `./data`.
        out: folder for models; `<root>/models` if none.
        accelerate: a configuration of accelerate, to train in several processes; one if none.

    Returns:
        the folder of the model.

    Raises:
        FinetuneError: something that the recipe names is not there, it trains on rewards and several processes are
            asked for, or the training failed; checkpoints are kept.
        EvaluationError: a model could not be asked; what it answered is kept.
    """
    accelerated.refuse_alone(recipe, accelerate)
    plan = make_plan(recipe, Root(root or Settings().root), Path(out) if out else None)
    with alone(plan.folder):
        trained = train(plan, Path(accelerate) if accelerate else None)
        comparison = measure(plan, trained)
        card.keep(plan, trained, comparison)
    if out is None and comparison:
        list_scores(plan.root)
    show_page(
        "model", f"Training of {plan.folder.name}", str(plan.folder.absolute() / card.curves(recipe).page), plan.root
    )
    return str(plan.folder)


@task(name="train", task_run_name="train {plan.recipe.name}", persist_result=False, cache_policy=NO_CACHE)
def train(plan: Plan, accelerate: Path | None = None) -> Trained:
    """Train the model, or go on with it."""
    base.make(plan.base, plan.recipe, plan.mixture)
    with training_progress():
        if plan.recipe.reinforce:
            return reinforce(plan)
        return train_together(plan, accelerated.read(accelerate)) if accelerate else training.train(plan)


def measure(plan: Plan, trained: Trained) -> Comparison | None:
    """Compare the model before training with after; what was measured is not measured again."""
    exam = plan.recipe.evaluation
    if exam is None:
        return None
    known = compare.kept(plan)
    comparison = seeds.with_seeds(plan, known or ask(plan, trained, exam))
    if comparison != known:
        compare.keep(plan, comparison)
        table = [each.model_dump() for each in comparison.tiers]
        create_table_artifact(key="gains", table=table, description=f"What {plan.folder.name} gained")
    return comparison


def ask(plan: Plan, trained: Trained, exam: Exam) -> Comparison:
    """Ask the model before training and after, and compare."""
    before, after = (
        evaluate(
            model=str(model),
            asking=plan.asking(model),
            tasks=list(exam.tests),
            limit=exam.limit,
            root=plan.root.url,
            out=str(plan.evaluations),
        )
        for model in (plan.base.folder, plan.folder)
    )
    return compare.compare(plan, trained, Path(before), Path(after))
