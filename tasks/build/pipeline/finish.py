"""The end of a build: measure, judge, write the catalogue and, if the gate lets it, publish."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from schemas.errors import GateRefused
from schemas.licence import Profile
from schemas.receipts import Release, Verdict
from schemas.state import State
from sources import use
from tasks.base.store.fingerprint import code_of, fingerprint
from tasks.base.store.phases import phase
from tasks.base.store.pool import in_own_process
from tasks.base.store.root import Root
from tasks.base.store.scratch import scratch
from tasks.base.versions import find as versions
from tasks.base.versions.pointers import invents
from tasks.build.audit import LEAKS, NEAR, STOCK, UNCLEAN, audit
from tasks.build.builds.build import Build
from tasks.build.builds.order import command, is_partial
from tasks.build.builds.runs import Run, now, record, runs, still_held
from tasks.build.builds.state import load_state, save_published, save_state
from tasks.build.diagnose.stage import diagnosed, load
from tasks.build.diff.record import record as record_diff
from tasks.build.drift.gate import base_of, drifted
from tasks.build.drift.published import Published, note
from tasks.build.judge.measure import Profiles
from tasks.build.judge.measured import measured
from tasks.build.judge.validate import gate, validate
from tasks.build.pipeline.conclusion import conclude
from tasks.build.publish.content import content
from tasks.build.publish.release import write_release
from tasks.build.report import report

VERDICTS = "catalogue/verdicts.json"
DOCS = "quality"
AUDIT = "audit"


class Judged(NamedTuple):
    """The measurements of a build and what the expectations found.

    Attributes:
        base: the release before, with which the build was compared; None where there is none.
        drift: what they found beside it; no part of a release, which depends on its content alone.
        refusal: why the gate refused; None where it let the build pass.
        release: what was published; None where nothing was.
    """

    profiles: Profiles
    verdicts: list[Verdict]
    base: Published | None = None
    drift: Sequence[Verdict] = ()
    refusal: GateRefused | None = None
    release: Release | None = None

    @property
    def found(self) -> list[Verdict]:
        """All that the expectations found."""
        return [*self.verdicts, *self.drift]


def judge(root: Root, profiles: Profiles, docs: Path) -> list[Verdict]:
    """Judge profiles; equal profiles of a root are judged once.

    Args:
        root: keeps them.
        profiles: what is judged.
        docs: an empty folder for the Data Docs.
    """
    folder = verdicts_place(profiles)
    if (receipt := root.done(folder)) is not None:
        for name in receipt["docs"]:
            target = docs / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(root.read_bytes(f"{folder}/{DOCS}/{name}"))
        return [Verdict.model_validate(verdict) for verdict in receipt["verdicts"]]
    # Great Expectations brings pandas and 200 MB of modules, which the long-lived process of a worker does without.
    verdicts = in_own_process(validate, profiles.records, profiles.samples, profiles.release, docs)
    names = sorted(path.relative_to(docs).as_posix() for path in docs.rglob("*") if path.is_file())
    for name in names:
        root.write_bytes(f"{folder}/{DOCS}/{name}", (docs / name).read_bytes())
    root.finish(folder, {"docs": names, "verdicts": [verdict.model_dump(mode="json") for verdict in verdicts]})
    return verdicts


def verdicts_place(profiles: Profiles) -> str:
    """The folder of what the expectations found in some measurements."""
    mark = fingerprint(
        [profile.model_dump() for part in (profiles.records, profiles.samples, [profiles.release]) for profile in part],
        code_of("tasks.build.judge.validate"),
    )
    return f"catalogue/verdicts/{mark}"


def finish(state: State, run: Run) -> Judged:
    """Measure, judge, publish if the gate lets it, and write the catalogue.

    Args:
        state: the receipts of the build.
        run: the run, which is recorded with its outcome.

    Returns:
        the measurements and verdicts, with the release or the gate's refusal.

    Raises:
        PublishError: the release could not be written.
    """
    use(state.order.folders)
    save_state(state)
    build = Build(state)
    with scratch("docs") as folder:
        docs = folder / DOCS
        docs.mkdir()
        with phase("judge"):
            judged = _judged(build, docs)
        _keep_verdicts(build.root, judged.found)
        try:
            gate(judged.found, command(build.order))
            # The gate let it pass: what a whole build lost against the release before, somebody has accepted.
            made_up = invents(versions.releases(build.root), build.is_original)
            replace = build.order.replace or not (is_partial(build.order) or made_up)
            judged = judged._replace(release=publish(build, judged, docs, state, replace))
        except GateRefused as error:
            judged = judged._replace(refusal=error)
    with phase("catalogue"):
        _note(build, judged, run)
    return judged


def republish(state: State, profile: Profile, replace: bool = False) -> Release:
    """Publish a build that was made before, under a profile of its own; the catalogue lists the release then.

    Args:
        state: the build.
        profile: what the release may hold.
        replace: whether `latest.json` may move to it even if it lacks tasks of the latest release.

    Raises:
        GateRefused: a critical expectation failed.
    """
    build = Build(state)
    with phase("audit"):
        narrowed = Build(audit(build.admitted(profile).state))
    with scratch("docs") as folder:
        docs = folder / DOCS
        docs.mkdir()
        with phase("judge"):
            judged = _judged(narrowed, docs)
        gate(judged.found, command(build.order))
        release = publish(narrowed, judged, docs, state, replace)
    with phase("catalogue"):
        refresh(build.root)
    return release


def _judged(build: Build, docs: Path) -> Judged:
    """Diagnose, measure and judge a build, by itself and beside the release before it."""
    diagnosed(build)
    profiles, base = measured(build), base_of(build)
    return Judged(profiles, judge(build.root, profiles, docs), base, drifted(build, profiles, base))


def refresh(root: Root) -> None:
    """Write the catalogue of the newest build anew, because something beside the build has changed."""
    state = load_state(root)
    if state is not None:
        rewrite(Build(state))


def rewrite(build: Build) -> None:
    """Write the catalogue of a build anew."""
    root = build.root
    diagnosed(build)
    in_own_process(_write_catalogue, build, measured(build), load_verdicts(root), runs(root), releases(root))


def publish(build: Build, judged: Judged, docs: Path, whole: State, replace: bool) -> Release:
    """Publish the release of a build whose verdicts let it pass, and write down what changed since the one before.

    The whole build that it is made of is kept too.
    """
    with phase("publish"):
        release = _published(build, judged, docs, whole, replace)
        note(build.root, build.order.profile, release.version)
    if judged.base is not None and judged.base.version != release.version:
        with phase("diff"):
            in_own_process(record_diff, build.root.url, judged.base.version, release.version)
    return release


def _published(build: Build, judged: Judged, docs: Path, whole: State, replace: bool) -> Release:
    root = build.root
    still_held(root)
    what = content(build, judged.profiles, judged.verdicts)
    save_published(whole, what.version)
    extras: dict[str, Path | bytes] = {DOCS: docs}
    if what.audit is not None:
        names = (LEAKS, NEAR, STOCK, UNCLEAN)
        extras |= {f"{AUDIT}/{name}": root.local(f"{what.audit.place}/{name}") for name in names}
    if versions.releases(root).find(what.version) is None:
        extras["report.html"] = report(what, found=load(what.diagnosed, root))
    return write_release(what, root, extras, replace)


def _note(build: Build, judged: Judged, run: Run) -> None:
    """Record how the run ended and write the catalogue."""
    root = build.root
    outcome = "refused" if judged.refusal else "completed"
    version = judged.release.version if judged.release else None
    save_state(build.state.model_copy(update={"release": version or ""}))
    ended = {"state": outcome, "finished": now(), "message": str(judged.refusal or ""), "version": version}
    record(root, run.model_copy(update=ended))
    in_own_process(_write_catalogue, build, judged.profiles, judged.found, runs(root), releases(root))
    conclude(build, version)


def _write_catalogue(
    build: Build, profiles: Profiles, verdicts: list[Verdict], runs: list[Run], releases: list[tuple[Release, bool]]
) -> None:
    """In a process of its own: at the end of the flow's, DuckDB would complain of what Prefect's engine still holds."""
    from tasks.build.catalogue.write import write_catalogue

    write_catalogue(build, profiles, verdicts, runs, releases)


def _keep_verdicts(root: Root, verdicts: list[Verdict]) -> None:
    root.write_json(VERDICTS, [verdict.model_dump(mode="json") for verdict in verdicts])


def load_verdicts(root: Root) -> list[Verdict]:
    """The verdicts of the newest build of a root; none if it was not judged."""
    said = root.read_json(VERDICTS) if root.exists(VERDICTS) else []
    return [Verdict.model_validate(verdict) for verdict in said]


def releases(root: Root) -> list[tuple[Release, bool]]:
    """All releases of a root, each with whether it is the latest."""
    latest = versions.releases(root).latest
    return [(found.receipt, found.version == latest) for found in versions.releases(root).all()]
