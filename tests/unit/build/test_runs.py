"""Runs: one build at a time in a root, and an end for those that were killed."""

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from schemas.errors import RootInUse
from tasks.base.store.root import Root
from tasks.build.builds.runs import Run, ended, locked, next_number, now, record, runs, unfinished
from tasks.build.summary.news import news
from tests.support.places import CHECKOUT

START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
HOLD = """
import sys, time
from tasks.build.builds.runs import locked
from tasks.base.store.root import Root
with locked(Root(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def run(name: str, minutes: int = 0, **changes: object) -> Run:
    return Run(
        **{"run": name, "name": name, "started": START + timedelta(minutes=minutes), "profile": "local", **changes}
    )


@pytest.fixture
def root(tmp_path: Path) -> Root:
    return Root(str(tmp_path / "root"))


def test_a_root_is_held_by_one_build(root: Root) -> None:
    in_use = rf"process {os.getpid()}\) is writing into {root.url}.*--root"
    with locked(root), pytest.raises(RootInUse, match=in_use), locked(root):
        pass
    with locked(root):
        pass


def test_a_failed_build_lets_go(root: Root) -> None:
    with pytest.raises(KeyError), locked(root):
        raise KeyError
    with locked(root):
        pass


def test_other_roots_are_free(root: Root, tmp_path: Path) -> None:
    with locked(root), locked(Root(str(tmp_path / "other"))):
        pass


def test_a_killed_build_lets_go(root: Root) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, root.url], stdout=subprocess.PIPE, text=True, cwd=CHECKOUT
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(RootInUse, match=rf"process {holder.pid}\)"), locked(root):
            pass
        holder.send_signal(signal.SIGKILL)
        holder.wait()
    with locked(root):
        pass


def test_a_remote_root_has_no_lock() -> None:
    remote = Root("memory://runs-lock")
    with locked(remote), locked(remote):
        pass


@pytest.mark.parametrize("kind", ["local", "remote"])
def test_runs_are_kept_and_listed_oldest_first(kind: str, root: Root) -> None:
    place = root if kind == "local" else Root("memory://runs-kept")
    assert runs(place) == []
    kept = [run("b", 1), run("a", 2), run("c", 0, sources=("x",), message="wörds\nof two lines")]
    for each in kept:
        record(place, each)
    assert runs(place) == [kept[2], kept[0], kept[1]]


def test_a_run_is_recorded_anew_when_it_ends(root: Root) -> None:
    record(root, run("a"))
    over = run("a", state="completed", finished=now(), version="1")
    record(root, over)
    assert runs(root) == [over]


def test_only_runs_without_an_end_are_to_be_given_one(root: Root) -> None:
    failed = run("failed long ago", 1, state="failed", finished=START)
    for each in (failed, run("killed", 2), run("refused", 3, state="refused"), run("current", 4)):
        record(root, each)
    assert [each.run for each in unfinished(root, "current")] == ["killed"]


@pytest.mark.parametrize(("state", "asked"), [("cancelled", True), ("failed", True), ("completed", False)])
def test_the_last_run_may_have_ended_before_prefect_heard_of_it(state: str, asked: bool, root: Root) -> None:
    for each in (run("last", 1, state=state, finished=START), run("current", 2)):
        record(root, each)
    assert [each.run for each in unfinished(root, "current")] == ["last"] * asked


def test_the_end_of_a_dead_run_is_kept_without_the_address_of_the_root(root: Root) -> None:
    record(root, run("killed"))
    ended(root, run("killed"), "crashed", f"out of memory in {root.url}/records")
    (kept,) = runs(root)
    assert (kept.state, kept.message) == ("crashed", "out of memory in records")
    assert kept.finished is not None


def test_the_time_is_in_utc_and_whole_seconds() -> None:
    assert now().tzinfo is UTC
    assert now().microsecond == 0
    assert abs(now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_runs_are_in_their_order_when_the_clock_is_set_back(root: Root) -> None:
    """A failed run whose date is of a clock that was wrong is not the last one for ever."""
    for name, minutes in (("a", 0), ("b", 60 * 24 * 400), ("c", 1)):
        record(root, run(name, minutes, number=next_number(root), state="failed" if name == "b" else "completed"))
    assert [(each.run, each.number) for each in runs(root)] == [("a", 1), ("b", 2), ("c", 3)]
    assert [each.text for each in news([], runs(root), "v1") if each.kind == "recovered"] == []


def test_runs_of_earlier_versions_come_first(root: Root) -> None:
    record(root, run("old", 90))
    record(root, run("older", 30))
    record(root, run("new", number=next_number(root)))
    assert [each.run for each in runs(root)] == ["older", "old", "new"]
