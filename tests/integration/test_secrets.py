"""No secret of the environment reaches what is kept or printed: the root, Prefect's database, logs, reports."""

import os
import secrets
from pathlib import Path

import pytest

from tests.support.medinst import run_python

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


def test_no_secret_is_kept(tmp_path: Path) -> None:
    root, home = tmp_path / "root", tmp_path / "prefect"
    hidden = {name: f"user:hush-{secrets.token_hex(12)}" for name in READ}
    hidden["PREFECT_API_AUTH_STRING"] = hidden["PREFECT_SERVER_API_AUTH_STRING"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "MEDINST_"))}
    environment |= hidden | {"PREFECT_HOME": str(home), "TMPDIR": str(tmp_path), "DO_NOT_TRACK": "1"}
    environment["OPENLINEAGE_URL"] = "http://127.0.0.1:9"  # nobody is there, which is logged
    done = run_python(environment, root, "build", "mqp", "--mirror", "demo", "--verbose")
    assert done.returncode == 0, done.stdout + done.stderr
    kept = {str(path): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert any(name.endswith("prefect.db") for name in kept)
    kept["printed"] = (done.stdout + done.stderr).encode()
    found = [
        (name, where)
        for name, value in hidden.items()
        for where, data in kept.items()
        if value.encode() in data or value.partition(":")[2].encode() in data
    ]
    assert not found
