"""What is wrong is said before Prefect is imported, which takes seconds."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from schemas.errors import EvaluationError
from schemas.evaluation import Asking
from tasks.base.store.root import Root
from tasks.build.builds.runs import locked
from tasks.model.evaluate.backends import refuse_unusable
from tests.support.medinst import free_port

SCRIPT = (
    "import sys\nfrom flows.cli import app\n"
    "try: app()\nfinally: print('prefect' if 'prefect' in sys.modules else 'no prefect')"
)


def said(*arguments: str, **environment: str) -> str:
    """What a command says that is refused without Prefect."""
    command = [sys.executable, "-c", SCRIPT, *arguments]
    done = subprocess.run(command, env=os.environ | environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    assert done.stdout.endswith("no prefect\n")
    return done.stderr


def test_a_root_that_another_build_holds(tmp_path: Path) -> None:
    with locked(Root(str(tmp_path))):
        assert f"Another command (process {os.getpid()})" in said("build", "mqp", "--root", str(tmp_path))


@pytest.mark.parametrize("command", [["build", "mqp"], ["lock", "mqp"]], ids=" ".join)
def test_a_root_that_cannot_be_written_to(command: list[str], tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    root = str(tmp_path / "file" / "root")
    assert f"{root} cannot be written to: Not a directory" in said(*command, "--root", root)


def test_a_name_that_is_not_declared(tmp_path: Path) -> None:
    assert "There is no source `bc5cd` (did you mean `bc5cdr`?)" in said("build", "bc5cd", "--root", str(tmp_path))


class Locked(BaseHTTPRequestHandler):
    """An endpoint that wants another key."""

    def do_GET(self) -> None:
        body = b'{"error": {"message": "Incorrect API key sk-123456789"}}'
        self.send_response(401)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def locked_endpoint() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Locked) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/v1"
        server.shutdown()


def test_a_key_that_is_rejected(locked_endpoint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEDINST_API_KEY", "sk-123456789")
    with pytest.raises(EvaluationError, match=r"refuses the key \(status 401: Incorrect API key \*\*\*\)"):
        refuse_unusable(Asking(model="m"), locked_endpoint)


def test_an_endpoint_that_is_not_there() -> None:
    with pytest.raises(EvaluationError, match="cannot be reached"):
        refuse_unusable(Asking(model="m"), f"http://127.0.0.1:{free_port()}/v1")
