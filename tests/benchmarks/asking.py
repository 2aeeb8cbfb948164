"""Asking a model: 20,000 questions over 64 connections, each answered after 50 ms; and what bare connections reach."""

import asyncio
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from schemas.evaluation import Asking, Question
from tasks.base.predictions.log import Log
from tasks.model.evaluate.endpoint import Endpoint
from tasks.model.evaluate.engine import Engine
from tests.benchmarks.measure import Meter, answer
from tests.support.places import CHECKOUT

QUESTIONS, CONNECTIONS, MILLISECONDS = 20_000, 64, 50


def work(meter: Meter, _arguments: list[str]) -> None:
    """Ask, and write what is answered."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    command = [sys.executable, "-m", "tests.benchmarks.chat_mock", str(port), str(MILLISECONDS)]
    server = subprocess.Popen(command, cwd=CHECKOUT)
    try:
        _wait(port)
        turns = (("question " * 60, "answer " * 12),) * 2
        asked = (Question(key=f"{n}", id=f"{n}", task="T", turns=turns, prompt="text " * 250, target="yes") for n in range(QUESTIONS))  # fmt: skip # noqa: E501
        endpoint = Endpoint(f"http://127.0.0.1:{port}/v1", "", Asking(model="m"), CONNECTIONS)
        with tempfile.TemporaryDirectory(prefix="medinst-bench-") as folder, Log(Path(folder) / "log.jsonl") as log:
            with Engine(endpoint, log, CONNECTIONS) as engine, meter.measured("ask"):
                done = engine.ask(asked)
            assert done.answered == QUESTIONS, done
        with meter.measured("bare"):
            asyncio.run(_bare(port))
    finally:
        server.terminate()
        server.wait()


class _Bare(asyncio.Protocol):
    """A connection that sends the same bytes again as soon as anything comes back."""

    left, open = QUESTIONS, 0
    request = b"POST /v1/chat/completions HTTP/1.1\r\nContent-Length: 4000\r\n\r\n" + b"x" * 4000

    def __init__(self, over: asyncio.Event) -> None:
        self.over = over

    def connection_made(self, transport) -> None:
        self.transport = transport
        _Bare.open += 1
        self.data_received(b"")

    def data_received(self, data: bytes) -> None:
        if _Bare.left:
            _Bare.left -= 1
            self.transport.write(self.request)
        else:
            _Bare.open -= 1
            self.transport.close()
            if not _Bare.open:
                self.over.set()


async def _bare(port: int) -> None:
    """As many requests over as many connections, with no work between an answer and the next request."""
    over = asyncio.Event()
    for _ in range(CONNECTIONS):
        await asyncio.get_running_loop().create_connection(lambda: _Bare(over), "127.0.0.1", port)
    await over.wait()


def _wait(port: int) -> None:
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("the mock did not start")


if __name__ == "__main__":
    answer(work)
