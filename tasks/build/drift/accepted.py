"""What people accepted: one file each under `catalogue/accepted/`, never changed and never removed."""

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from schemas.drift import Acceptance, Drift, Finding
from schemas.errors import AcceptanceError, did_you_mean
from schemas.licence import Profile
from tasks.base.store.root import Root

_ACCEPTED, _DRIFT = "catalogue/accepted", "catalogue/drift"


def accepted(root: Root) -> list[Acceptance]:
    """Everything that was accepted in a root, oldest first."""
    found = [Acceptance.model_validate_json(root.read_bytes(f"{_ACCEPTED}/{name}")) for name in root.names(_ACCEPTED)]
    return sorted(found, key=lambda each: (each.at, each.name, each.measure))


def keep_drift(root: Root, drift: Drift) -> None:
    """Keep what the gate found of the newest build of a profile, for people to accept."""
    root.write_bytes(f"{_DRIFT}/{drift.profile}.json", drift.model_dump_json(indent=1).encode())


def forget_drift(root: Root, profile: Profile) -> None:
    """Nothing is waiting: the newest build of a profile has nothing to be compared with."""
    root.remove(f"{_DRIFT}/{profile}.json")


def drifts(root: Root) -> list[Drift]:
    """What the gate found of the newest build of each profile."""
    return [Drift.model_validate_json(root.read_bytes(f"{_DRIFT}/{name}")) for name in root.names(_DRIFT)]


def waiting(root: Root) -> list[tuple[str, Finding]]:
    """What nobody accepted yet, each with the release that it was compared with."""
    known = accepted(root)
    return [
        (drift.base, finding)
        for drift in drifts(root)
        for finding in drift.findings
        if acceptance_of(finding, drift.base, known) is None
    ]


def acceptance_of(finding: Finding, base: str, known: Sequence[Acceptance]) -> Acceptance | None:
    """The newest acceptance that covers a finding; None where none does."""
    return next((each for each in reversed(known) if each.holds(finding, base)), None)


def accept(root: Root, names: Sequence[str], who: str, at: datetime, why: str) -> list[Acceptance]:
    """Accept what is waiting under some names.

    Args:
        root: where the build is.
        names: `TASK` (with all its splits), `TASK:SPLIT`, or the id of a source (all its tasks).
        who: the person.
        at: the time, in UTC.
        why: the reason.

    Returns:
        What was accepted.

    Raises:
        AcceptanceError: nothing is waiting under a name; then nothing is accepted.
    """
    there = waiting(root)
    chosen = [entry for name in dict.fromkeys(names) for entry in _named(name, there)]
    made = [
        Acceptance(**finding.model_dump(), base=base, who=who, at=at, why=why)
        for base, finding in {(base, each.name, each.measure): (base, each) for base, each in chosen}.values()
    ]
    for each in made:
        place = f"{_ACCEPTED}/{at:%Y%m%dT%H%M%S}-{uuid4().hex[:12]}.json"
        root.write_bytes(place, each.model_dump_json(indent=1).encode())
    return made


def _named(name: str, there: Sequence[tuple[str, Finding]]) -> list[tuple[str, Finding]]:
    found = [(base, each) for base, each in there if name in (each.name, each.task, each.source)]
    if not found:
        known = sorted({each.name for _, each in there})
        guess = did_you_mean(name, {word for _, each in there for word in (each.name, each.task, each.source)})
        held = f"Waiting: {', '.join(known)}." if known else "Nothing is waiting to be accepted."
        raise AcceptanceError(
            f"Nothing is waiting under the name `{name}`{guess}. {held} "
            "See what is waiting and what was accepted: medinst accept",
            name=name,
        )
    return found
