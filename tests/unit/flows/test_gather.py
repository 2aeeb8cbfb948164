"""Steps that fail: what memory did not suffice for is taken up once more, smaller; what was lost is told."""

from collections.abc import Callable
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from distributed.client import FutureCancelledError
from distributed.scheduler import KilledWorker

from flows import gather as gathering
from schemas.errors import MedinstError
from tasks.build.builds.order import make_order
from tasks.build.pipeline import work
from tasks.build.pipeline.plan import make_plan
from tests.support.medinst import tree
from tests.support.places import DEMO

pytestmark = pytest.mark.heavy

SOURCES = ("mqp", "biosses")


class Done:
    """A future that is done; one that was lost raises, as those of a cluster do."""

    def __init__(self, made: Callable[[], Any], lost: bool = False) -> None:
        self.error, self.made = None, None
        try:
            self.made = made()
        except Exception as error:
            self.error = error
        self.lost = lost
        self.state = SimpleNamespace(is_completed=lambda: self.error is None)

    def wait(self) -> None:
        pass

    def add_done_callback(self, call: Callable[[Any], None]) -> None:
        call(self)

    def result(self, raise_on_failure: bool = True) -> Any:
        if self.error is not None and (raise_on_failure or self.lost):
            raise self.error
        return self.error or self.made


class Steps:
    """Steps that are taken at once, and fail as planned: stage and source -> what they raise, in turn."""

    def __init__(self, faults: dict[tuple[str, str], list[Exception]], lost: bool = False) -> None:
        self.faults, self.lost = faults, lost
        self.taken: list[tuple[str, str, int, bool]] = []

    def __getattr__(self, stage: str) -> Any:
        def submit(source: str, *given: Any) -> Done:
            *before, order, small = given
            self.taken.append((stage, source, order.workers, small))

            def made() -> Any:
                if planned := self.faults.get((stage, source)):
                    raise planned.pop(0)
                return getattr(work, stage)(
                    source, *(each.result() if isinstance(each, Done) else each for each in before), order
                )

            return Done(made, self.lost)

        return SimpleNamespace(submit=submit)


@pytest.fixture
def build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    said: list[str] = []
    monkeypatch.setattr(gathering, "get_run_logger", lambda: SimpleNamespace(warning=said.append))

    def run(root: str, faults: dict[tuple[str, str], list[Exception]], lost: bool = False) -> Any:
        steps = Steps(faults, lost)
        monkeypatch.setattr(gathering, "steps", steps)
        order = make_order(SOURCES, root=str(tmp_path / root), mirrors=[str(DEMO)], workers=2)
        state = gathering.gather(make_plan(order))
        return SimpleNamespace(
            state=state, taken=steps.taken, said=said, failed={each.source: each.failed for each in state.sources}
        )

    return run


SHORT = {
    "no memory": (MemoryError(), False, "The memory did not suffice (MemoryError)"),
    "a process of the pool": (BrokenProcessPool("died"), False, "A process of this command ended abruptly"),
    "a worker of a cluster": (KilledWorker("render", None, 3), True, "Workers of the cluster ended abruptly"),
}


@pytest.mark.parametrize("fault", SHORT)
def test_it_is_told_and_taken_up_smaller(fault: str, build: Callable[..., Any], tmp_path: Path) -> None:
    error, lost, words = SHORT[fault]
    quiet = build("quiet", {})
    assert not any(small for *_, small in quiet.taken)
    met = build("met", {("render", "mqp"): [error]}, lost)
    assert not any(met.failed.values())
    assert met.said[0].startswith(f"render mqp: {words}")
    assert "--workers 1" in met.said[0] or "--memory-limit" in met.said[0]
    assert [step[:1] + step[2:] for step in met.taken if step[3]] == [
        (stage, 1, True) for stage in ("render", "deduplicate", "index")
    ], "from the step on that failed, alone"
    kept = [
        {name: data for name, data in tree(tmp_path / root).items() if name.endswith(".parquet")}
        for root in ("quiet", "met")
    ]
    assert kept[0] == kept[1] != {}


def test_what_fails_again_is_told_by_its_step(build: Callable[..., Any]) -> None:
    met = build("root", {("read", "mqp"): [MemoryError("1 TB"), MemoryError("1 TB")]})
    assert met.failed["mqp"] == (
        "read: The memory did not suffice (1 TB). Use fewer processes: --workers 1. "
        "What is finished is kept: run the same command again."
    )
    assert met.failed["biosses"] == ""
    assert not any(build("root", {}).failed.values())


def test_other_faults_are_not_tried_again(build: Callable[..., Any]) -> None:
    met = build(
        "root", {("read", "mqp"): [OSError(28, "No space left on device")], ("render", "biosses"): [KeyError("x")]}
    )
    assert met.failed["mqp"].startswith("read: The disk is full (")
    assert met.failed["biosses"] == "render: 'x'"
    assert not met.said


def test_a_cluster_that_has_gone_ends_the_build(build: Callable[..., Any]) -> None:
    with pytest.raises(MedinstError, match=r"The Dask cluster has no scheduler.*run the same command again"):
        build(
            "root", {("read", "mqp"): [FutureCancelledError("read-1", "lost connection to the scheduler")]}, lost=True
        )
