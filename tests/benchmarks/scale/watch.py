"""What a process and all that it starts cost: seconds, memory, and what they leave on the disk."""

import json
import os
import subprocess
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import psutil

from tests.support.places import CHECKOUT

EVERY = 0.1
"""Seconds between two looks."""


class Cost(NamedTuple):
    """What a piece of work cost.

    Attributes:
        wall: seconds.
        cpu: seconds of all processes together.
        peak: most resident memory of all processes together, in bytes; files mapped into memory count.
        anonymous: the same without mapped files, which the system may drop at any time.
        disk: bytes by which the folder grew.
    """

    wall: float
    cpu: float
    peak: int
    anonymous: int
    disk: int

    def plus(self, other: "Cost") -> "Cost":
        """Of two pieces of work that follow each other."""
        return Cost(
            self.wall + other.wall,
            self.cpu + other.cpu,
            max(self.peak, other.peak),
            max(self.anonymous, other.anonymous),
            self.disk + other.disk,
        )


class Watch:
    """Looks at a process and its descendants until it is closed."""

    def __init__(self, process: int, folder: Path) -> None:
        self.process, self.folder = psutil.Process(process), folder
        self.cpu, self.peak, self.anonymous = 0.0, 0, 0
        self._ended = threading.Event()
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.restart()
        self._thread.start()

    def restart(self) -> None:
        """Begin a piece of work."""
        self.peak = self.anonymous = 0
        self.look()
        self.began = (time.perf_counter(), self.cpu, size(self.folder))

    def cost(self) -> Cost:
        """What the piece of work has cost so far."""
        wall, cpu, disk = self.began
        passed = time.perf_counter() - wall
        self.look()
        return Cost(passed, self.cpu - cpu, self.peak, self.anonymous, size(self.folder) - disk)

    def look(self) -> None:
        """Add up what the processes use now."""
        with self._lock:
            cpu, resident, mapped = 0.0, 0, 0
            for process in self._all():
                try:
                    times, memory = process.cpu_times(), process.memory_info()
                except psutil.Error:
                    continue
                cpu += times.user + times.system + times.children_user + times.children_system
                resident += memory.rss
                mapped += memory.shared
            self.cpu = max(self.cpu, cpu)
            self.peak, self.anonymous = max(self.peak, resident), max(self.anonymous, resident - mapped)

    def close(self) -> None:
        """Stop looking."""
        self._ended.set()
        self._thread.join()

    def _all(self) -> list[psutil.Process]:
        try:
            return [self.process, *self.process.children(recursive=True)]
        except psutil.Error:
            return []

    def _run(self) -> None:
        while not self._ended.wait(EVERY):
            self.look()


def size(folder: Path) -> int:
    """Bytes of the files in a folder, as the disk counts them."""
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            try:
                total += (Path(place) / name).lstat().st_blocks * 512
            except FileNotFoundError:  # removed meanwhile
                continue
    return total


def watched(command: Sequence[str], folder: Path, environment: dict[str, str], log: Path) -> dict[str, Cost]:
    """Run a command and measure it.

    Args:
        command: the command; lines that it prints as `{"begin": name}` and `{"end": name}` bound pieces of its work.
        folder: whose growth counts.
        environment: added to that of this process.
        log: where all else goes that it prints.

    Returns:
        the costs of its pieces, equal names added up, and of all of it as `""`.

    Raises:
        RuntimeError: it failed.
    """
    found: dict[str, Cost] = {}
    begun = time.perf_counter()
    grown, cpu = size(folder), 0.0
    with (
        log.open("a") as errors,
        subprocess.Popen(
            command, cwd=CHECKOUT, env={**os.environ, **environment}, stdout=subprocess.PIPE, stderr=errors, text=True
        ) as process,
    ):
        watch = Watch(process.pid, folder)
        peaks = [0, 0]
        assert process.stdout is not None
        for line in process.stdout:
            mark = _mark(line)
            if mark is None:
                errors.write(line)
                continue
            peaks = [max(peaks[0], watch.peak), max(peaks[1], watch.anonymous)]
            if "begin" in mark:
                watch.restart()
            else:
                cost = watch.cost()
                found[mark["end"]] = found[mark["end"]].plus(cost) if mark["end"] in found else cost
        process.wait()
        watch.close()
        cpu = watch.cpu
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} failed; its last words in {log}:\n{log.read_text()[-2000:]}")
    passed = time.perf_counter() - begun
    found[""] = Cost(passed, cpu, max(peaks[0], watch.peak), max(peaks[1], watch.anonymous), size(folder) - grown)
    return found


def _mark(line: str) -> dict[str, str] | None:
    if not line.startswith(('{"begin"', '{"end"')):
        return None
    return json.loads(line)
