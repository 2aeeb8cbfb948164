"""medinst score."""

from typing import Annotated

import typer

from flows.commands.options import ROOT, Json, RootOption
from flows.console.output import out, print_json


def score(
    file: Annotated[
        str,
        typer.Argument(
            help="A folder of `medinst evaluate`, here or in a bucket, or a JSON file in the published layout."
        ),
    ],
    against: Annotated[
        str | None,
        typer.Option(help="Second set of predictions, compared on the samples both answered.", show_default=False),
    ] = None,
    by: Annotated[
        list[str] | None,
        typer.Option(
            help="Also the scores of parts of the tests: seen, seen-in-training, length, nested, items, year or all; "
            "repeatable.",
            show_default=False,
        ),
    ] = None,
    json: Json = False,
    root: RootOption = ROOT,
) -> int:
    """Score predictions offline: the paper's metrics and the strict ones side by side, with 95 % intervals.

    Example: medinst score data/evaluations/2026.11.0-local-1a2b3c4d/qwen3-5e6f7a8b --json
    """
    from flows.console.scores import show_scores
    from tasks.base.predictions.bucket import here
    from tasks.base.store.root import Root
    from tasks.model.score.strata import chosen_strata

    names = [name for names in by or () for name in names.split(",") if name]
    other = here(against) if against else None
    return show_scores(out(), here(file), Root(root), other, print_json if json else None, chosen_strata(names) or None)
