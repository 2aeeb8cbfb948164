"""Verdicts: what is not met, worst first, and how often each expectation was met."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from schemas.receipts import Verdict

OUTCOMES = ("fail", "warn", "note", "pass")
"""From worst to best."""

_UNMET = {"critical": "fail", "warning": "warn", "info": "note"}


def outcome(verdict: Verdict) -> str:
    """One of `OUTCOMES`: what an unmet expectation means depends on its severity."""
    return "pass" if verdict.success else _UNMET[verdict.severity]


def count(verdicts: Iterable[Verdict]) -> dict[str, int]:
    """How many verdicts have each outcome, the absent ones as 0."""
    found = Counter(outcome(verdict) for verdict in verdicts)
    return {name: found[name] for name in OUTCOMES}


def worst(counts: dict[str, int]) -> str:
    """The worst outcome that occurs; empty where nothing was judged."""
    return next((name for name in OUTCOMES if counts[name]), "")


def unmet(verdicts: Iterable[Verdict]) -> list[tuple[str, Verdict]]:
    """The unmet expectations with their outcome, worst first."""
    rows = [(outcome(verdict), verdict) for verdict in verdicts if not verdict.success]
    rows.sort(key=lambda row: (row[1].suite, row[1].subject, row[1].measure))
    return sorted(rows, key=lambda row: OUTCOMES.index(row[0]))


@dataclass(frozen=True, slots=True)
class Group:
    """All verdicts about one measure of one suite."""

    suite: str
    measure: str
    severity: str
    expectation: str
    counts: dict[str, int]

    @property
    def judged(self) -> int:
        """How many subjects were judged."""
        return sum(self.counts.values())


def groups(verdicts: Iterable[Verdict]) -> list[Group]:
    """One line for each expectation, because thousands of met ones tell no more than their number."""
    collected: dict[tuple[str, str, str], list[Verdict]] = defaultdict(list)
    for verdict in verdicts:
        collected[verdict.suite, verdict.measure, verdict.severity].append(verdict)
    return [
        Group(suite, measure, severity, _wording(members), count(members))
        for (suite, measure, severity), members in sorted(collected.items())
    ]


def _wording(members: list[Verdict]) -> str:
    """The expectation in words; of several wordings (they may name a number) the first one."""
    wordings = sorted({verdict.expectation for verdict in members})
    return wordings[0] if len(wordings) == 1 else f"for example: {wordings[0]}"
