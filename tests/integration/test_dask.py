"""Two Dask workers in processes of their own and one bucket make the release that one process makes in a folder.

Also where a worker is killed in the middle, or the scheduler.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from tasks.base.store.bucket import Bucket
from tasks.build.builds.runs import Run, now
from tasks.build.pipeline.finish import finish
from tests.benchmarks.scale.metered import JOURNAL, Step, journal
from tests.support.buckets import running_store
from tests.support.clusters import Cluster, running_cluster
from tests.support.gathering import gather
from tests.support.medinst import releases, run_medinst, run_python, wait_until
from tests.support.own_corpus import NOTES, put, table
from tests.support.places import CHECKOUT

SOURCES = ("mqp", "scifact", "anem", "bc5cdr")
"""Rows and documents, several tasks a source, and samples that leak into each other's tests."""

WORKERS = 2
PIECES = {"MEDINST_STEP_ROWS": "3"}
"""Splits of more records are cut, so that their pieces are steps on both sides; workers know it from the order."""


@pytest.fixture
def bucket() -> Iterator[dict[str, str]]:
    """A bucket on loopback; gives the environment that reaches it."""
    with running_store("medinst") as store:
        yield store.environment


@pytest.fixture
def steps(tmp_path: Path) -> Callable[[], list[Step]]:
    """The steps that the workers have taken to their end so far."""
    folder = tmp_path / "journal"
    folder.mkdir()
    return lambda: journal(folder)


@pytest.fixture
def start(bucket: dict[str, str], steps: object, tmp_path: Path) -> Callable[[], AbstractContextManager[Cluster]]:
    """Starts a scheduler and two workers."""
    environment = bucket | {JOURNAL: str(tmp_path / "journal")}
    return lambda: running_cluster(tmp_path, environment, WORKERS, "--preload", "tests.benchmarks.scale.metered")


@pytest.fixture
def cluster(start: Callable[[], AbstractContextManager[Cluster]]) -> Iterator[Cluster]:
    """A scheduler and two workers."""
    with start() as running:
        yield running


@pytest.fixture
def own(tmp_path: Path) -> tuple[str, str]:
    """A folder with a corpus of one's own, which may be shared, and a mirror with its file."""
    folder, mirror = tmp_path / "own", tmp_path / "mirror"
    (mirror / "tide").mkdir(parents=True)
    (mirror / "mirror.json").write_text('{"original": false}', "utf-8")
    (mirror / "tide" / "tide.csv").write_bytes(table(*NOTES))
    put(folder, "")
    return str(folder), str(mirror)


@pytest.mark.slow
def test_a_cluster_and_a_bucket_make_the_same_release(prefect_server, bucket, cluster, own, tmp_path):
    """Also of a corpus of one's own: the order of a build carries its folder to the workers."""
    folder, mirror = own
    build = ("build", *SOURCES, "tide", "--sources", folder, "--mirror", mirror, "--mirror", "demo")
    build += ("--profile", "research")
    here = run_medinst({**prefect_server, **PIECES}, tmp_path / "here", *build)
    assert here.returncode == 0, here.stdout + here.stderr
    environment = {**prefect_server, **bucket, **PIECES, "MEDINST_DASK": cluster.address}
    there = run_python(environment, "s3://medinst/root", *build, "--runner", "dask")
    assert there.returncode == 0, there.stdout + there.stderr + cluster.log.read_text()[-4000:]
    found, expected = published("medinst/root", tmp_path / "there"), releases(tmp_path / "here")
    assert any(name.endswith("audit/leaks.parquet") for name in expected)
    assert any(name.endswith("data/TideNotes/train.parquet") for name in expected)
    assert found.keys() == expected.keys()
    assert [name for name in found if found[name] != expected[name]] == []
    assert "Compute Failed" not in cluster.log.read_text()


BUILD = ("build", *SOURCES, "--mirror", "demo", "--profile", "research")


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_worker_that_is_killed_costs_its_steps(prefect_server, bucket, cluster, steps, tmp_path, record_property):
    """Steps whose result went with it are taken again, and find what they made in the bucket."""
    state = gather(tmp_path / "here", "demo", SOURCES, profile="research")
    finish(state, Run(run="here", name="here", started=now(), profile="research"))
    environment = {**prefect_server, **bucket, "MEDINST_DASK": cluster.address}

    with building(environment, "s3://medinst/worker", tmp_path) as (build, said):
        wait_until(lambda: len(steps()) >= 3 or build.poll() is not None, "some steps are done")
        os.kill(cluster.processes()[0].pid, signal.SIGKILL)
        assert build.wait(500) == 0, said.read_text()
    assert same(published("medinst/worker", tmp_path / "worker"), releases(tmp_path / "here"))
    assert found_again(steps())
    record_property("tried", 1)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_scheduler_that_is_lost_is_started_again_and_the_build_repeated(
    prefect_server, bucket, start, steps, tmp_path, record_property
):
    """The build tells and ends; the same command goes on with the steps that are missing."""
    state = gather(tmp_path / "here", "demo", SOURCES, profile="research")
    finish(state, Run(run="here", name="here", started=now(), profile="research"))
    environment, root = {**prefect_server, **bucket}, "s3://medinst/scheduler"

    with start() as cluster, building(environment | {"MEDINST_DASK": cluster.address}, root, tmp_path) as (build, said):
        wait_until(lambda: len(steps()) >= 3 or build.poll() is not None, "some steps are done")
        assert cluster.scheduler is not None
        cluster.scheduler.kill()
        assert build.wait(500) == 1, said.read_text()
        assert "no scheduler or no worker any more" in said.read_text()
        assert "Traceback" not in said.read_text()
    done = set(map(named, steps()))
    with start() as cluster, building(environment | {"MEDINST_DASK": cluster.address}, root, tmp_path) as (build, said):
        assert build.wait(500) == 0, said.read_text()
    assert same(published("medinst/scheduler", tmp_path / "scheduler"), releases(tmp_path / "here"))
    assert found_again([step for step in steps() if named(step) in done])
    record_property("tried", 1)


def found_again(taken: list[Step]) -> bool:
    """Whether the steps that were taken more than once made nothing anew: at least one of them sent next to nothing."""
    sent: dict[tuple[str, str], list[int]] = {}
    for step in taken:
        sent.setdefault(named(step), []).append(step.sent)
    return all(min(each) < 10_000 for each in sent.values() if len(each) > 1)


def named(step: Step) -> tuple[str, str]:
    return step.verb, step.source


def same(one: dict[str, bytes], other: dict[str, bytes]) -> bool:
    return one == other and len(one) > 0


@contextmanager
def building(environment: dict[str, str], root: str, folder: Path) -> "Iterator[tuple[subprocess.Popen[str], Path]]":
    """A build on the cluster while it runs, and the file with what it says."""
    said = folder / f"said-{len(list(folder.glob('said-*')))}"
    command = [sys.executable, "-m", "flows", *BUILD, "--runner", "dask"]
    with said.open("w") as file:
        given = {**environment, "MEDINST_ROOT": root}
        process = subprocess.Popen(command, cwd=CHECKOUT, env=given, stdout=file, stderr=file, text=True)
    try:
        yield process, said
    finally:
        process.kill()
        process.wait()


def published(root: str, folder: Path) -> dict[str, bytes]:
    """All bytes of all releases of a root in a bucket."""
    Bucket().get(f"s3://{root}/releases/", str(folder / "releases/"), recursive=True)
    return releases(folder)
