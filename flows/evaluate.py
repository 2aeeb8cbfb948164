"""The flow `evaluate`: one model asked the benchmark's questions, then its scores."""

from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

from prefect import flow, task
from prefect.artifacts import create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

from flows.artifacts import show_page
from flows.progress import asking_progress
from schemas.errors import RootInUse
from schemas.evaluation import Asking, Score
from schemas.settings import Settings
from tasks.base.predictions.bucket import address
from tasks.base.predictions.files import load
from tasks.base.predictions.log import Log
from tasks.base.predictions.record import keep_scores
from tasks.base.store.root import Root
from tasks.build.builds.runs import locked
from tasks.build.pipeline.finish import refresh
from tasks.model.evaluate.backends import Backend, backend
from tasks.model.evaluate.batch_replies import replies
from tasks.model.evaluate.plan import Plan, make_plan, save_run
from tasks.model.leaderboard.insight import keep_insight
from tasks.model.leaderboard.write import leaderboard
from tasks.model.score.scoring import score_all

AT_ONCE = 4
"""Tasks that are asked at once; they share the requests that are allowed."""


def _runner() -> TaskRunner[Any]:
    return ThreadPoolTaskRunner(max_workers=AT_ONCE)


@flow(
    name="evaluate",
    flow_run_name="evaluate {model}",
    persist_result=False,
    task_runner=_runner(),
)
def evaluate(
    model: str,
    base_url: str | None = None,
    asking: Asking | None = None,
    variants: list[Asking] | None = None,
    tasks: list[str] | None = None,
    limit: int | None = None,
    concurrency: int = 16,
    root: str | None = None,
    out: str | None = None,
    batch_in: list[str] | None = None,
) -> str:
    """Ask a model the questions of the latest benchmark that it has not answered yet, and score its answers.

    Args:
        model: its name at the endpoint, or its folder.
        base_url: address of the endpoint, up to `/v1`; the key is in `MEDINST_API_KEY` or `OPENAI_API_KEY`.
        asking: the settings that shape the answers; the paper's prompt and greedy decoding if none.
        variants: variants of these settings, to be asked one after the other in their place.
        tasks: ask only these.
        limit: largest number of samples of each task, drawn by their ids.
        concurrency: number of requests at a time.
        root: where the benchmark is; `MEDINST_ROOT`, else `./data`.
        out: folder for the answers; `<root>/evaluations` if none.
        batch_in: files of replies to a batch; nothing is sent then.

    Returns:
        the folder of the evaluation, of the first variant if there are several.

    Raises:
        EvaluationError: the model cannot be asked; what it answered is kept.
    """
    place = Root(root or Settings().root)
    chosen = variants or [asking or Asking(model=model)]
    plans = [make_plan(each, place, tasks or (), limit, out) for each in chosen]
    with asking_progress(sum(sum(plan.asked.values()) for plan in plans)):
        files = [Path(each) for each in batch_in or ()]  # variants differ in their questions alone
        asked = replies(plans, chosen[0], files) if files else backend(chosen[0], base_url, concurrency)
        for plan in plans:
            ask_all(plan, asked)
    show(model, conclude(plans), plans[0], place)
    if out is None:
        list_scores(place)
    return address(plans[0].folder)


def show(model: str, scores: list[Score], plan: Plan, root: Root) -> None:
    """Show the scores and the leaderboard in Prefect's UI."""
    create_table_artifact(
        key="scores", table=[each.model_dump() for each in scores if each.main], description=f"Scores of {model}"
    )
    page = leaderboard(root, plan.folder.parents[1], plan.benchmark.version)
    show_page("leaderboard", "Leaderboard", address(page.absolute()), root)


def list_scores(root: Root) -> None:
    """List the evaluations in the catalogue of a root; a running build does so itself at its end."""
    with suppress(RootInUse), locked(root):
        refresh(root)


def ask_all(plan: Plan, asked: Backend) -> None:
    """Ask each task in its own step, or all in one as the backend likes it; if that cannot be used, all steps end."""
    with ExitStack() as stack:
        log = stack.enter_context(Log(plan.predictions))
        save_run(plan)  # a run that is refused changes nothing
        stack.enter_context(asked.opened(log))
        groups = [[*plan.asked]] if asked.together else [[name] for name in plan.asked]
        steps = [ask.with_options(task_run_name=f"ask {_title(names)}").submit(names, plan, asked) for names in groups]
        for step in steps:
            step.wait()
        for step in steps:
            step.result()


def _title(tasks: list[str]) -> str:
    return tasks[0] if len(tasks) == 1 else f"{len(tasks)} tasks"


@task(name="ask", persist_result=False, cache_policy=NO_CACHE)
def ask(tasks: list[str], plan: Plan, asked: Backend) -> dict[str, int]:
    """Ask the questions of one or more tasks."""
    progress = asked.ask(question for task in tasks for question in plan.questions(task))
    return {"answered": progress.answered, "there": progress.there, "failed": progress.failures}


@task(name="score", task_run_name="score", persist_result=False, cache_policy=NO_CACHE)
def conclude(plans: list[Plan]) -> list[Score]:
    """Score the answers of all variants, and keep the scores and what else is known of them beside the answers."""
    place, folders = plans[0].root, [plan.folder for plan in plans]
    scores = score_all([load(folder) for folder in folders], Settings().workers)
    for folder, found in zip(folders, scores, strict=True):
        keep_scores(folder, found)
    keep_insight(folders, place)
    return [each for found in scores for each in found]
