"""Asking a model: 20,000 questions over 64 connections, each answered after 50 ms."""

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
    finally:
        server.terminate()
        server.wait()


def _wait(port: int) -> None:
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("the mock did not start")


if __name__ == "__main__":
    answer(work)
