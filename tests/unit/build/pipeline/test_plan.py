"""Planning: each reason for which something is due, and that nothing else is due then."""

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import fsspec
import polars as pl
import pytest

import sources as declarations
from schemas.plan import Plan
from schemas.source import Source
from schemas.state import State
from tasks.base.paper import counts
from tasks.base.store.root import Root
from tasks.build.audit import index as indexing
from tasks.build.builds.build import Build
from tasks.build.builds.order import make_order
from tasks.build.builds.state import save_state
from tasks.build.deduplicate import stage as deduplicating
from tasks.build.diagnose.years import FILE as YEARS
from tasks.build.fetch import stamps
from tasks.build.judge import measured as measuring
from tasks.build.pipeline import conclusion
from tasks.build.pipeline.conclusion import conclude
from tasks.build.pipeline.plan import AFTER, make_plan
from tasks.build.read import stage as reading
from tasks.build.render import stage as rendering
from tests.support import manifests
from tests.support.gathering import gather
from tests.support.places import DEMO

REPEATING = ("medal",)
"""A source of which a sample is a near duplicate of another."""

SOURCES = ("meqsum", "mqp", "verspoor_2013")


@pytest.fixture(autouse=True, scope="module")
def settled() -> Iterator[None]:
    """Files have stamps as soon as they are written: what the tests change has another size."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stamps, "SETTLED", 0.0)
        yield


@pytest.fixture(scope="module")
def mirror(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A mirror of a few sources that may be changed."""
    folder = tmp_path_factory.mktemp("mirror")
    for name in SOURCES:
        shutil.copytree(DEMO / name, folder / name)
    shutil.copy(DEMO / "mirror.json", folder)
    shutil.copy(DEMO / "counts.csv", folder)
    return folder


@pytest.fixture(scope="module")
def built(mirror: Path, tmp_path_factory: pytest.TempPathFactory) -> State:
    """A build of them that came to its end."""
    state = gather(tmp_path_factory.mktemp("built"), mirror, SOURCES)
    keep(state)
    return state


def keep(state: State, version: str | None = "1") -> None:
    save_state(state)
    measuring.measured(Build(state))
    conclude(Build(state), version)


@pytest.fixture
def root(built: State, tmp_path: Path) -> Path:
    """A copy of the root of that build, which has published its release."""
    copied = Path(shutil.copytree(built.order.root, tmp_path / "root"))
    manifests.put(Root(str(copied)), "releases/1", manifests.release("1"))
    return copied


@pytest.fixture
def plan(root: Path, mirror: Path) -> Callable[..., Plan]:
    """Plan a build of the same, or with other options."""

    def make(*chosen: str, **options: Any) -> Plan:
        options = {"root": str(root), "mirrors": [str(mirror)], "workers": 1, **options}
        return make_plan(make_order(chosen or SOURCES, **options))

    return make


def told(plan: Plan) -> dict[str, str]:
    """What is due of the sources, with the reasons."""
    return {f"{due.stage} {due.subject}": due.reason for source in plan.sources for due in source.due}


def ended(plan: Plan) -> dict[str, str]:
    return {due.stage: due.reason for due in plan.ends}


def test_of_what_is_built_nothing_is_due_and_all_is_known(plan: Callable[..., Plan], built: State) -> None:
    found = plan()
    assert found.due == []
    assert [source.source for source in found.unchanged] == list(SOURCES)
    assert [source.built for source in found.sources] == list(built.sources)


def test_of_an_empty_root_all_is_due(plan: Callable[..., Plan], tmp_path: Path) -> None:
    found = plan("mqp", root=str(tmp_path / "empty"))
    assert told(found) == {"fetch mqp.csv": "never fetched", "read main": AFTER, "render MQP": AFTER}
    assert ended(found)["audit"] == "never built"
    assert list(ended(found)) == ["audit", "judge", "publish"]
    assert not (tmp_path / "empty").exists()


def test_nothing_is_written(plan: Callable[..., Plan], root: Path, mirror: Path) -> None:
    def seen() -> dict[Path, int]:
        return {path: path.stat().st_mtime_ns for folder in (root, mirror) for path in [folder, *folder.rglob("*")]}

    before = seen()
    for options in ({}, {"fresh": True}, {"near": "remove"}, {"profile": "open"}):
        plan(**options)
    (root / "catalogue" / "concluded.json").unlink()
    before = {path: time for path, time in before.items() if path.name not in ("concluded.json", "catalogue")}
    plan()
    assert {path: time for path, time in seen().items() if path.name != "catalogue"} == before


@pytest.mark.parametrize("inside", [False, True], ids=["a file", "a folder that stands for an archive"])
def test_a_file_that_changed_is_fetched_and_nothing_else(inside: bool, tmp_path: Path) -> None:
    for name in ("mqp", "verspoor_2013"):
        shutil.copytree(DEMO / name, tmp_path / "mirror" / name)
    shutil.copy(DEMO / "mirror.json", tmp_path / "mirror")
    state = gather(tmp_path / "root", tmp_path / "mirror", ("mqp", "verspoor_2013"))
    changed = next((tmp_path / "mirror" / ("verspoor_2013" if inside else "mqp")).iterdir())
    assert changed.is_dir() is inside
    assert told(make_plan(state.order)) == {}
    file = next(path for path in [*changed.rglob("*"), changed] if path.is_file())
    file.write_bytes(file.read_bytes() + b" ")
    found = told(make_plan(state.order))
    assert found[f"fetch {changed.name}"] == "new or changed"
    assert sum(what.startswith("fetch") for what in found) == 1
    assert {reason for what, reason in found.items() if not what.startswith("fetch")} == {AFTER}
    save_state(state)
    read = gather(tmp_path / "root", tmp_path / "mirror", ("mqp", "verspoor_2013"))
    assert read.sources[inside] != state.sources[inside]
    assert read.sources[not inside].batches == state.sources[not inside].batches


def test_a_file_just_written_has_no_stamp_yet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stamps, "SETTLED", 60.0)
    (tmp_path / "file").write_text("text")
    assert stamps.stamp(tmp_path / "file") == ""
    monkeypatch.setattr(stamps, "SETTLED", 0.0)
    assert stamps.stamp(tmp_path / "file") != ""


def test_bytes_that_are_gone_are_fetched(plan: Callable[..., Plan], root: Path, built: State) -> None:
    mqp = next(source for source in built.sources if source.source == "mqp")
    assert mqp.fetched is not None
    sha256 = mqp.fetched.blobs[0].sha256
    (root / "blobs" / sha256).unlink()
    assert told(plan())["fetch mqp.csv"] == f"its bytes are not here (sha256 {sha256[:8]}…)"


def test_a_file_that_no_mirror_has_is_withheld_and_not_due(plan: Callable[..., Plan], tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    found = plan("mqp", mirrors=[str(tmp_path / "empty")])
    assert told(found) == {}
    assert "is in none of the mirrors given" in found.sources[0].built.rendered[0].withheld


def test_fresh_fetches_all(plan: Callable[..., Plan]) -> None:
    found = plan(fresh=True)
    assert {due.reason for source in found.sources for due in source.due if due.stage == "fetch"} == {"--fresh"}
    assert [source.start for source in found.sources] == ["fetch"] * len(SOURCES)


def test_frozen_refuses_what_is_not_pinned(plan: Callable[..., Plan], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tasks.build.fetch.known.committed_lock", dict)
    assert told(plan("mqp", mirrors=["origin"], frozen=True))["fetch mqp.csv"] == "not pinned, which --frozen refuses"


def test_a_pinned_file_whose_bytes_are_here_is_not_fetched(
    plan: Callable[..., Plan], built: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tasks.build.fetch.lock import LockLine
    from tasks.build.fetch.source import lock_key

    source = declarations.find("mqp")
    mqp = next(each for each in built.sources if each.source == "mqp")
    assert mqp.fetched is not None
    blob = mqp.fetched.blobs[0]
    line = LockLine(blob.sha256, blob.bytes, "2026-11-01")
    monkeypatch.setattr("tasks.build.fetch.known.committed_lock", lambda: {lock_key(source, blob.name): line})
    found = plan("mqp", mirrors=["origin"], frozen=True)
    assert [due.stage for due in found.sources[0].due] == []
    monkeypatch.setattr(
        "tasks.build.fetch.known.committed_lock",
        lambda: {lock_key(source, blob.name): line._replace(sha256="0" * 64)},
    )
    assert "the lock pins" in told(plan("mqp", mirrors=["origin"]))["fetch mqp.csv"]


def test_an_instruction_that_changed_is_rendered(plan: Callable[..., Plan], monkeypatch: pytest.MonkeyPatch) -> None:
    known = declarations.instruction
    monkeypatch.setattr(
        rendering, "instruction", lambda task, *wording: known(task, *wording) + " !" * (task.name == "MQP")
    )
    found = plan()
    assert told(found) == {
        "render MQP": "instruction changed",
        "deduplicate MQP": "samples changed",
        "index MQP": "samples changed",
    }
    assert [source.start for source in found.sources] == [None, "render", None]
    assert list(ended(found)) == ["audit", "judge", "publish"]


@pytest.mark.parametrize(
    ("module", "stage"),
    [(reading, "read"), (rendering, "render"), (deduplicating, "deduplicate"), (indexing, "index")],
    ids=["read", "render", "deduplicate", "index"],
)
def test_code_that_changed_makes_its_stage_due(
    module: Any, stage: str, plan: Callable[..., Plan], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "code_of", lambda *_: "other")
    found = plan()
    assert {source.start for source in found.sources} == {stage}
    assert {reason for what, reason in told(found).items() if what.startswith(stage)} == {"code changed"}


def test_a_declaration_that_changed_makes_its_stage_due(
    plan: Callable[..., Plan], monkeypatch: pytest.MonkeyPatch
) -> None:
    known = declarations.registry()
    mqp = known["mqp"]
    part = mqp.parts["main"].model_copy(update={"documented": {"test": 3}})
    changed = mqp.model_copy(update={"parts": {"main": part}})
    monkeypatch.setattr("tasks.build.builds.order.registry", lambda: known | {"mqp": changed})
    found = plan()
    assert told(found)["read main"] == "declaration changed"
    assert told(found)["render MQP"] == "records changed"
    described = mqp.model_copy(update={"title": "Another title", "homepage": "https://example.org"})
    monkeypatch.setattr("tasks.build.builds.order.registry", lambda: known | {"mqp": described})
    assert told(plan()) == {}
    assert ended(plan())["judge"] == "declaration changed"


def test_a_result_that_is_gone_is_made_again(plan: Callable[..., Plan], root: Path) -> None:
    shutil.rmtree(next((root / "records" / "mqp").iterdir()))
    assert told(plan()) == {"read main": "result missing"}


def test_what_was_interrupted_is_done_again(plan: Callable[..., Plan], root: Path) -> None:
    (next((root / "records" / "mqp").iterdir()) / "_done.json").unlink()
    (root / "catalogue" / "build.json").unlink()
    assert told(plan()) == {"read main": "interrupted"}


def test_what_another_build_left_here_tells_what_has_changed(
    plan: Callable[..., Plan], root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "catalogue" / "build.json").unlink()
    assert told(plan()) == {}
    known = declarations.instruction
    monkeypatch.setattr(
        rendering, "instruction", lambda task, *wording: known(task, *wording) + " !" * (task.name == "MQP")
    )
    assert told(plan())["render MQP"] == "instruction changed"


def test_what_failed_is_tried_again(plan: Callable[..., Plan], root: Path, built: State, mirror: Path) -> None:
    shutil.rmtree(root / "records" / "mqp")
    sources = [
        each.model_copy(update={"failed": "read: no", "batches": (), "rendered": (), "kept": (), "indexed": ()})
        if each.source == "mqp"
        else each
        for each in built.sources
    ]
    order = make_order(SOURCES, root=str(root), mirrors=[str(mirror)], workers=1)
    save_state(State(order=order, sources=tuple(sources)))
    assert told(plan())["read main"] == "failed in the last build"


def test_another_policy_is_audited(plan: Callable[..., Plan]) -> None:
    found = plan(near="remove")
    assert told(found) == {}
    assert ended(found)["audit"] == "policy changed"


def test_a_build_of_some_sources_needs_an_audit_and_release_of_its_own(plan: Callable[..., Plan]) -> None:
    found = plan("mqp")
    assert told(found) == {}
    assert ended(found)["audit"] == "samples changed"


def test_another_profile_withholds_what_it_does_not_admit(
    plan: Callable[..., Plan], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Source, "refusal", lambda *_: "not to be redistributed")
    found = plan(profile="open")
    assert told(found) == {}
    assert {source.built.withheld for source in found.sources} == {"not to be redistributed"}


@pytest.mark.parametrize("changed", ["counts", "code", "files", "gate", "release", "killed"])
def test_the_end_is_done_again_when_what_shapes_it_has_changed(
    changed: str, plan: Callable[..., Plan], root: Path, mirror: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ended(plan()) == {}
    if changed == "code":
        monkeypatch.setattr(conclusion, "made_by", lambda: ("other", {}))
    if changed == "counts":
        monkeypatch.setattr(counts, "expected", lambda *_: {"MQP": {"test": 3}})
    if changed == "files":
        path = next((root / "samples" / "MQP").glob("*/train.parquet"))
        pl.read_parquet(path).head(1).write_parquet(path)
    kept = conclusion.concluded(Root(str(root)))
    assert kept is not None
    if changed == "gate":
        Root(str(root)).write_json(conclusion.PLACE, kept.model_copy(update={"version": None}).model_dump())
    if changed == "release":
        shutil.rmtree(root / "releases" / "1")
    if changed == "killed":
        (root / "catalogue" / "concluded.json").unlink()
    expected = {
        "gate": {"judge": "the gate refused the last build"},
        "release": {"publish": "release 1 missing"},
        "killed": {"judge": "never built"},
    }.get(changed, {"judge": f"{changed} changed"})
    found = ended(plan())
    assert {stage: found[stage] for stage in expected} == expected
    assert "audit" not in found


def test_samples_that_the_audit_removes_are_looked_up_and_not_removed_again(tmp_path: Path) -> None:
    state = gather(tmp_path, DEMO, REPEATING, near="remove")
    assert state.audit is not None
    assert state.audit.removed
    keep(state)
    assert [due for due in make_plan(state.order).due if due.stage != "publish"] == []
    before = {kept.place for kept in gather(tmp_path, DEMO, REPEATING).sources[0].kept}
    removed = next(kept.place for built in state.sources for kept in built.kept if kept.place not in before)
    shutil.rmtree(tmp_path / removed)
    assert ended(make_plan(state.order))["audit"] == "result missing"
    assert not (tmp_path / removed).exists()


LISTED = {"blobs", "records", "samples", "rejects", "audit", YEARS}
"""What is asked for at once: folders, and the file that may be there."""


@pytest.mark.parametrize("remembered", [True, False])
def test_a_bucket_is_listed_and_not_probed(
    plan: Callable[..., Plan], root: Path, monkeypatch: pytest.MonkeyPatch, remembered: bool
) -> None:
    """Of the catalogue only files are asked for, as long as the newest build tells the stamps of what was fetched."""
    if not remembered:
        (root / "catalogue" / "build.json").unlink()
    store = fsspec.filesystem("memory")
    store.put(str(root), "/planned", recursive=True)
    monkeypatch.setattr(Source, "refusal", lambda *_: "")
    asked: list[str] = []
    for name in ("exists", "info", "cat_file", "find", "ls"):
        monkeypatch.setattr(store, name, _counted(getattr(store, name), name, asked))
    try:
        found = plan(root="memory://planned", profile="research")
        calls = Counter(asked)
    finally:
        store.rm("/planned", recursive=True)
    assert told(found) == {}
    assert max(calls.values()) == 1, "nothing is asked for twice"
    kinds = Counter(call.split()[0] for call in calls)
    folders = LISTED if remembered else {*LISTED, "catalogue"}
    assert {call for call in calls if call.startswith("find")} == {
        f"find ('memory://planned/{folder}',)" for folder in folders
    }
    assert kinds["exists"] < 10


def _counted(function: Callable[..., Any], name: str, asked: list[str]) -> Callable[..., Any]:
    def call(*args: Any, **kwargs: Any) -> Any:
        asked.append(f"{name} {args}")
        return function(*args, **kwargs)

    return call
