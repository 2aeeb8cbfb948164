"""Drift: how a build moved away from the last release of its profile, and what people accepted of that."""

from datetime import datetime

from schemas.base import Model
from schemas.licence import Profile


class Finding(Model):
    """One measure of a task or split that moved beyond its bound.

    Attributes:
        split: empty where the whole task is gone.
        measure: the rule in expectations/drift.py.
        before, after: rows, characters, or the share of answers whose label changed (0 before).
        value: what the bound is held against.
        found: the same in words.
    """

    task: str
    split: str
    source: str
    measure: str
    before: float
    after: float
    value: float
    found: str

    @property
    def name(self) -> str:
        """What `medinst accept` calls it: `TASK` or `TASK:SPLIT`."""
        return f"{self.task}:{self.split}" if self.split else self.task


class Drift(Model):
    """What the gate found of the newest build of a profile.

    Attributes:
        base: the release that it was compared with.
        findings: whatever moved beyond its bound, accepted or not.
    """

    profile: Profile
    base: str
    findings: tuple[Finding, ...]


class Acceptance(Finding):
    """A finding that a person accepted. It holds for the same base and for what is no worse than this.

    Attributes:
        base: the release that the build was compared with.
        who: the person.
        at: when, in UTC.
        why: the reason given.
    """

    base: str
    who: str
    at: datetime
    why: str

    def holds(self, finding: Finding, base: str) -> bool:
        """Whether it covers a finding against a release."""
        same = (self.base, self.name, self.measure) == (base, finding.name, finding.measure)
        return same and finding.value <= self.value
