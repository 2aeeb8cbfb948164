"""The flow `experiment`: one model in several ways, each trained and evaluated in flows of their own."""

from pathlib import Path

from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from flows.evaluate import evaluate
from flows.finetune import finetune
from schemas.experiment import Experiment
from schemas.settings import Settings
from tasks.base.store.root import Root
from tasks.model.evaluate.plan import make_plan as plan_evaluation
from tasks.model.experiment.outcome import outcome
from tasks.model.experiment.plan import Plan, Row, chosen, make_plan
from tasks.model.experiment.turns import taken, writing
from tasks.model.experiment.write import keep, keep_row
from tasks.model.finetune.checkpoints import snapshot
from tasks.model.pretrained.find import known


@flow(name="experiment", flow_run_name="experiment {experiment.name}", persist_result=False)
def experiment(experiment: Experiment, only: list[str] | None = None, root: str | None = None) -> str:
    """Train and evaluate the rows of an experiment that are not done yet, and write its tables.

    Several processes may do so side by side; rows that another one has are left to it.

    Args:
        experiment: what is compared.
        only: names of rows or systems; all rows if none.
        root: where mixtures and benchmark are; `MEDINST_ROOT`, else `./data`.

    Returns:
        the folder of the experiment.

    Raises:
        FinetuneError: a training failed; rows that are done are kept.
        EvaluationError: a model could not be asked; what it answered is kept.
    """
    plan = make_plan(experiment, Root(root or Settings().root))
    for row in chosen(plan, only or ()):
        with taken(plan, row) as mine:
            if mine and plan.result(row) is None:
                _run(plan, row)
        with writing(plan):
            keep(plan)
    return str(plan.folder)


def _run(plan: Plan, row: Row) -> None:
    """Train, evaluate and keep one row."""
    trained = None if row.seed is None else Path(finetune(recipe=plan.recipe(row), root=plan.root.url))
    model = str(snapshot(trained, row.share) if trained else known(plan.experiment.model).folder)
    exam, asking = plan.experiment.exam, plan.asking(row, model)
    answers = evaluate(
        model=model, asking=asking, tasks=list(exam.tests), limit=exam.limit, root=plan.root.url, out=str(plan.answers)
    )
    keep_row(plan, row, outcome(plan, row, Path(answers), answer_losses(plan, row, model), trained))


@task(name="answer-loss", task_run_name="answer-loss {row.name}", persist_result=False, cache_policy=NO_CACHE)
def answer_losses(plan: Plan, row: Row, model: str) -> dict[str, float | None]:
    """Measure the loss of the gold answers of each test."""
    from tasks.model.evaluate.answer_loss import answer_loss
    from tasks.model.evaluate.local import Local

    exam, asking = plan.experiment.exam, plan.asking(row, model)
    local = Local(asking)
    few = plan_evaluation(asking, plan.root, exam.tests, plan.experiment.loss_samples)
    return {test: answer_loss(local, few.questions(test)) for test in few.asked}
