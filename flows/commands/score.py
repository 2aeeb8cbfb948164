"""medinst score."""

from pathlib import Path
from typing import Annotated

import typer

from flows.commands.options import ROOT, Json, RootOption
from flows.console.output import out, print_json


def score(
    file: Annotated[
        Path, typer.Argument(help="A folder of `medinst evaluate`, or a JSON file in the published layout.")
    ],
    against: Annotated[
        Path | None,
        typer.Option(help="Second set of predictions, compared on the samples both answered.", show_default=False),
    ] = None,
    json: Json = False,
    root: RootOption = ROOT,
) -> int:
    """Score predictions offline: the paper's metrics and the strict ones side by side, with 95 % intervals.

    Example: medinst score data/evaluations/2026.11.0-local-1a2b3c4d/qwen3-5e6f7a8b --json
    """
    from flows.console.scores import show_scores
    from tasks.base.store.root import Root

    return show_scores(out(), file, Root(root), against, print_json if json else None)
