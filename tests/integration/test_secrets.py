"""No secret of the environment reaches what is kept or printed: the root, Prefect's database, logs, reports."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tasks.build.builds.state import save_state
from tasks.model.benchmark.write import write_benchmark
from tests.support.chat_server import Answer, chat, failed, said
from tests.support.gathering import gather
from tests.support.medinst import run_python
from tests.support.places import DEMO

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

READ = (
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "HF_TOKEN",
    "MEDINST_API_KEY",
    "MEDINST_S3_KEY",
    "MEDINST_S3_SECRET",
    "OPENAI_API_KEY",
    "OPENLINEAGE_API_KEY",
    "POSTGRES_PASSWORD",
    "PREFECT_API_AUTH_STRING",
    "PREFECT_SERVER_API_AUTH_STRING",
)
"""Variables with secrets that a command, or a library of it, reads."""


class Secrets:
    """An environment with a secret in each of those variables, and everything that a command keeps below a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.hidden = {name: f"user:hush-{secrets.token_hex(12)}" for name in READ}
        self.hidden["PREFECT_API_AUTH_STRING"] = self.hidden["PREFECT_SERVER_API_AUTH_STRING"]
        ours = ("PREFECT_", "MEDINST_")
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        self.environment |= self.hidden | {"PREFECT_HOME": str(folder / "prefect"), "TMPDIR": str(folder)}
        self.environment["DO_NOT_TRACK"] = "1"

    def found(self, printed: str) -> list[tuple[str, str]]:
        """The secrets that are kept or printed, each with its place."""
        kept = {str(path): path.read_bytes() for path in self.folder.rglob("*") if path.is_file()}
        assert any(name.endswith("prefect.db") for name in kept)
        kept["printed"] = printed.encode()
        return [
            (name, where)
            for name, value in self.hidden.items()
            for where, data in kept.items()
            if value.encode() in data or value.partition(":")[2].encode() in data
        ]


def test_no_secret_is_kept(tmp_path: Path, record_property: Callable[[str, object], None]) -> None:
    hidden = Secrets(tmp_path)
    environment = hidden.environment | {"OPENLINEAGE_URL": "http://127.0.0.1:9"}  # nobody is there, which is logged
    done = run_python(environment, tmp_path / "root", "build", "mqp", "--mirror", "demo", "--verbose")
    assert done.returncode == 0, done.stdout + done.stderr
    assert not hidden.found(done.stdout + done.stderr)
    record_property("tried", len({*hidden.hidden.values()}))


def test_no_secret_is_kept_when_a_model_is_asked(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """Nor what an endpoint repeats of the key in its errors."""
    hidden, root = Secrets(tmp_path), tmp_path / "root"
    state = gather(root, DEMO, ["biosses"])
    save_state(state)
    write_benchmark(state, "local", size=10)

    def behave(body: dict[str, Any], before: int) -> Answer:
        return said("3") if before else failed(500, f"no: {hidden.hidden['MEDINST_API_KEY']}")

    with chat(behave) as server:
        arguments = ("--model", "mock", "--base-url", server.url, "--limit", "2", "--verbose")
        done = run_python(hidden.environment, root, "evaluate", *arguments)
        assert server.keys == {f"Bearer {hidden.hidden['MEDINST_API_KEY']}"}
    assert done.returncode == 0, done.stdout + done.stderr
    assert [*root.rglob("predictions.jsonl")]
    assert not hidden.found(done.stdout + done.stderr)
    record_property("tried", len({*hidden.hidden.values()}))
