"""The flow `finetune`: a model trained on a mixture, and held against MedINST32 before and after."""

from pathlib import Path

from prefect import flow, task
from prefect.artifacts import create_table_artifact
from prefect.cache_policies import NO_CACHE

from flows.artifacts import show_page
from flows.evaluate import evaluate, list_scores
from flows.progress import training_progress
from schemas.finetune import Recipe
from schemas.settings import Settings
from schemas.trained import Comparison, Trained
from tasks.base.store.root import Root
from tasks.model.finetune import base, card, compare
from tasks.model.finetune import train as training
from tasks.model.finetune.plan import Plan, alone, make_plan


@flow(name="finetune", flow_run_name="finetune {recipe.name}", persist_result=False)
def finetune(recipe: Recipe, root: str | None = None, out: str | None = None) -> str:
    """Train a model, as far as that is not done, and measure what it gained.

    Args:
        recipe: how; it names model and mixture.
        root: where mixtures and benchmark are; `MEDINST_ROOT`, else `./data`.
        out: folder for models; `<root>/models` if none.

    Returns:
        the folder of the model.

    Raises:
        FinetuneError: something that the recipe names is not there, or the training failed; checkpoints are kept.
        EvaluationError: a model could not be asked; what it answered is kept.
    """
    plan = make_plan(recipe, Root(root or Settings().root), Path(out) if out else None)
    with alone(plan.folder):
        trained = train(plan)
        comparison = measure(plan, trained)
        card.keep(plan, trained, comparison)
    if out is None and comparison:
        list_scores(plan.root)
    show_page("model", f"Training of {plan.folder.name}", str(plan.folder.absolute() / card.PAGE), plan.root)
    return str(plan.folder)


@task(name="train", task_run_name="train {plan.recipe.name}", persist_result=False, cache_policy=NO_CACHE)
def train(plan: Plan) -> Trained:
    """Train the model, or go on with it."""
    base.make(plan.base, plan.recipe, plan.mixture)
    with training_progress():
        return training.train(plan)


def measure(plan: Plan, trained: Trained) -> Comparison | None:
    """Ask the model before training and after, and compare; what was measured is not measured again."""
    exam = plan.recipe.evaluation
    if exam is None or (known := compare.kept(plan)):
        return known if exam else None
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
    comparison = compare.compare(plan, trained, Path(before), Path(after))
    compare.keep(plan, comparison)
    table = [each.model_dump() for each in comparison.tiers]
    create_table_artifact(key="gains", table=table, description=f"What {plan.folder.name} gained")
    return comparison
