"""How far rows, labels and lengths moved between a release and a build: pure arithmetic on small tables."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from expectations.drift import LENGTHS, SHORT
from schemas.profile import SampleProfile
from tasks.base.store.frames import read
from tasks.build.drift.published import Published

SHOWN = 3
"""Labels that a message names."""
Key = tuple[str, str]
"""Task and split."""


class Measured(NamedTuple):
    """What counts of one task and split.

    Attributes:
        labels: the most frequent labels -> answers that hold them; empty where there are none, or nobody counted.
        chars: measure -> length in characters; empty where nobody measured.
    """

    source: str
    rows: int
    labels: Mapping[str, int]
    chars: Mapping[str, float]


def of_build(profiles: Iterable[SampleProfile]) -> dict[Key, Measured]:
    """The measures of a build; splits without rows are left out."""
    return {
        (each.task, each.split): Measured(
            each.source, each.kept, each.labels, {name: each.measures[name] for name in LENGTHS}
        )
        for each in profiles
        if each.kept
    }


def of_release(found: Published) -> dict[Key, Measured]:
    """The measures of a release, from its manifest and its tables."""
    labels: dict[Key, dict[str, int]] = {}
    for row in _table(found, "labels"):
        labels.setdefault((row["task"], row["split"]), {})[row["label"]] = row["answers"]
    chars: dict[Key, dict[str, float]] = {}
    for row in _table(found, "profiles"):
        if row["measure"] in LENGTHS:
            chars.setdefault((row["task"], row["split"]), {})[row["measure"]] = row["value"]
    return {
        (name, split): Measured(task.source, rows, labels.get((name, split), {}), chars.get((name, split), {}))
        for name, task in found.manifest.tasks.items()
        for split, rows in task.rows.items()
        if rows
    }


def _table(found: Published, name: str) -> Iterator[dict[str, Any]]:
    """The rows of a table of a release; none where it has no such table."""
    place = f"catalogue/{name}.parquet"
    if place in found.manifest.files:
        yield from read(found.local(place)).iter_rows(named=True)


def rows(
    base: str,
    before: Mapping[Key, Measured],
    after: Mapping[Key, Measured],
    chosen: Collection[str],
    reasons: Mapping[Key, str],
) -> list[dict[str, Any]]:
    """The rows that expectations/drift.py judges: one a split of the release, and one a task that is gone.

    Args:
        base: version of the release.
        before: its measures.
        after: those of the build.
        chosen: the tasks that the build was asked for; others are not compared.
        reasons: task and split (empty: the whole task) -> why it is not in the build.
    """
    there = {task for task, _ in after}
    common = {"base": base}
    found: list[dict[str, Any]] = []
    for (task, split), was in before.items():
        if task in chosen and task in there:
            now = after.get((task, split))
            because = reasons.get((task, split), "")
            found.append(common | _split(task, split, was, now, because))
    for task in sorted({task for task, _ in before} & set(chosen) - there):
        splits = [was for (name, _), was in before.items() if name == task]
        whole = Measured(splits[0].source, sum(was.rows for was in splits), {}, {})
        found.append(common | _split(task, "", whole, None, reasons.get((task, ""), "")))
    return found


def _split(task: str, split: str, was: Measured, now: Measured | None, because: str) -> dict[str, Any]:
    compared = now or was._replace(rows=0)
    gone = now is None
    shift, moved = _labels(was.labels, compared.labels)
    return {
        "subject": f"{task}/{split}" if split else task,
        "name": f"{task}:{split}" if split else task,
        "task": task,
        "split": split,
        "source": was.source,
        "because": f": {because}" if because else "",
        "was": {"rows": was.rows, "labels": 0.0, **was.chars},
        "now": {"rows": compared.rows, "labels": shift, **compared.chars},
        "gone": float(gone),
        "lost": 0.0 if gone else max(0, was.rows - compared.rows) / was.rows,
        "grown": float(max(0, compared.rows - was.rows)),
        "labels": shift,
        "moved": moved,
        **{measure: _moved(was.chars.get(measure), compared.chars.get(measure)) for measure in LENGTHS},
    }


def _moved(was: float | None, now: float | None) -> float:
    """How far a length moved, as a share of what it was; 0 where one of the two was not measured."""
    return 0.0 if was is None or now is None else round(abs(now - was) / max(was, SHORT), 6)


def _labels(was: Mapping[str, int], now: Mapping[str, int]) -> tuple[float, str]:
    """The total variation distance of two distributions, and the labels that moved most, in words.

    Labels are those listed: of each side the most frequent ones. It is 0 where one side has none.
    """
    before, after = sum(was.values()), sum(now.values())
    if not before or not after:
        return 0.0, ""
    shares = {label: (was.get(label, 0) / before, now.get(label, 0) / after) for label in {*was, *now}}
    distance = sum(abs(one - other) for one, other in shares.values()) / 2
    most = sorted(shares.items(), key=lambda item: (-abs(item[1][0] - item[1][1]), item[0]))[:SHOWN]
    told = (f"`{label}` {one:.1%} → {other:.1%}" for label, (one, other) in most if one != other)
    return round(distance, 6), ", ".join(told)
