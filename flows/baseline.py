"""The flow `baseline`: small models trained for single tests, one step a test, then their scores."""

from typing import Any

from prefect import flow
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

from flows.evaluate import ask_all, conclude, list_scores, show
from flows.progress import asking_progress
from schemas.baseline import Kind
from schemas.settings import Settings
from tasks.base.predictions.bucket import address
from tasks.base.store.root import Root
from tasks.build.builds.order import use_folders
from tasks.build.builds.runs import locked
from tasks.model.baseline.backend import Baselines
from tasks.model.baseline.choice import choose
from tasks.model.baseline.plan import plans
from tasks.model.baseline.prepare import prepare
from tasks.model.evaluate.tally import Progress


def _runner() -> TaskRunner[Any]:
    return ThreadPoolTaskRunner(max_workers=1)


@flow(
    name="baseline",
    flow_run_name="baseline {kind}",
    persist_result=False,
    task_runner=_runner(),
)
def baseline(
    kind: Kind = "encoder",
    tests: list[str] | None = None,
    seeds: list[int] | None = None,
    root: str | None = None,
    out: str | None = None,
    folders: list[str] | None = None,
) -> str:
    """Train a small model for each test on its own training split, answer the test and score the answers.

    Args:
        kind: `encoder` or `linear`.
        tests: of the latest benchmark; all that have a training split and a form of answers that it can write if none.
        seeds: of the training, an evaluation each; 0 if none.
        root: where benchmark and build are; `MEDINST_ROOT`, else `./data`.
        out: folder for the answers; `<root>/evaluations` if none.
        folders: folders with sources of one's own; `MEDINST_SOURCES` if none.

    Returns:
        the folder of the evaluation, of the first seed if there are several.

    Raises:
        EvaluationError: a test cannot be trained for, or a training failed; what was answered is kept.
    """
    use_folders(folders)
    place = Root(root or Settings().root)
    with locked(place):  # until all is read, so that no build changes it meanwhile
        choice = choose(tests or (), place)
        read = {name: prepare(name, choice) for name in choice.samples}
    chosen = plans(kind, choice, seeds or [0], place, out)
    progress = Progress()
    with asking_progress(sum(sum(plan.asked.values()) for plan in chosen)):
        for plan in chosen:
            ask_all(plan, Baselines(kind, plan, read, progress))
    show(chosen[0].asking.model, conclude(chosen), chosen[0], place)
    if out is None:
        list_scores(place)
    return address(chosen[0].folder)
