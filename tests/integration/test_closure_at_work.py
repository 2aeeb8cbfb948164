"""The closures hold when the stages work: no code runs and no data file is read that a fingerprint does not know."""

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from schemas.settings import Settings
from schemas.state import State
from sources import find, registry
from tasks.base.store.closure import APART, BY_VALUE, PACKAGES, PROJECT, Project
from tasks.base.store.root import Root
from tasks.build.audit import audit
from tasks.build.audit.index import index_task
from tasks.build.builds.build import Build
from tasks.build.builds.state import save_state
from tasks.build.deduplicate.stage import deduplicate_task
from tasks.build.diagnose.stage import diagnosed
from tasks.build.judge.measure import measure
from tasks.build.judge.profile import profile_task
from tasks.build.publish.content import content
from tasks.build.publish.release import write_release
from tasks.build.read import readers
from tasks.build.read.stage import read_part
from tasks.build.render import renderers
from tasks.build.render.stage import render_task
from tasks.build.report import report
from tasks.model.benchmark.write import write_benchmark
from tasks.model.export.dataset import find_dataset
from tasks.model.export.write import Options, export
from tasks.model.mixture.recipe import load
from tasks.model.mixture.write import write_mixture
from tests.support.gathering import gather
from tests.support.places import DEMO

SOURCES = ["anem", "bc5cdr", "biosses", "meddialog", "mqp", "pubmedqa", "scifact"]
OPENED: list[str] = []
LOOKING: list[bool] = []
APART_FILES = ("pyproject.toml", "sources/sources.lock", "corrections.yml", "catalogue.sql")
"""The version of MedINST, which versions hash; corrections, hashed by value; the others are read by what is apart."""

BELOW = {
    "tasks.base.store.parsed",
    "tasks.base.store.disk",
    "tasks.base.store.leftovers",
    "tasks.base.store.lease",
    "tasks.base.versions.pointers",
}
"""What is apart imports them, and nothing else does: they name results, look for free space, sweep, lock and point."""

RENDERERS = {
    *("tasks.build.render.chains", "tasks.build.render.documents", "tasks.build.render.rows"),
    *("schemas.task.documents", "schemas.task.rows"),
}
"""They and the kinds of tasks that they render are in the fingerprints of the samples that later stages are given."""


def _see(event: str, arguments: tuple[Any, ...]) -> None:
    if LOOKING and event == "open" and str(arguments[0]).startswith(f"{PROJECT}/"):
        OPENED.append(str(Path(str(arguments[0])).relative_to(PROJECT)))


sys.addaudithook(_see)


@contextmanager
def watched(*roots: str) -> Iterator[None]:
    """Hold what runs and is read against the closure of a stage."""
    ran: set[str] = set()

    def look(frame: Any, event: str, _: object) -> None:
        if event == "call" and frame.f_code.co_name != "<module>":
            ran.add(frame.f_globals.get("__name__", ""))

    OPENED.clear()
    LOOKING.append(True)
    threading.setprofile(look)
    sys.setprofile(look)
    try:
        yield
    finally:
        sys.setprofile(None)
        threading.setprofile(None)  # pyright: ignore[reportArgumentType]
        LOOKING.clear()
    earlier = roots[0] in ("tasks.build.read.stage", "tasks.build.render.stage")
    allowed = BELOW if earlier else BELOW | RENDERERS
    closure = Project().closure(*roots)
    ours = {name for name in ran if name.partition(".")[0] in PACKAGES}
    apart = {name for name in ours if any(name == other or name.startswith(f"{other}.") for other in APART)}
    assert ours & set(closure.modules)
    assert ours - apart - set(closure.modules) - allowed == set()
    data = {name for name in OPENED if name.split("/")[0] in PACKAGES and not name.endswith((".py", ".pyc"))}
    by_value = {name for name in data if name.startswith(tuple(BY_VALUE)) or name.endswith(APART_FILES)}
    assert data - by_value - set(closure.files) == set()


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> State:
    registry()
    made = gather(tmp_path_factory.mktemp("made"), DEMO, SOURCES)
    save_state(made)
    return made


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a pool would do in other processes is done in this one, where it is seen."""

    def call(_: int, function: Callable[..., object], *arguments: object) -> object:
        return function(*arguments)

    monkeypatch.setattr("tasks.build.audit.index.in_process", call)


@pytest.mark.parametrize("source", SOURCES)
def test_the_stages_of_a_source(source: str, state: State, tmp_path: Path, here: None) -> None:
    declared, root = find(source), Root(str(tmp_path))
    (built,) = (built for built in state.sources if built.source == source)
    assert built.fetched is not None
    (tmp_path / "blobs").symlink_to(Root(state.order.root).local("blobs"))
    batches = {}
    for part in declared.parts:
        with watched("tasks.build.read.stage", *readers.modules(declared.format_of(part)), f"sources.{source}"):
            batches[part] = read_part(declared, part, built.fetched, root, Settings())
    for task in declared.tasks:
        reads = [batches[part] for part in task.reads]
        with watched("tasks.build.render.stage", *renderers.modules(task)):
            rendered = render_task(declared, task, reads, root)
        with watched("tasks.build.deduplicate.stage"):
            kept = deduplicate_task(rendered, root)
        with watched("tasks.build.audit.index"):
            index_task(rendered, kept, root, 1)
        with watched("tasks.build.judge.profile"):
            profile_task(declared, task, reads, rendered, kept, {}, root)


def test_the_diagnosis(state: State) -> None:
    with watched("tasks.build.diagnose.stage"):
        diagnosed(Build(state))


def test_the_audit(state: State, tmp_path: Path) -> None:
    gathered = gather(tmp_path, DEMO, SOURCES)
    assert gathered.audit is not None
    Root(str(tmp_path)).remove(gathered.audit.place)
    with watched("tasks.build.audit"):
        audit(gathered)


def test_a_release(state: State) -> None:
    with watched("tasks.build.pipeline.finish"):
        said = content(Build(state), measure(Build(state)), [])
        release = write_release(said, Root(state.order.root), {"report.html": report(said)})
    assert release.samples > 0


def test_benchmark_mixture_and_export(state: State) -> None:
    root = Root(state.order.root)
    with watched("tasks.model.benchmark.write"):
        write_benchmark(state, "local")
    recipe = load("balanced_1m").model_copy(update={"samples": "all"})
    with watched("tasks.model.mixture.write"):
        made = write_mixture(state, recipe)
    dataset = find_dataset(made.version, root)
    with watched("tasks.model.export.write"):
        export(dataset, Options("messages"), root)
