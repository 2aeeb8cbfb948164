"""What people should hear of a build without looking: names and counts, nothing out of the data."""

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from tasks.build.builds.runs import Run
from tasks.build.summary.changes import Change

Kind = Literal["recovered", "unavailable", "available", "drift"]

OURS = "medinst"
"""The tag of all runs in Prefect."""

EVENT, RESOURCE = f"{OURS}.build", f"{OURS}.root"
"""How the events begin that carry news, and the ids of the roots that they are about."""

_BAD_RUNS = ("failed", "refused", "crashed")
_UNAVAILABLE = ("stale", "unreachable", "failed")
_NAMED = 12
"""Names that a message lists."""


class News(NamedTuple):
    """One piece of news."""

    kind: Kind
    text: str


def news(changed: Iterable[Change], past: Sequence[Run], version: str | None) -> list[News]:
    """The news of a build.

    Args:
        changed: what it changed against the build before.
        past: the runs before it, oldest first.
        version: what it published; None where the gate refused, so that it neither recovered nor changed anything.
    """
    changed = list(changed)
    worse = [each for each in changed if each.after in _UNAVAILABLE and each.before != each.after]
    better = [each for each in changed if each.before in _UNAVAILABLE and each.after == "built"]
    found: list[News] = []
    if version and (bad := _bad_streak(past)):
        runs = "1 run" if len(bad) == 1 else f"{len(bad)} runs"
        text = f"Published {version}, after {runs} that did not ({bad[0].state} on {bad[0].started:%Y-%m-%d})."
        found.append(News("recovered", text))
    if worse:
        text = _listed(f"{each.source} ({each.after})" for each in worse)
        found.append(News("unavailable", f"Sources that need a look: {text}."))
    if better:
        found.append(News("available", f"Available again: {_listed(each.source for each in better)}."))
    if version and (rows := list(_drift(changed))):
        found.append(News("drift", f"Samples changed in {len(rows)} split{'s' * (len(rows) != 1)}: {_listed(rows)}."))
    return found


def _bad_streak(past: Sequence[Run]) -> list[Run]:
    """The runs since the last good one that published nothing, oldest first; cancelled ones do not count."""
    bad: list[Run] = []
    for run in reversed(past):
        if run.state == "completed":
            break
        if run.state in _BAD_RUNS:
            bad.insert(0, run)
    return bad


def _drift(changed: Iterable[Change]) -> Iterable[str]:
    for each in changed:
        yield from (f"{task}/{split} {number:+,}" for (task, split), number in each.rows.items())


def _listed(names: Iterable[str]) -> str:
    named = list(names)
    more = f" and {len(named) - _NAMED} more" if len(named) > _NAMED else ""
    return ", ".join(named[:_NAMED]) + more
