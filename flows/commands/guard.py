"""medinst guard."""

from pathlib import Path
from typing import Annotated

import typer

from flows.commands.options import ROOT, Json, RootOption
from flows.console.output import keeps, print_json


def guard(
    data: Annotated[
        str, typer.Argument(help="A training set: a file, a folder of shards, or a release or mixture of the root.")
    ],
    against: Annotated[
        list[str] | None,
        typer.Option(
            help="`medinst32`, the newest benchmark of the root (default), or a folder or file with tests; repeatable."
        ),
    ] = None,
    clean: Annotated[
        Path | None, typer.Option(help="Write a copy without the rows that touch a test.", show_default=False)
    ] = None,
    folder: Annotated[
        Path | None, typer.Option("--out", help="Write report, findings and badge here.", show_default=False)
    ] = None,
    columns: Annotated[
        str, typer.Option(help="Columns of the training set with texts: NAME,NAME.", show_default=False)
    ] = "",
    test_columns: Annotated[
        str, typer.Option(help="Columns of the tests with texts: NAME,NAME.", show_default=False)
    ] = "",
    workers: Annotated[int, typer.Option(min=1, help="Threads that compare.")] = 2,
    json: Json = False,
    root: RootOption = ROOT,
) -> int:
    """Look for tests in a training set: same words, near duplicates, same publication; exit code 1 if any are there.

    Example: medinst guard train.jsonl --against medinst32 --clean train.clean.jsonl
    """
    from flows.console.guarded import show_guarded, watched
    from tasks.base.store.root import Root
    from tasks.tools.guard.guard import guard, training
    from tasks.tools.guard.known import place_of, tests
    from tasks.tools.guard.write import refuse_taken, write_clean, write_report

    place = place_of(data, Root(root))
    known = training(data, place, _names(columns))
    if clean is not None:
        refuse_taken(clean, place)
    sets = [tests(name, Root(root), _names(test_columns)) for name in against or ["medinst32"]]
    keeps("Nothing was written.")
    with watched() as seen:
        outcome = guard(known, sets, workers, seen)
    if folder is not None:
        write_report(outcome, folder)
    if clean is not None:
        write_clean(known, outcome.unclean, clean, place)
    if json:
        print_json(outcome.report.model_dump(mode="json") | {"clean": outcome.report.clean})
    else:
        show_guarded(outcome.report, clean, folder)
    return 0 if outcome.report.clean else 1


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())
