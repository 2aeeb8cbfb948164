"""From the receipts of a build to the content of its release, with everything that was asked for accounted for."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import polars as pl

from schemas.licence import Profile, refusal
from schemas.profile import RecordProfile, ReleaseProfile, SampleProfile
from schemas.receipts import Kept, Rendered, Verdict
from schemas.release import Lost, ReleaseContent, ReleaseSplit, ReleaseTask
from schemas.source import Source
from schemas.state import Built, State
from schemas.task import SPLITS, Split
from sources import find
from sources import tasks as declared_tasks
from tasks import counts, ledger
from tasks.audit.verify import leaks_in_clean, unaudited
from tasks.deduplicate import DROPPED
from tasks.deduplicate import STAGE as DEDUPLICATE
from tasks.fingerprint import code_version, fingerprint
from tasks.order import chosen_sources, chosen_tasks, is_partial
from tasks.parity import paper, parity
from tasks.personal import without_examples
from tasks.profile import duplicate_ids, profile_records, profile_task
from tasks.publish.bibliography import Bibliography
from tasks.read.stage import STAGE as READ
from tasks.rejects import rejects_uri
from tasks.render.stage import STAGE as RENDER
from tasks.render.stage import whole_instruction
from tasks.storage import Root

DATA_VERSION = "2026.11.0"
"""Version of the data that the declarations describe; docs/decisions.md says when it changes."""


class Profiles(NamedTuple):
    """All measurements of a build."""

    records: list[RecordProfile]
    samples: list[SampleProfile]
    release: ReleaseProfile


def refused(state: State) -> dict[str, str]:
    """The sources that the profile of an order does not admit, with the reason."""
    return {
        source.id: reason
        for source in chosen_sources(state.order)
        if (reason := refusal(state.order.profile, source.licence, source.access))
    }


def measure(state: State) -> Profiles:
    """Profile what a build has.

    Args:
        state: the receipts of the build.
    """
    root = Root(state.order.root)
    sources = [ledger.found(built, root) for built in state.sources]
    samples: list[SampleProfile] = []
    for built in sources:
        samples += _profiles(built, state, root)
    if state.order.profile != "local":
        samples = list(map(without_examples, samples))
    samples = duplicate_ids(samples, {kept.task: (rendered, kept) for _, rendered, kept in outcomes(state)}, root)
    records = profile_records(batch for built in sources for batch in built.batches)
    return Profiles(records, samples, _whole(state, samples))


def _profiles(built: Built, state: State, root: Root) -> list[SampleProfile]:
    source = find(built.source)
    by_part = {batch.part: batch for batch in built.batches}
    profiles: list[SampleProfile] = []
    for task, rendered, kept in _tasks(built):
        expected = counts.expected(state.order.mirrors, rendered.original).get(task, {})
        declared = declared_tasks()[task][1]
        batches = [by_part[part] for part in declared.reads]
        profiles += profile_task(source, declared, batches, rendered, kept, expected, root)
    return profiles


def _tasks(built: Built) -> list[tuple[str, Rendered, Kept]]:
    kept = {task.task: task for task in built.kept}
    return [(task.task, task, kept[task.task]) for task in built.rendered if task.task in kept]


def outcomes(state: State) -> list[tuple[Built, Rendered, Kept]]:
    """The tasks that a build has, sorted by name: their sources, rendered samples, and what deduplication left."""
    found = [(built, rendered, kept) for built in state.sources for _, rendered, kept in _tasks(built)]
    return sorted(found, key=lambda item: item[1].task)


def withheld(state: State) -> dict[str, str]:
    """Tasks that were asked for and are left out for a declared reason."""
    reasons: dict[str, str] = {}
    for built in state.sources:
        if built.withheld:
            reasons |= {task.name: built.withheld for task in chosen_tasks(state.order, find(built.source))}
        reasons |= {task.task: task.withheld for task in built.rendered if task.withheld}
    return dict(sorted(reasons.items()))


def missing(state: State) -> dict[str, dict[Split, str]]:
    """Tasks of which some splits are left out for a declared reason, with these splits."""
    found = {task.task: task.missing for built in state.sources for task in built.rendered if task.missing}
    return dict(sorted(found.items()))


def chosen(state: State) -> list[str]:
    """The names of all tasks that were asked for."""
    return sorted(task.name for source in chosen_sources(state.order) for task in chosen_tasks(state.order, source))


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


def is_original(state: State) -> bool:
    """Whether all files of a build are the publishers', none a miniature."""
    return all(rendered.original for _, rendered, _ in outcomes(state))


def admitted(state: State, profile: Profile) -> State:
    """A build as if it had been asked for under a profile: what that does not admit is withheld with the reason.

    It has no audit, because that of the whole build tells of what is withheld now.
    """
    order = state.order.model_copy(update={"profile": profile})
    narrowed = state.model_copy(update={"order": order, "audit": None})
    reasons = refused(narrowed)
    kept = (
        Built(source=built.source, withheld=reasons[built.source]) if built.source in reasons else built
        for built in state.sources
    )
    return narrowed.model_copy(update={"sources": tuple(kept)})


def rendered_counts(state: State) -> counts.Counts:
    """Rendered samples of each task and split, before deduplication."""
    return counts.counted(rendered for built in state.sources for rendered in built.rendered)


def content(state: State, profiles: Profiles, verdicts: list[Verdict]) -> ReleaseContent:
    """Put the content of a release together; equal content has an equal version."""
    root = Root(state.order.root)
    left_out = withheld(state)
    parts = {
        "profile": state.order.profile,
        "original": is_original(state),
        "partial": is_partial(state.order),
        "tasks": tuple(_release_task(rendered, kept, profiles) for _, rendered, kept in outcomes(state)),
        "withheld": left_out,
        "missing": missing(state),
        "undeclared": tuple(sorted(set(paper()) - set(declared_tasks()))),
        "files": {
            built.source: built.fetched.blobs for built in state.sources if built.fetched is not None and built.kept
        },
        "records": tuple(profiles.records),
        "samples": tuple(profiles.samples),
        "summary": profiles.release,
        "verdicts": tuple(verdicts),
        "lost": tuple(lost(state, root)),
        "parity": tuple(parity(rendered_counts(state), left_out, missing(state))),
        "rejects": tuple(rejects_files(state, root)),
        "audit": state.audit and state.audit.model_copy(update={"seconds": 0.0}),
    }
    mark = fingerprint(_portable(parts, root), [_declared(state), _publishing()])
    version = f"{DATA_VERSION}-{state.order.profile}-{mark[:8]}"
    return ReleaseContent(version=version, fingerprint=mark, **parts)


def _portable(parts: Mapping[str, object], root: Root) -> object:
    """The content without the place of the root: the same build has the same version wherever it lies."""
    bare = ReleaseContent(version="", fingerprint="", **parts).model_dump_json()  # pyright: ignore[reportArgumentType]
    return bare.replace(root.url, "")


def _declared(state: State) -> list[Source]:
    return [find(built.source) for built in state.sources]


def _publishing() -> object:
    folders = [Path(__file__).parent / name for name in ("publish", "report")]
    folders.append(Path(__file__).parents[1] / "expectations")
    modules = [
        f"{folder.parent.name}.{folder.name}.{path.stem}"
        if folder.name != "expectations"
        else f"expectations.{path.stem}"
        for folder in folders
        for path in sorted(folder.glob("*.py"))
    ]
    texts = [
        path.read_text(encoding="utf-8")
        for folder in folders
        for path in sorted(folder.glob("*/*.*"))
        if path.suffix in (".j2", ".css", ".js")
    ]
    references = [Path(__file__).parents[1] / "sources" / "references.bib"]
    return [code_version(*modules), texts, [path.read_text(encoding="utf-8") for path in references]]


def _release_task(rendered: Rendered, kept: Kept, profiles: Profiles) -> ReleaseTask:
    source, task = declared_tasks()[rendered.task]
    rows = {profile.split: profile.kept for profile in profiles.samples if profile.task == task.name}
    return ReleaseTask(
        name=task.name,
        category=task.category,
        source=source.id,
        language=",".join(dict.fromkeys(source.language_of(part) for part in task.reads)),
        licence=source.licence.value,
        instruction=whole_instruction(task),
        splits={
            split: ReleaseSplit(
                samples=f"{rendered.uri}/{split}.parquet", dropped=f"{kept.uri}/{DROPPED}", rows=rows[split]
            )
            for split in SPLITS
            if split in rows
        },
    )


def rejects_files(state: State, root: Root) -> list[str]:
    """The files of rejects of all stages of a build."""
    files: list[str] = []
    for built in state.sources:
        files += [rejects_uri(root, READ, batch.source, batch.fingerprint) for batch in built.batches if batch.splits]
        files += [rejects_uri(root, RENDER, task.task, task.fingerprint) for task in built.rendered if task.splits]
        files += [rejects_uri(root, DEDUPLICATE, task.task, task.fingerprint) for task in built.kept]
    return list(dict.fromkeys(files))


def lost(state: State, root: Root) -> list[Lost]:
    """How many records and samples each stage left out, by reason."""
    files = rejects_files(state, root)
    if not files:
        return []
    columns = ["stage", "source", "part", "task", "split", "reason"]
    found = pl.scan_parquet([root.local(file) for file in files]).group_by(columns).agg(rows=pl.len()).sort(columns)
    return [Lost(**row) for row in found.collect().iter_rows(named=True)]
