"""Rejects: what was left out, by stage, source, task and reason, and the two charts of it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from schemas.release import Lost
from schemas.task import SPLITS
from tasks.base.pages.charts import bars
from tasks.base.pages.palette import SERIES, SPLIT_COLOURS
from tasks.build.report.index import Index

MOST = 20
"""Bars and reasons beyond this many are drawn together as the others; the table has them all."""


class RejectRow(NamedTuple):
    """Rejects of one stage, source, task (or part) and reason; `splits` are those of train, dev and test.

    `place` are the columns by which its rejects are found.
    """

    stage: str
    source: str
    title: str
    subject: str
    reason: str
    splits: tuple[int, ...]
    rows: int
    place: Mapping[str, str]


def reject_rows(lost: Iterable[Lost], index: Index) -> list[RejectRow]:
    """The table, most rows first."""
    sums: dict[tuple[str, str, str, str], Counter[str]] = defaultdict(Counter)
    named: dict[str, str] = {}
    for row in lost:
        named[row.task or row.part] = "task" if row.task else "part"
        sums[row.stage, row.source, row.task or row.part, row.reason][row.split] += row.rows
    rows = []
    for (stage, source, subject, reason), by in sums.items():
        splits = tuple(by[split] for split in SPLITS)
        place = {"stage": stage, "source": source, named[subject]: subject, "reason": reason}
        rows.append(RejectRow(stage, source, index.title(source), subject, reason, splits, sum(by.values()), place))
    return sorted(rows, key=lambda row: (-row.rows, *row[:5]))


def reject_figures(lost: Iterable[Lost], index: Index) -> dict[str, Any]:
    """Stacked bars of the reasons by split, and of the sources by reason."""
    rows = [row for row in lost if row.rows]
    if not rows:
        return {}
    reasons = _most(Counter(), [(row.reason, row.rows) for row in rows], len(SERIES))
    by_reason = Counter[tuple[str, str]]()
    by_source = Counter[tuple[str, str]]()
    for row in rows:
        by_reason[row.reason, row.split] += row.rows
        reason = row.reason if row.reason in reasons else "other reasons"
        by_source[index.title(row.source), reason] += row.rows
    colours = dict(zip(reasons, SERIES, strict=False)) | {"other reasons": "neutral"}
    return {
        "by reason": _stacked(by_reason, SPLIT_COLOURS),
        "by source": _stacked(by_source, colours),
    }


def _most(sums: Counter[str], pairs: Iterable[tuple[str, int]], limit: int) -> list[str]:
    """The names with the largest sums, largest first, equals by name."""
    for name, rows in pairs:
        sums[name] += rows
    return sorted(sums, key=lambda name: (-sums[name], name))[:limit]


def _stacked(sums: Counter[tuple[str, str]], colours: dict[str, str]) -> dict[str, Any]:
    """One bar for each first name, one colour for each second name."""
    totals: Counter[str] = Counter()
    names = _most(totals, [(bar, rows) for (bar, _), rows in sums.items()], MOST)
    folded = Counter[tuple[str, str]]()
    for (bar, series), rows in sums.items():
        folded[bar if bar in names else _others(totals, names), series] += rows
    shown = [*names, *([_others(totals, names)] if len(totals) > len(names) else [])]
    drawn = {name: (colour, [folded[bar, name] for bar in shown]) for name, colour in colours.items()}
    return bars(shown, {name: pair for name, pair in drawn.items() if any(pair[1])}, "rejects")


def _others(totals: Counter[str], names: list[str]) -> str:
    return f"{len(totals) - len(names)} others"
