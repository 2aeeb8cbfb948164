"""Scores of predictions, for a terminal."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from flows.console.spread import show_spread
from flows.console.strata import show_strata
from schemas.evaluation import Score
from schemas.settings import Settings
from tasks.base.predictions.files import load
from tasks.base.predictions.record import SPREADS, family_of, kept_scores, read
from tasks.base.store.root import Root
from tasks.model.evaluate.verify import Gap, check, gaps
from tasks.model.leaderboard.insight import parts, variants
from tasks.model.score.scoring import Difference, compare, score

NO_BERT_SCORE = (
    "BERTScore is left out: it needs the extra `models`, and a model in the folder that MEDINST_BERTSCORE_MODEL names."
)


def show_scores(
    console: Console,
    file: Path,
    root: Root,
    other: Path | None = None,
    print_json: Callable[[Any], None] | None = None,
    by: Sequence[str] | None = None,
) -> int:
    """Score predictions and print both sets side by side, with what else is known of them.

    Args:
        console: where.
        file: the predictions.
        root: where their benchmark is.
        other: further predictions, to be compared with them.
        print_json: prints all of it as JSON instead.
        by: strata to tell the scores apart by; None: of JSON all of them, else none.

    Returns:
        exit code: 1 if samples that were asked for have no answer, else 0.
    """
    predictions = load(file)
    unchecked = check(predictions, root)
    scores = score(predictions, Settings().workers)
    missing = gaps(predictions)
    divided = parts(predictions, root, by) if by or print_json else []
    spreads = variants(file) if file.is_dir() else []
    differences: list[Difference] = []
    if other is not None:
        second = load(other)
        check(second, root)
        differences = compare(predictions, second)
    if print_json is not None:
        print_json(
            {
                "name": predictions.name,
                "benchmark": predictions.benchmark,
                "scores": [each.model_dump() for each in scores],
                "strata": [each.model_dump() for each in divided],
                "spread": [each.model_dump() for each in spreads],
                "missing": [gap._asdict() for gap in missing],
                "unchecked": unchecked,
                "differences": [each._asdict() for each in differences],
            }
        )
    else:
        console.print(_table(predictions.name, scores))
        show_strata(console, divided)
        show_spread(console, spreads)
        if differences:
            console.print(_differences(predictions.name, load(other).name if other else "", differences))
        _warn(console, scores, unchecked, missing)
    return 1 if missing else 0


def show_evaluations(console: Console, folders: Sequence[Path], root: Root) -> int:
    """Print the scores that lie beside the answers of an evaluation, or how much they differ between its variants.

    Returns:
        exit code: 1 if samples that were asked for have no answer, else 0.
    """
    missing: list[Gap] = []
    for folder in folders:
        predictions, scores = load(folder), kept_scores(folder)
        if len(folders) == 1:
            console.print(_table(predictions.name, scores))
        lacking = gaps(predictions)
        _warn(console, scores, check(predictions, root), lacking)
        missing += lacking
    show_spread(console, read(family_of(folders[0])[0], SPREADS))
    return 1 if missing else 0


def _warn(console: Console, scores: list[Score], unchecked: str, missing: Sequence[Gap]) -> None:
    """Print what the scores leave out."""
    if any(each.metric == "chrF" for each in scores) and not any(each.metric == "BERTScore" for each in scores):
        console.print(f"[yellow]·[/] {NO_BERT_SCORE}", highlight=False)
    if unchecked:
        console.print(f"[yellow]·[/] {unchecked}", highlight=False)
    for gap in missing:
        console.print(
            f"[yellow]·[/] {gap.task}: {gap.answered:,} of {gap.asked:,} samples have an answer; the scores are of "
            "these alone. Ask for the rest: medinst evaluate"
        )


def _table(name: str, scores: list[Score]) -> Table:
    """Metrics side by side: the paper's and the strict ones of each task."""
    table = Table(title=name, title_justify="left")
    for column in ("task", "paper", "", "strict", ""):
        table.add_column(column)
    for column in ("samples", "unread"):
        table.add_column(column, justify="right")
    for task in dict.fromkeys(each.task for each in scores):
        columns = [[each for each in scores if (each.task, each.kind) == (task, kind)] for kind in ("paper", "strict")]
        for place in range(max(map(len, columns))):
            cells = [text for column in columns for text in _cells(column, place)]
            first = columns[1][0]
            facts = (task, f"{first.samples:,}", f"{first.unread:.1%}") if place == 0 else ("", "", "")
            table.add_row(facts[0], *cells, *facts[1:], end_section=place == max(map(len, columns)) - 1)
    return table


def _cells(column: list[Score], place: int) -> tuple[str, str]:
    if place >= len(column):
        return "", ""
    each = column[place]
    digits = 1 if each.metric in ("BLEU", "chrF") else 3
    value = f"{each.value:.{digits}f}  [{each.low:.{digits}f}, {each.high:.{digits}f}]".replace("[", "\\[")
    return (f"[bold]{each.metric}[/]", f"[bold]{value}[/]") if each.main else (each.metric, value)


def _differences(first: str, second: str, found: list[Difference]) -> Table:
    table = Table(title=f"{first} against {second}", title_justify="left")
    for column in ("task", "set", "metric"):
        table.add_column(column)
    for column in ("first", "second", "difference", "95 % interval"):
        table.add_column(column, justify="right")
    for each in found:
        clear = each.low > 0 or each.high < 0
        span = f"\\[{each.low:+.3f}, {each.high:+.3f}]"
        table.add_row(
            each.task,
            each.kind,
            each.metric,
            f"{each.first:.3f}",
            f"{each.second:.3f}",
            f"[bold]{each.difference:+.3f}[/]" if clear else f"{each.difference:+.3f}",
            span,
        )
    return table
