"""Measure what a build has, from its files."""

from collections.abc import Mapping
from typing import NamedTuple

from schemas.licence import refusal
from schemas.profile import RecordProfile, ReleaseProfile, SampleProfile
from schemas.state import Built, State
from sources import find
from sources import tasks as declared_tasks
from tasks.base.licences.bibliography import Bibliography
from tasks.base.paper import counts
from tasks.base.store.root import Root
from tasks.build.audit.verify import leaks_in_clean, unaudited
from tasks.build.builds.outcomes import (
    _tasks,
    chosen,
    outcomes,
    withheld,
)
from tasks.build.judge import ledger
from tasks.build.judge.personal import without_examples
from tasks.build.judge.profile import duplicate_ids, profile_records, profile_task


class Profiles(NamedTuple):
    """All measurements of a build."""

    records: list[RecordProfile]
    samples: list[SampleProfile]
    release: ReleaseProfile


def measure(state: State) -> Profiles:
    """Profile what a build has.

    Args:
        state: the receipts of the build.
    """
    root = Root(state.order.root)
    expected = {original: counts.expected(state.order.mirrors, original) for original in (True, False)}
    sources = [ledger.found(built, root) for built in state.sources]
    samples: list[SampleProfile] = []
    for built in sources:
        samples += _profiles(built, expected, root)
    if state.order.profile != "local":
        samples = list(map(without_examples, samples))
    samples = duplicate_ids(samples, {kept.task: (rendered, kept) for _, rendered, kept in outcomes(state)}, root)
    records = profile_records(batch for built in sources for batch in built.batches)
    return Profiles(records, samples, _whole(state, samples))


def _profiles(built: Built, expected: Mapping[bool, counts.Counts], root: Root) -> list[SampleProfile]:
    source = find(built.source)
    by_part = {batch.part: batch for batch in built.batches}
    profiles: list[SampleProfile] = []
    for task, rendered, kept in _tasks(built):
        declared = declared_tasks()[task][1]
        batches = [by_part[part] for part in declared.reads]
        profiles += profile_task(
            source, declared, batches, rendered, kept, expected[rendered.original].get(task, {}), root
        )
    return profiles


def _whole(state: State, samples: list[SampleProfile]) -> ReleaseProfile:
    built = {profile.task for profile in samples}
    left_out = withheld(state)
    asked = chosen(state)
    lost_ones = tuple(task for task in asked if task not in built and task not in left_out)
    sources = [find(source) for source in sorted({profile.source for profile in samples})]
    entries = Bibliography.read().entries
    leaks, leaking = leaks_in_clean(state)
    return ReleaseProfile(
        profile=state.order.profile,
        chosen=len(asked),
        built=len(built),
        withheld=len(left_out),
        unaccounted=len(lost_ones),
        unaccounted_tasks=lost_ones,
        samples=sum(profile.kept for profile in samples),
        duplicate_ids=sum(profile.duplicate_ids for profile in samples),
        refused_licences=sum(
            len({profile.task for profile in samples if profile.source == source.id})
            for source in sources
            if refusal(state.order.profile, source.licence, source.access)
        ),
        uncited=sum(source.citation not in entries for source in sources),
        leaks_in_clean=leaks,
        leaking=leaking,
        unaudited=unaudited(state, {(profile.task, profile.split): profile.kept for profile in samples}),
    )
