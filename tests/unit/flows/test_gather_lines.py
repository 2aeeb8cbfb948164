"""The steps of a build are submitted when those before them have ended, pieces of large splits before their stage."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from prefect.futures import PrefectFuture

from flows import gather as gathering
from schemas.plan import STAGES
from schemas.state import State
from tasks.base.store.root import Root
from tasks.build.builds.order import make_order
from tasks.build.pipeline import work
from tasks.build.pipeline.plan import make_plan
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
        found.append(f"{name} {source}")
        assert all(future.done() for each in given if isinstance(each, Ended) for future in [each._future])
        return Ended(threads.submit(lambda: called[name](source, *(_result(each) for each in given))))

    called = {name: getattr(work, name) for name in (*STAGES, "render_piece")}
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
    pieces = [count for built in state.sources for task in built.rendered for count in task.pieces.values()]
    assert mine == ["fetch", "read", *["render_piece"] * mine.count("render_piece"), "render", "deduplicate", "index"]
    assert submitted.count("render_piece mqp") + submitted.count("render_piece anem") == sum(pieces) > 5
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
