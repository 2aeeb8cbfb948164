"""`python -m tests.benchmarks.scale.metered …`: `medinst …`, whose steps write down what they cost and move.

A Dask worker does the same with `--preload tests.benchmarks.scale.metered`. A worker of one thread takes one step at a
time, so what its process spends and sends meanwhile is the step's.
"""

import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

JOURNAL = "MEDINST_BENCHMARK_JOURNAL"
"""Variable with the folder of the journals, one of each process."""


class Step(NamedTuple):
    """A step that a process took.

    Attributes:
        verb: what it did; of a piece, the name of its stage and `piece`.
        source: to which source; empty where to all.
        process: its id.
        begin: when, in seconds of the epoch.
        end: likewise.
        cpu: seconds, of processes that it started as well.
        sent: bytes of files sent to the bucket.
        received: bytes of files that came from it.
    """

    verb: str
    source: str
    process: int
    begin: float
    end: float
    cpu: float
    sent: int
    received: int


class _Moved:
    sent = 0
    received = 0


def journal(folder: Path) -> list[Step]:
    """The steps of all processes, in the order in which they began."""
    lines = (line for path in folder.glob("*.jsonl") for line in path.read_text("utf-8").splitlines())
    return sorted((Step(*json.loads(line)) for line in lines), key=lambda step: step.begin)


def begin() -> None:
    """Let this process keep a journal."""
    from tasks.base.store.bucket import Bucket
    from tasks.base.store.phases import Moment, listen

    asked: Any = Bucket._call_s3
    path = Path(os.environ[JOURNAL], f"{os.getpid()}.jsonl")
    begun: dict[tuple[str, str], tuple[float, float, int, int]] = {}

    async def call(self: Any, method: str, *given: Any, **kwargs: Any) -> Any:
        answer = await asked(self, method, *given, **kwargs)
        if method in ("put_object", "upload_part"):
            _Moved.sent += len(kwargs.get("Body") or b"")
        elif method == "get_object":
            _Moved.received += answer["ContentLength"]
        return answer

    def hear(moment: Moment) -> None:
        key = (moment.verb, moment.source)
        now = (time.time(), sum(os.times()[:4]), _Moved.sent, _Moved.received)
        if moment.seconds is None:
            begun[key] = now
            return
        start = begun.pop(key)
        if moment.error:  # such as of a step whose worker was told to end: it is not done
            return
        spent = [after - before for before, after in zip(start[1:], now[1:], strict=True)]
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps([*key, os.getpid(), start[0], now[0], *spent]) + "\n")

    _heard("piece", lambda source, stage, *_: (f"{stage} piece", source))
    _heard("audit_piece", lambda *_: ("audit piece", ""))
    _heard("measure_samples", lambda *_: ("measure piece", ""))
    setattr(Bucket, "_call_s3", call)  # noqa: B010  a method of ours over a method of theirs
    listen(hear)


def _heard(name: str, about: Callable[..., tuple[str, str]]) -> None:
    """Let a piece be a phase as well: to those who watch a build it is a part of one."""
    from tasks.base.store.phases import phase
    from tasks.build.pipeline import work

    make = getattr(work, name)

    def call(*given: Any) -> Any:
        with phase(*about(*given)):
            return make(*given)

    setattr(work, name, call)


def dask_setup(_: object) -> None:
    """What Dask calls in a worker."""
    begin()


if __name__ == "__main__":
    begin()
    from flows.__main__ import main

    main()
