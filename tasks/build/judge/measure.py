"""Measure what a build has, from its files."""

from typing import NamedTuple

from schemas.profile import RecordProfile, ReleaseProfile, SampleProfile
from schemas.state import Built
from schemas.task import Split
from sources import find
from sources import tasks as declared_tasks
from tasks.base.licences.bibliography import Bibliography
from tasks.build.audit.verify import leaks_in_clean, unaudited
from tasks.build.builds.build import Build, outcomes
from tasks.build.judge import ledger
from tasks.build.judge.personal import without_examples
from tasks.build.judge.profile import profile_records, profile_task
from tasks.build.judge.published import duplicate_ids


class Profiles(NamedTuple):
    """All measurements of a build."""

    records: list[RecordProfile]
    samples: list[SampleProfile]
    release: ReleaseProfile


def measure(build: Build) -> Profiles:
    """Profile what a build has."""
    sources = [ledger.found(built, build.root) for built in build.state.sources]
    samples: list[SampleProfile] = []
    for built in sources:
        samples += _profiles(built, build)
    if build.order.profile != "local":
        samples = list(map(without_examples, samples))
    samples = duplicate_ids(samples, build.outcomes, build.root)
    records = profile_records(batch for built in sources for batch in built.batches)
    return Profiles(records, samples, _whole(build, samples))


def _profiles(built: Built, build: Build) -> list[SampleProfile]:
    source = find(built.source)
    by_part = {batch.part: batch for batch in built.batches}
    profiles: list[SampleProfile] = []
    for task, (rendered, kept) in outcomes(built).items():
        declared = declared_tasks()[task][1]
        batches = [by_part[part] for part in declared.reads]
        profiles += profile_task(source, declared, batches, rendered, kept, build.expected.get(task, {}), build.root)
    return profiles


def _splits(samples: list[SampleProfile], source: str) -> dict[str, list[Split]]:
    """The tasks of a source with the splits that there are."""
    found: dict[str, list[Split]] = {}
    for profile in samples:
        if profile.source == source:
            found.setdefault(profile.task, []).append(profile.split)
    return found


def _whole(build: Build, samples: list[SampleProfile]) -> ReleaseProfile:
    built = {profile.task for profile in samples}
    left_out, asked = build.withheld, build.chosen
    lost_ones = tuple(task for task in asked if task not in built and task not in left_out)
    sources = [find(source) for source in sorted({profile.source for profile in samples})]
    entries = Bibliography.read().entries
    leaks, leaking = leaks_in_clean(build.state)
    return ReleaseProfile(
        profile=build.order.profile,
        chosen=len(asked),
        built=len(built),
        withheld=len(left_out),
        unaccounted=len(lost_ones),
        unaccounted_tasks=lost_ones,
        samples=sum(profile.kept for profile in samples),
        duplicate_ids=sum(profile.duplicate_ids for profile in samples),
        refused_licences=sum(
            source.refusal(build.order.profile, declared_tasks()[task][1], *splits) is not None
            for source in sources
            for task, splits in _splits(samples, source.id).items()
        ),
        uncited=sum(source.citation not in entries for source in sources),
        leaks_in_clean=leaks,
        leaking=leaking,
        unaudited=unaudited(build.state, {(profile.task, profile.split): profile.kept for profile in samples}),
    )
