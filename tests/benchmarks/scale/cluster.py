"""`python -m tests.benchmarks.scale.cluster FOLDER [--rows N] [--workers 1,2,4]`: a build on clusters of several sizes.

The files are those of `make bench-scale`. Each size has a scheduler, workers of one thread in processes of their own, a
fresh S3 server on loopback and a fresh root in it. The releases must have the same bytes.
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
from rich.console import Console

from tasks.base.store.bucket import Bucket
from tests.benchmarks.scale import cluster_report
from tests.benchmarks.scale.generate import generate
from tests.benchmarks.scale.layouts import LAYOUTS
from tests.benchmarks.scale.metered import JOURNAL, journal
from tests.support.buckets import environment
from tests.support.clusters import ONE_THREAD, Cluster, running_cluster
from tests.support.medinst import free_port, wait_until
from tests.support.places import CHECKOUT

BUCKET = "medinst-cluster"
ROOT = f"{BUCKET}/root"


def main() -> None:
    """Measure each size, and print what is known after each."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.scale.cluster", description=__doc__)
    parser.add_argument("folder", type=Path, help="scratch, and the results")
    parser.add_argument("--rows", type=int, default=50_000, help="rows of all sources together [50000]")
    parser.add_argument("--workers", default="1,2,4", help="sizes of the cluster [1,2,4]")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the cluster ends as well
    folder = given.folder.resolve()
    mirror = folder / f"mirror-{given.rows}"
    if not (mirror / "mirror.json").exists():
        shutil.rmtree(mirror, ignore_errors=True)
        generate(mirror, given.rows)
    known: dict[str, Any] = {"rows": given.rows, "load": os.getloadavg()[0], "sizes": {}}
    for workers in map(int, given.workers.split(",")):
        with tempfile.TemporaryDirectory(prefix="medinst-cluster-", dir=folder) as scratch:
            known["sizes"][workers] = measure(Path(scratch), mirror, workers)
        (folder / f"cluster-{given.rows}.json").write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")
    cluster_report.write(Console(width=120), known)


def measure(scratch: Path, mirror: Path, workers: int) -> dict[str, Any]:
    """Build on a cluster of so many workers; returns seconds, steps, and the digests of the release's files."""
    for name in ("journal", "tmp"):
        (scratch / name).mkdir()
    with running_store(scratch) as (store, reach):
        given = {
            **reach,
            "PREFECT_HOME": str(scratch / "prefect"),
            "TMPDIR": str(scratch / "tmp"),
            "DO_NOT_TRACK": "1",
            JOURNAL: str(scratch / "journal"),
        }
        preload = ("--preload", "tests.benchmarks.scale.metered")
        with running_cluster(scratch, given | ONE_THREAD, workers, *preload) as cluster:
            before = _cpu(cluster, store)
            started = time.perf_counter()
            _build(mirror, given | ONE_THREAD | {"MEDINST_DASK": cluster.address, "MEDINST_WORKERS": "1"}, scratch)
            wall = time.perf_counter() - started
            cpu = {name: after - before[name] for name, after in _cpu(cluster, store).items()}
        bucket = Bucket(**_keys(reach), skip_instance_cache=True)
        files = {name: about["ETag"] for name, about in bucket.find(f"{ROOT}/releases", detail=True).items()}
    return {"wall": wall, "cpu": cpu, "steps": journal(scratch / "journal"), "files": files}


@contextmanager
def running_store(scratch: Path) -> Iterator[tuple[psutil.Process, dict[str, str]]]:
    """An S3 server in a process of its own, which is measured apart, and the environment that reaches it."""
    port = free_port()
    reach = environment(port)
    command = [sys.executable, "-m", "moto.server", "-p", str(port)]
    with (scratch / "store.log").open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env={**os.environ, "TMPDIR": str(scratch / "tmp")})
    try:
        wait_until(lambda: "Running on" in (scratch / "store.log").read_text(), "the store is up")
        Bucket(**_keys(reach), skip_instance_cache=True).call_s3("create_bucket", Bucket=BUCKET)
        yield psutil.Process(process.pid), reach
    finally:
        process.terminate()
        process.wait(30)


def _keys(reach: dict[str, str]) -> dict[str, str]:
    return {
        "endpoint_url": reach["AWS_ENDPOINT_URL"],
        "key": reach["AWS_ACCESS_KEY_ID"],
        "secret": reach["AWS_SECRET_ACCESS_KEY"],
    }


def _build(mirror: Path, given: dict[str, str], scratch: Path) -> None:
    command = [sys.executable, "-m", "tests.benchmarks.scale.metered", "build", *LAYOUTS]
    command += [part for layout in LAYOUTS.values() for part in ("--task", layout.task)]
    command += ["--mirror", str(mirror), "--root", f"s3://{ROOT}", "--profile", "research", "--runner", "dask"]
    with (scratch / "build.log").open("w") as log:
        done = subprocess.run(
            command, cwd=CHECKOUT, env={**os.environ, **given}, stdout=log, stderr=log, check=False, timeout=3600
        )
    if done.returncode:
        said = "\n".join((scratch / name).read_text()[-4000:] for name in ("build.log", "dask.log"))
        raise SystemExit(f"The build failed:\n{said}")


def _cpu(cluster: Cluster, store: psutil.Process) -> dict[str, float]:
    """Seconds of the processes so far."""
    parts = {
        "workers": cluster.processes(),
        "scheduler": [psutil.Process(cluster.scheduler.pid)] if cluster.scheduler else [],
        "store": [store],
    }
    found = {name: sum(sum(each.cpu_times()[:2]) for each in processes) for name, processes in parts.items()}
    return found | {"flow": sum(os.times()[2:4])}


if __name__ == "__main__":
    main()
