"""medinst evaluate."""

from pathlib import Path
from typing import Any, cast

from rich.console import Console

from flows.commands import score
from flows.console.asking import Prices, asking_progress
from flows.evaluate import evaluate
from schemas.errors import EvaluationError
from schemas.evaluation import Asking
from schemas.settings import Settings
from tasks.base.predictions.record import kept_scores
from tasks.base.store.root import Root
from tasks.model.evaluate.plan import make_plan


def run(console: Console, asking: Asking, parameters: dict[str, Any], prices: Prices) -> int:
    """Ask the model, then print its scores.

    Returns:
        exit code: 1 where questions have no answer, else 0.
    """
    place = Root(parameters["root"] or Settings().root)
    out = Path(parameters["out"]) if parameters["out"] else None
    plan = make_plan(asking, place, parameters["tasks"] or (), parameters["limit"], out)
    total = sum(plan.asked.values())
    console.print(f"{total:,} questions of {len(plan.asked)} tasks, benchmark {plan.benchmark.version}")
    with asking_progress(console, total, prices) as asked:
        try:
            folder = cast(str, evaluate(model=asking.model, asking=asking, **parameters))
        except EvaluationError:
            console.print(f"{prices.words(asked)}; {asked.there:,} were there. Answers: {plan.folder}", highlight=False)
            raise
    console.print(f"{prices.words(asked)}; {asked.there:,} were there")
    for what, count in sorted(asked.failed.items(), key=lambda item: -item[1])[:5]:
        console.print(f"[yellow]·[/] {count:,} without an answer: {what}", highlight=False)
    code = score.run(console, Path(folder), None, str(place.url), None, kept_scores(Path(folder)))
    console.print(f"Answers:     {folder}", highlight=False)
    console.print(f"Leaderboard: {Path(folder).parent}/leaderboard.html", highlight=False)
    return code
