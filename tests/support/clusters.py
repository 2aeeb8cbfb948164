"""A Dask cluster on loopback, each of its processes started as an operator starts it."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
from distributed import Client

from tests.support.medinst import WAIT, free_port, wait_until

ONE_THREAD = {"POLARS_MAX_THREADS": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
"""Environment of a worker that keeps to one core."""


class Cluster:
    """A scheduler and workers.

    Attributes:
        address: the scheduler's.
        log: the file with what all of them print.
    """

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.log = folder / "dask.log"
        self._file = folder / "scheduler.json"
        self._environment = {**os.environ, **environment, "DO_NOT_TRACK": "1"}
        self._port = free_port()
        self.address = f"tcp://127.0.0.1:{self._port}"
        self.scheduler: subprocess.Popen[str] | None = None
        self.workers: list[subprocess.Popen[str]] = []

    def start_scheduler(self) -> None:
        """Start the scheduler, and wait until it is there."""
        self._file.unlink(missing_ok=True)
        self.scheduler = self._start("dask_scheduler", "--port", str(self._port))
        wait_until(lambda: self._file.exists() and self.address in self._file.read_text(), "the scheduler is up")

    def add_worker(self, *options: str) -> "subprocess.Popen[str]":
        """Start a worker of one thread; returns its nanny, which starts the worker again where that dies."""
        self.workers.append(self._start("dask_worker", "--nthreads", "1", "--memory-limit", "0", *options))
        return self.workers[-1]

    def wait_for_workers(self) -> None:
        """Wait until all workers are there."""
        with Client(self.address, timeout=WAIT, set_as_default=False) as client:
            client.wait_for_workers(len(self.workers), timeout=WAIT)

    def processes(self) -> list[psutil.Process]:
        """The workers themselves, without their nannies."""
        found: list[psutil.Process] = []
        for nanny in self.workers:
            with suppress(psutil.NoSuchProcess):
                children = psutil.Process(nanny.pid).children(recursive=True)
                found += [child for child in children if "spawn_main" in " ".join(child.cmdline())]
        return found

    def close(self) -> None:
        """End all that was started."""
        running = [*self.workers, *([self.scheduler] if self.scheduler else [])]
        for process in running:
            process.terminate()
        for process in running:
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def _start(self, module: str, *options: str) -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", f"distributed.cli.{module}", "--scheduler-file", str(self._file)]
        command += ["--host", "127.0.0.1", "--no-dashboard", *options]
        with self.log.open("a") as log:
            return subprocess.Popen(
                command, env=self._environment, stdout=log, stderr=log, text=True, start_new_session=True
            )


@contextmanager
def running_cluster(folder: Path, environment: Mapping[str, str], workers: int, *options: str) -> Iterator[Cluster]:
    """A cluster of some workers with the same options."""
    cluster = Cluster(folder, environment)
    try:
        cluster.start_scheduler()
        for _ in range(workers):
            cluster.add_worker(*options)
        cluster.wait_for_workers()
        yield cluster
    finally:
        cluster.close()
