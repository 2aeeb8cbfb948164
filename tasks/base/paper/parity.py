"""Parity: this build against the 163 rows of the paper's Table 11, and the reason of every difference."""

import csv
from collections import Counter
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from expectations import FOLDER
from schemas.release import ParityRow
from schemas.task import SPLITS, Split
from tasks.base.paper.counts import Counts

STATUSES = ("equal", "explained", "unexplained", "withheld", "not built")

Triple = tuple[int, int, int]
NOTHING: Mapping[Any, Any] = {}


class Gap(NamedTuple):
    """A difference that is understood: it explains exactly these two numbers and no others."""

    task: str
    split: str
    paper: int
    ours: int
    reason: str


@cache
def paper() -> dict[str, tuple[str, Triple]]:
    """Table 11: task -> category and rows of train, dev, test."""
    with (FOLDER / "paper.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["task"]: (row["category"], (int(row["train"]), int(row["dev"]), int(row["test"])))
            for row in csv.DictReader(file)
        }


@cache
def gaps() -> dict[tuple[str, str, int, int], str]:
    """expectations/gaps.csv: task, split and both numbers -> the reason of the difference."""
    with (FOLDER / "gaps.csv").open(encoding="utf-8", newline="") as file:
        return {
            (row["task"], row["split"], int(row["paper"]), int(row["ours"])): row["reason"]
            for row in csv.DictReader(file)
        }


def parity(
    counts: Counts,
    withheld: Mapping[str, str],
    missing: Mapping[str, Mapping[Split, str]] = NOTHING,
    derived: Mapping[str, str] = NOTHING,
) -> list[ParityRow]:
    """Compare a build with the paper, one row for each task of Table 11 in its order.

    Args:
        counts: rendered samples of the build, before deduplication.
        withheld: tasks that could not be built -> the reason.
        missing: tasks of which some splits could not be built -> these with the reason, which explains them.
        derived: tasks that were made from a copy in another form -> how that came about; they are never equal.
    """
    rows = (
        _row(task, category, expected, counts, withheld, missing.get(task, NOTHING))
        for task, (category, expected) in paper().items()
    )
    return [_marked(row, derived[row.task]) if row.task in derived else row for row in rows]


def summary(rows: list[ParityRow]) -> dict[str, int]:
    """How many rows have which status."""
    found = Counter(row.status for row in rows)
    return {status: found[status] for status in STATUSES}


def _row(
    task: str,
    category: str,
    expected: Triple,
    counts: Counts,
    withheld: Mapping[str, str],
    missing: Mapping[Split, str],
) -> ParityRow:
    found: Triple | None = None
    if task in counts:
        train, dev, test = (counts[task].get(split, 0) for split in SPLITS)
        found = (train, dev, test)
        status, reason = _judge(task, expected, found, missing)
    elif task in withheld:
        status, reason = "withheld", withheld[task]
    else:
        status, reason = "not built", "not part of this build"
    return ParityRow(task=task, category=category, paper=expected, ours=found, status=status, reason=reason)


def _marked(row: ParityRow, derived: str) -> ParityRow:
    """A row of a task that was made from a derived copy."""
    reason = f"{row.reason} The copy at hand is a derived one: {derived}".strip()
    status = "explained" if row.status == "equal" else row.status
    return row.model_copy(update={"status": status, "reason": reason}) if row.ours else row


def _judge(task: str, expected: Triple, found: Triple, missing: Mapping[Split, str]) -> tuple[str, str]:
    differing: list[tuple[Split, int, int]] = [
        (split, theirs, ours) for split, theirs, ours in zip(SPLITS, expected, found, strict=True) if theirs != ours
    ]
    if not differing:
        return "equal", ""
    reasons = [
        f"The {split} split is withheld: {missing[split]}."
        if split in missing
        else gaps().get((task, split, theirs, ours))
        for split, theirs, ours in differing
    ]
    if None in reasons:
        unexplained = [
            f"{split}: {theirs:,} in the paper, {ours:,} here"
            for (split, theirs, ours), reason in zip(differing, reasons, strict=True)
            if reason is None
        ]
        return "unexplained", "; ".join(unexplained)
    return "explained", " ".join(dict.fromkeys(reason for reason in reasons if reason))
