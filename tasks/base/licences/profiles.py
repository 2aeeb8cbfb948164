"""What each publication profile holds, what it loses against `local`, and who says so."""

from collections.abc import Iterable, Mapping, Sequence
from typing import get_args

from schemas.base import Model
from schemas.licence import Access, Profile, refusal
from schemas.source import Evidence, Source
from schemas.state import State
from schemas.task import CATEGORIES, Task
from sources import registry
from tasks.base.licences.terms import Terms, terms_of

PROFILES: tuple[Profile, ...] = get_args(Profile)

Counts = Mapping[str, int]
"""Task -> samples."""


class Extent(Model):
    """How much something holds.

    Attributes:
        sources: declared sources.
        tasks: declared tasks.
        built: those of the tasks that were counted; None where nothing was built.
        samples: their rows; None where nothing was built.
    """

    sources: int
    tasks: int
    built: int | None
    samples: int | None


class Lost(Model):
    """A source that `local` may hold and another profile may not.

    Attributes:
        licence: its title.
        samples: rows that the profile loses with it; None where they were not counted.
        reason: why, in the words of the gate.
        evidence: who says that this is the licence.
    """

    source: str
    title: str
    licence: str
    access: Access
    tasks: tuple[str, ...]
    samples: int | None
    reason: str
    evidence: Evidence


class Contents(Model):
    """What a profile holds.

    Attributes:
        categories: category -> its extent.
        terms: what holds for the whole: for the tasks that were counted, else for all that are declared.
        lost: what `local` has and this profile has not, most samples first.
    """

    profile: Profile
    extent: Extent
    categories: dict[str, Extent]
    terms: Terms
    lost: tuple[Lost, ...]


def counted(state: State) -> dict[str, int]:
    """The samples of each task of a build that deduplication left."""
    return {
        kept.task: sum(tally.kept for tally in kept.splits.values()) for built in state.sources for kept in built.kept
    }


def contents(profile: Profile, counts: Counts | None = None) -> Contents:
    """What a profile holds of the declared sources.

    Args:
        profile: the profile.
        counts: the samples of a build; None where nothing was built.
    """
    why = {source.id: refusal(profile, source.licence, source.access) for source in registry().values()}
    pairs = [(source, task) for source in registry().values() if not why[source.id] for task in source.tasks]
    return Contents(
        profile=profile,
        extent=_extent(pairs, counts),
        categories={
            category: _extent([pair for pair in pairs if pair[1].category == category], counts)
            for category in CATEGORIES
        },
        terms=terms_of(source.licence for source, task in pairs if counts is None or task.name in counts),
        lost=tuple(_most_first(_lost(registry()[name], reason, counts) for name, reason in why.items() if reason)),
    )


def _extent(pairs: Sequence[tuple[Source, Task]], counts: Counts | None) -> Extent:
    tasks = [task.name for _, task in pairs]
    return Extent(
        sources=len({source.id for source, _ in pairs}),
        tasks=len(tasks),
        built=None if counts is None else sum(task in counts for task in tasks),
        samples=None if counts is None else sum(counts.get(task, 0) for task in tasks),
    )


def _lost(source: Source, reason: str, counts: Counts | None) -> Lost:
    tasks = tuple(task.name for task in source.tasks)
    known = [counts[task] for task in tasks if task in counts] if counts else []
    return Lost(
        source=source.id,
        title=source.title,
        licence=source.licence.terms.title,
        access=source.access,
        tasks=tasks,
        samples=sum(known) if known else None,
        reason=reason,
        evidence=source.evidence,
    )


def _most_first(lost: Iterable[Lost]) -> list[Lost]:
    return sorted(lost, key=lambda each: (-(each.samples or 0), each.source))


def as_json(each: Contents) -> dict[str, object]:
    """The contents of a profile for programs: the terms with their names."""
    terms = each.terms._asdict() | {"name": each.terms.name, "conflict": each.terms.conflict}
    return {**each.model_dump(mode="json", exclude={"terms"}), "terms": terms}
