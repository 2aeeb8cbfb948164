"""The rows of the catalogue's tables, one function for each table."""

from schemas.licence import together
from schemas.receipts import Release, Verdict
from schemas.source import Source
from schemas.spdx import expression
from schemas.state import State
from schemas.task import SPLITS
from sources import registry
from sources import tasks as declared_tasks
from tasks.base.licences.terms import terms_of
from tasks.base.paper.parity import parity
from tasks.base.predictions.bucket import here
from tasks.base.predictions.record import EVALUATIONS
from tasks.base.predictions.record import tables as evaluations
from tasks.base.store.root import Root
from tasks.base.versions.find import RELEASES
from tasks.build.builds.build import Build
from tasks.build.builds.runs import Run
from tasks.build.drift.accepted import accepted
from tasks.build.judge.measure import Profiles
from tasks.build.render.stage import whole_instruction, wordings

Rows = list[tuple[object, ...]]


def rows(
    build: Build,
    profiles: Profiles,
    verdicts: list[Verdict],
    runs: list[Run],
    releases: list[tuple[Release, bool]],
) -> dict[str, Rows]:
    """The rows of all tables, by the name of the table; a release comes with whether it is the latest."""
    return {
        "sources": _sources(build.state),
        "files": _files(build.state),
        "tasks": _tasks(build, profiles),
        "instructions": _instructions(),
        "splits": _splits(profiles),
        "counts": _counts(profiles),
        "profiles": _profiles(profiles),
        "labels": _labels(profiles),
        "parity": _parity(build),
        "verdicts": _verdicts(verdicts),
        "accepted": _accepted(build.root),
        "runs": _runs(runs),
        "releases": _releases(releases),
        "training_sets": _training_sets(build.state),
        "scores": _scores(build.root),
    }


def _sources(state: State) -> Rows:
    outcome = _outcomes(state)
    return [_source(source, *outcome[source.id]) for source in registry().values()]


def _source(source: Source, status: str, reason: str) -> tuple[object, ...]:
    terms = terms_of([together(source.licences())])
    return (
        source.id, source.title, source.about, source.homepage, source.citation, source.language,
        source.access, source.apply, source.licence.value, source.licence.terms.title,
        source.licence.terms.url, expression(source.licences()),
        source.evidence.url, source.evidence.words, ", ".join(source.evidence.about), together(source.licences()[1:]),
        terms.redistribute, terms.commercial, bool(terms.share_alike), terms.derivatives, terms.non_profit,
        source.verified, source.collection, status, reason,
    )  # fmt: skip


def _outcomes(state: State) -> dict[str, tuple[str, str]]:
    found = {built.source: (str(built.outcome), built.reason) for built in state.sources}
    return dict.fromkeys(registry(), ("not asked for", "")) | found


def _files(state: State) -> Rows:
    return [
        (built.source, blob.name, blob.url, blob.sha256, blob.bytes, blob.trust, blob.original)
        for built in state.sources
        if built.fetched is not None
        for blob in built.fetched.blobs
    ]


def _tasks(build: Build, profiles: Profiles) -> Rows:
    built, left_out, asked = {p.task for p in profiles.samples}, build.withheld, set(build.chosen)

    def status(name: str) -> str:
        known = {"built": built, "withheld": left_out, "failed": asked}
        return next((status for status, names in known.items() if name in names), "not asked for")

    return [
        (
            name,
            task.category,
            source.id,
            ",".join(dict.fromkeys(source.language_of(part) for part in task.reads)),
            together(source.licences(task, *SPLITS)),
            list(task.reads),
            list(task.labels),
            whole_instruction(task),
            task.answerable,
            task.because or "",
            status(name),
            left_out.get(name, ""),
        )
        for name, (source, task) in sorted(declared_tasks().items())
    ]


def _instructions() -> Rows:
    return [
        (name, wording, text)
        for name, (_, task) in sorted(declared_tasks().items())
        for wording, text in wordings(task).items()
    ]


def _splits(profiles: Profiles) -> Rows:
    return [
        (p.task, p.category, p.source, p.split, p.records, p.rendered, p.rejected, p.kept) for p in profiles.samples
    ]


def _counts(profiles: Profiles) -> Rows:
    return [(p.source, p.part, p.split, p.read, p.kept, p.rejected, p.mismatches) for p in profiles.records]


def _profiles(profiles: Profiles) -> Rows:
    return [(p.task, p.split, name, value) for p in profiles.samples for name, value in p.measures.items()]


def _labels(profiles: Profiles) -> Rows:
    return [(p.task, p.split, label, count) for p in profiles.samples for label, count in p.labels.items()]


def _parity(build: Build) -> Rows:
    return [
        (
            row.task,
            row.category,
            list(row.paper),
            None if row.ours is None else list(row.ours),
            row.status,
            row.reason,
        )
        for row in parity(build.counts, build.withheld, build.missing, build.derived)
    ]


def _verdicts(verdicts: list[Verdict]) -> Rows:
    return [
        (
            v.suite,
            v.subject,
            v.task,
            v.source,
            v.measure,
            v.severity,
            v.success,
            v.expectation,
            v.found,
            list(v.examples),
            v.command,
        )
        for v in verdicts
    ]


def _accepted(root: Root) -> Rows:
    return [
        (a.task, a.split, a.measure, a.base, a.before, a.after, a.found, a.who, a.at, a.why) for a in accepted(root)
    ]


def _runs(runs: list[Run]) -> Rows:
    return [
        (r.run, r.name, r.started, r.finished, r.state, list(r.sources), r.profile, r.version, r.message) for r in runs
    ]


def _releases(releases: list[tuple[Release, bool]]) -> Rows:
    return [
        (r.version, r.profile, f"{RELEASES}/{r.version}", r.tasks, r.samples, r.partial, r.manifest_sha256, latest)
        for r, latest in releases
    ]


def _training_sets(state: State) -> Rows:
    found = state.audit
    if found is None:
        return []
    removed, unclean = found.removed, found.unclean
    sizes = {task: rows - removed.get(task, 0) for task, rows in found.trained.items()}
    return [(task, rows, rows - unclean.get(task, 0)) for task, rows in sizes.items() if rows]


def _scores(root: Root) -> Rows:
    """The scores of the models evaluated in a root."""
    return evaluations(here(root.uri(EVALUATIONS)))[0]
