"""What each publication profile holds, what it loses against `local`, and who says so."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, get_args

from schemas.base import Model
from schemas.licence import Access, Profile, refusal, titles, together
from schemas.source import Evidence, Source
from schemas.state import State
from schemas.task import CATEGORIES, SPLITS, Split, Task
from sources import registry
from tasks.base.licences.terms import Terms, terms_of

PROFILES: tuple[Profile, ...] = get_args(Profile)

Counts = Mapping[str, Mapping[Split, int]]
"""Task -> split -> samples."""


class Extent(Model):
    """How much something holds.

    Attributes:
        sources: declared sources.
        tasks: declared tasks of which it holds something.
        built: those of the tasks that were counted; None where nothing was built.
        samples: their rows; None where nothing was built.
    """

    sources: int
    tasks: int
    built: int | None
    samples: int | None


class Lost(Model):
    """What `local` may hold of a source and another profile may not.

    Attributes:
        licence: the titles of the licences of what is lost.
        tasks: tasks that are lost as a whole.
        splits: splits that are lost alone, as `<task> <split>`.
        samples: rows that the profile loses with it; None where they were not counted.
        reason: why, in the words of the gate.
        evidence: who says that this is the licence.
    """

    source: str
    title: str
    licence: str
    access: Access
    tasks: tuple[str, ...]
    splits: tuple[str, ...] = ()
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


def counted(state: State) -> dict[str, dict[Split, int]]:
    """The samples of each task and split of a build that deduplication left."""
    return {
        kept.task: {split: tally.kept for split, tally in kept.splits.items()}
        for built in state.sources
        for kept in built.kept
    }


class Admitted(NamedTuple):
    """What a profile holds of a task.

    Attributes:
        splits: the splits that it may hold.
        reasons: why it may not hold the others.
    """

    source: Source
    task: Task
    splits: list[Split]
    reasons: list[str]


def contents(profile: Profile, counts: Counts | None = None) -> Contents:
    """What a profile holds of the declared sources.

    Args:
        profile: the profile.
        counts: the samples of a build; None where nothing was built.
    """
    found = [_admitted(profile, source, task) for source in registry().values() for task in source.tasks]
    held = [each for each in found if each.splits]
    return Contents(
        profile=profile,
        extent=_extent(held, counts),
        categories={
            category: _extent([each for each in held if each.task.category == category], counts)
            for category in CATEGORIES
        },
        terms=terms_of(
            together(each.source.licences(each.task, *each.splits))
            for each in held
            if counts is None or each.task.name in counts
        ),
        lost=tuple(_most_first(_losses(profile, found, counts))),
    )


def _admitted(profile: Profile, source: Source, task: Task) -> Admitted:
    reasons = [source.refusal(profile, task, split) for split in SPLITS]
    held: list[Split] = [split for split, reason in zip(SPLITS, reasons, strict=True) if reason is None]
    return Admitted(source, task, held, list(dict.fromkeys(reason for reason in reasons if reason)))


def _extent(held: Sequence[Admitted], counts: Counts | None) -> Extent:
    tasks = [each.task.name for each in held]
    return Extent(
        sources=len({each.source.id for each in held}),
        tasks=len(tasks),
        built=None if counts is None else sum(task in counts for task in tasks),
        samples=None if counts is None else sum(_rows(each, each.splits, counts) for each in held),
    )


def _rows(each: Admitted, splits: Iterable[Split], counts: Counts) -> int:
    return sum(counts.get(each.task.name, {}).get(split, 0) for split in splits)


def _losses(profile: Profile, found: Iterable[Admitted], counts: Counts | None) -> Iterator[Lost]:
    by_source: dict[str, list[Admitted]] = {}
    for each in found:
        if each.reasons:
            by_source.setdefault(each.source.id, []).append(each)
    for lost in by_source.values():
        yield _lost(profile, lost, counts)


def _lost(profile: Profile, lost: Sequence[Admitted], counts: Counts | None) -> Lost:
    source = lost[0].source
    gone = {each.task.name: _gone(each) for each in lost}
    licences = [licence for each in lost for licence in source.licences(each.task, *gone[each.task.name])]
    counted_ones = [each for each in lost if counts is not None and each.task.name in counts]
    return Lost(
        source=source.id,
        title=source.title,
        licence=titles(together(licences)),
        access=source.access,
        tasks=tuple(each.task.name for each in lost if not each.splits),
        splits=tuple(f"{each.task.name} {split}" for each in lost if each.splits for split in gone[each.task.name]),
        samples=sum(_rows(each, gone[each.task.name], counts or {}) for each in counted_ones) if counted_ones else None,
        reason="; ".join(dict.fromkeys(reason for each in lost for reason in each.reasons)),
        evidence=_evidence(source, profile),
    )


def _gone(each: Admitted) -> list[Split]:
    return [split for split in SPLITS if split not in each.splits]


def _evidence(source: Source, profile: Profile) -> Evidence:
    """The first statement about a licence that the profile refuses; the source's own if only codes are the reason."""
    further = (each for each in source.also if refusal(profile, [each.licence], source.access))
    if refusal(profile, [source.licence], source.access):
        return source.evidence
    return next(further, source.evidence)


def _most_first(lost: Iterable[Lost]) -> list[Lost]:
    return sorted(lost, key=lambda each: (-(each.samples or 0), each.source))


def as_json(each: Contents) -> dict[str, object]:
    """The contents of a profile for programs: the terms with their names."""
    terms = each.terms._asdict() | {"name": each.terms.name, "conflict": each.terms.conflict}
    return {**each.model_dump(mode="json", exclude={"terms"}), "terms": terms}
