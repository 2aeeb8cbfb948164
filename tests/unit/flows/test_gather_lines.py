"""The steps of a build are submitted when those before them have ended, pieces before the stage that they belong to."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from prefect.futures import PrefectFuture

from flows import build as building
from flows import gather as gathering
from schemas.plan import STAGES
from schemas.state import State
from tasks.base.store.root import Root
from tasks.build.builds.build import Build
from tasks.build.builds.order import make_order
from tasks.build.judge import samples
from tasks.build.judge.measure import measure
from tasks.build.pipeline import work
from tasks.build.pipeline.plan import make_plan
from tests.support.gathering import gather
from tests.support.places import DEMO


class Ended(PrefectFuture[Any]):
    """The future of a step that a thread works on, without Prefect."""

    def __init__(self, future: "Future[Any]") -> None:
        self._future = future

    def wait(self, timeout: float | None = None) -> None:
        self._future.exception(timeout)

    def result(self, timeout: float | None = None, raise_on_failure: bool = True) -> Any:
        error = self._future.exception(timeout)
        return error if error and not raise_on_failure else self._future.result()

    def add_done_callback(self, fn: Callable[[Any], None]) -> None:
        self._future.add_done_callback(lambda _: fn(self))

    @property
    def state(self) -> Any:
        return SimpleNamespace(is_completed=lambda: self._future.exception() is None)


@pytest.fixture
def submitted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What is submitted, in its order; the steps do their work in one thread."""
    found: list[str] = []

    def submit(name: str, source: str, *given: Any) -> Ended:
        *given, _small = given
        found.append(f"{given[0]} {name} {source}" if name == "piece" else f"{name} {source}")
        assert all(future.done() for each in given if isinstance(each, Ended) for future in [each._future])
        return Ended(threads.submit(lambda: called[name](source, *(_result(each) for each in given))))

    called: dict[str, Callable[..., Any]] = {name: getattr(work, name) for name in (*STAGES, "piece")}
    bound = {name: SimpleNamespace(submit=lambda *given, name=name: submit(name, *given)) for name in called}
    monkeypatch.setattr(gathering, "steps", SimpleNamespace(**bound))
    with ThreadPoolExecutor(1) as threads:
        yield found


def _result(given: Any) -> Any:
    return given.result() if isinstance(given, Ended) else given


def gathered(root: Path, ended: list[str]) -> State:
    plan = make_plan(make_order(["mqp", "anem"], root=str(root), mirrors=[str(DEMO)], workers=1))
    return gathering.gather(plan, ended.append)


@pytest.mark.heavy
def test_pieces_are_submitted_before_their_stage_which_finds_them(
    submitted: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MEDINST_STEP_ROWS", "2")
    ended: list[str] = []
    state = gathered(tmp_path, ended)
    assert [built.outcome for built in state.sources] == ["built", "built"]
    assert sorted(ended) == sorted([*STAGES, *STAGES])
    mine = [each.removesuffix(" mqp") for each in submitted if each.endswith(" mqp")]
    (task,) = next(built.rendered for built in state.sources if built.source == "mqp")
    rendered, indexed = ([f"{stage} piece"] * sum(task.pieces.values()) for stage in ("render", "index"))
    assert mine == ["fetch", "read", *rendered, "render", "deduplicate", *indexed, "index"]
    assert len(rendered) > 1
    every = [count for built in state.sources for task in built.rendered for count in task.pieces.values()]
    assert [sum(each.startswith(f"{stage} piece") for each in submitted) for stage in ("render", "index")] == [
        sum(every)
    ] * 2
    again: list[str] = []
    assert gathered(tmp_path, again).sources == state.sources
    assert again == []


@pytest.mark.heavy
def test_a_piece_that_fails_fails_its_source_alone(
    submitted: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MEDINST_STEP_ROWS", "2")

    def none(root: Root, place: str) -> int:
        if "mqp" in place:
            raise FileNotFoundError(place)
        return 0

    monkeypatch.setattr(Root, "size", none)
    state = gathered(tmp_path, [])
    assert [(built.source, built.failed.partition(":")[0]) for built in state.sources if built.failed] == [
        ("mqp", "render")
    ]


@pytest.mark.heavy
@pytest.mark.parametrize("lost", [None, 0, 3])
def test_pieces_of_an_audit_are_submitted_before_it(
    lost: int | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that fails is made by the audit."""
    sources = ["mqp", "scifact"]
    whole = gather(tmp_path / "whole", DEMO, sources)
    state = gather(tmp_path / "cut", DEMO, sources, step_rows=3)
    assert state.audit is not None
    Root(state.order.root).remove(state.audit.place)
    taken: list[str] = []
    with stepping(monkeypatch, taken, lost):
        done = building.audited(state.model_copy(update={"audit": None}))
        assert building.audited(done).audit == done.audit
    assert taken == ["prepare_audit", *["audit_piece"] * (len(taken) - 2), "audit"]
    assert len(taken) > 10
    assert done.audit is not None
    assert whole.audit is not None
    assert done.audit.touched == whole.audit.touched != ()
    assert done.audit.near == whole.audit.near


@pytest.mark.heavy
@pytest.mark.parametrize("lost", [None, 0])
def test_large_files_are_measured_in_steps_before_the_end(
    lost: int | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that fails is measured at the end."""
    whole = gather(tmp_path / "whole", DEMO, ["mqp"])
    state = gather(tmp_path / "cut", DEMO, ["mqp"], step_rows=3)
    monkeypatch.setattr(samples, "FEW", 1)
    taken: list[str] = []
    with stepping(monkeypatch, taken, lost):
        building.measure(whole.model_copy(update={"order": whole.order.model_copy(update={"step_rows": 10**6})}))
        assert taken == []  # a small build has no such steps
        building.measure(state)
    assert len(taken) > 3
    assert measure(Build(state)) == measure(Build(whole))


@contextmanager
def stepping(monkeypatch: pytest.MonkeyPatch, taken: list[str], lost: int | None) -> Iterator[None]:
    """The steps of the end do their work in one thread, except the pieces with a number, and are noted."""

    def submit(name: str, *given: Any) -> Ended:
        def step() -> Any:
            if name in ("audit_piece", "measure_samples") and lost == given[0].number:
                raise MemoryError
            return getattr(work, name)(*given)

        taken.append(name)
        return Ended(threads.submit(step))

    names = ("prepare_audit", "audit_piece", "audit", "measure_samples")
    bound = {name: SimpleNamespace(submit=partial(submit, name)) for name in names}
    monkeypatch.setattr(building, "steps", SimpleNamespace(**bound))
    with ThreadPoolExecutor(1) as threads:
        yield
