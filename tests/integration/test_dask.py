"""Two Dask workers in processes of their own and one bucket make the release that one process makes in a folder."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tasks.base.store.bucket import Bucket
from tests.support.buckets import running_store
from tests.support.medinst import releases, run_medinst, run_python, wait_until
from tests.support.own_corpus import NOTES, put, table

SOURCES = ("mqp", "scifact", "anem", "bc5cdr")
"""Rows and documents, several tasks a source, and samples that leak into each other's tests."""


@pytest.fixture
def bucket() -> Iterator[dict[str, str]]:
    """A bucket on loopback; gives the environment that reaches it."""
    with running_store("medinst") as store:
        yield store.environment


@pytest.fixture
def cluster(bucket: dict[str, str], tmp_path: Path) -> Iterator[str]:
    """A scheduler and two workers, started as an operator starts them; gives the scheduler's address."""
    file = tmp_path / "scheduler.json"
    environment = {**os.environ, **bucket, "DO_NOT_TRACK": "1"}
    log = (tmp_path / "dask.log").open("w")

    def start(*arguments: str) -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "distributed.cli." + arguments[0], *arguments[1:], "--no-dashboard"]
        return subprocess.Popen(command, env=environment, stdout=log, stderr=log, text=True)

    at = ("--scheduler-file", str(file), "--host", "127.0.0.1")
    running = [start("dask_scheduler", *at, "--port", "0")]
    try:
        wait_until(file.exists, "the scheduler is up")
        running += [start("dask_worker", *at, "--nthreads", "1", "--memory-limit", "0") for _ in range(2)]
        import json

        yield json.loads(file.read_text())["address"]
    finally:
        for process in running[::-1]:
            process.terminate()
            process.wait(60)
        log.close()


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
    here = run_medinst(prefect_server, tmp_path / "here", *build)
    assert here.returncode == 0, here.stdout + here.stderr
    environment = {**prefect_server, **bucket, "MEDINST_DASK": cluster}
    there = run_python(environment, "s3://medinst/root", *build, "--runner", "dask")
    assert there.returncode == 0, there.stdout + there.stderr + (tmp_path / "dask.log").read_text()[-4000:]
    fs = Bucket()
    fs.get("s3://medinst/root/releases/", str(tmp_path / "there" / "releases/"), recursive=True)
    found, expected = releases(tmp_path / "there"), releases(tmp_path / "here")
    assert any(name.endswith("audit/leaks.parquet") for name in expected)
    assert any(name.endswith("data/TideNotes/train.parquet") for name in expected)
    assert found.keys() == expected.keys()
    assert [name for name in found if found[name] != expected[name]] == []
    assert "Compute Failed" not in (tmp_path / "dask.log").read_text()
