"""What the machine, its libraries and the environment say is told in a sentence; a bug is not."""

import errno
import os
import re
import subprocess
import sys
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import httpx
import polars as pl
import pytest
from distributed.client import FutureCancelledError

from flows.console.expected import sentence
from flows.console.plain import visible
from schemas.errors import MedinstError
from schemas.settings import Settings
from tasks.base.store.root import Root
from tests.support.places import CHECKOUT

SYSTEM = {
    errno.ENOSPC: "disk is full.*--root",
    errno.EDQUOT: "disk is full",
    errno.EFBIG: "disk is full",
    errno.EACCES: "a/file: expected .* may use, found no permission.*--root",
    errno.EPERM: "no permission",
    errno.EROFS: "read-only file system",
    errno.EMFILE: "ulimit -n 4096",
    errno.EISDIR: "expected a file, found a folder",
    errno.ENOTDIR: "expected a folder, found a file",
    errno.ENOENT: "expected a file, found nothing there.*medinst build",
    errno.EIO: "the disk or network share fails.*run the same command again",
    errno.ESTALE: "network share has gone",
    errno.ENOMEM: "--workers 1",
}


def run(*arguments: str, shell: str = "{}", **environment: str) -> "subprocess.CompletedProcess[str]":
    """A command as a shell runs it."""
    command = shell.format(f"{sys.executable} -m flows {' '.join(arguments)}")
    return subprocess.run(
        ["bash", "-c", command],
        cwd=CHECKOUT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=250,
    )


@pytest.mark.parametrize("number", SYSTEM, ids=errno.errorcode.get)
def test_the_system(number: int) -> None:
    error = OSError(number, os.strerror(number), "a/file")
    wrapped = RuntimeError("while writing")
    wrapped.__cause__ = error
    for each in (error, wrapped):
        said = sentence(each) or ""
        assert re.search(SYSTEM[number], said), said


def test_processes_memory_and_server() -> None:
    assert "--workers 1" in (sentence(BrokenProcessPool("died")) or "")
    assert "memory did not suffice" in (sentence(MemoryError()) or "")
    assert "Prefect's server does not answer any more" in (sentence(httpx.ConnectError("refused")) or "")
    lost = FutureCancelledError("read-1", "scheduler-connection-lost")
    assert "The Dask cluster has no scheduler or no worker any more (read-1 cancelled" in (sentence(lost) or "")


def test_a_variable_that_says_nonsense(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEDINST_TIMEOUT", "soon")
    monkeypatch.setenv("MEDINST_WORKERS", "-1")
    with pytest.raises(ValueError, match="Settings") as raised:
        Settings()
    said = sentence(raised.value) or ""
    assert "MEDINST_TIMEOUT: " in said
    assert "'soon'" in said
    assert "MEDINST_WORKERS: " in said


@pytest.mark.parametrize("damage", ["cut", "bits"])
def test_a_damaged_table_is_named(damage: str, tmp_path: Path) -> None:
    folder = tmp_path / "samples" / "MQP" / "0123"
    folder.mkdir(parents=True)
    for name in ("dev", "train"):
        pl.DataFrame({"text": [f"text {name} {number}" * 9 for number in range(999)]}).write_parquet(
            folder / f"{name}.parquet"
        )
    path = folder / "train.parquet"
    data = bytearray(path.read_bytes())
    if damage == "cut":
        path.write_bytes(data[: len(data) // 2])
    else:
        data[100:200] = bytes(255 - byte for byte in data[100:200])
        path.write_bytes(data)
    with pytest.raises(pl.exceptions.PolarsError) as raised:
        pl.read_parquet(path)
    said = sentence(raised.value, Root(str(tmp_path)).url) or ""
    assert str(path) in said
    assert f"rm -r {folder}; medinst build" in said
    assert sentence(raised.value, str(tmp_path / "elsewhere")) is None


def test_a_bug_keeps_its_traceback() -> None:
    for error in (KeyError("x"), TypeError("x"), AssertionError(), pl.exceptions.ColumnNotFoundError("x")):
        assert sentence(error) is None


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x1b]0;title\x07", r"\x1b[31mred\x1b]0;title\x07"),
        ("\u202eevil\u2066", r"\u202eevil\u2066"),
        ("nul\0 csi\x9b del\x7f cr\r", r"nul\x00 csi\x9b del\x7f cr\x0d"),
        ("tabs\tand\nlines, é, 中文, \u05d0", "tabs\tand\nlines, é, 中文, \u05d0"),
    ],
)
def test_what_would_drive_a_terminal_is_written_out(text: str, shown: str) -> None:
    assert visible(text) == shown


@pytest.mark.slow
def test_streams_that_are_closed_cut_or_narrow() -> None:
    for shell in ("{} >&-", "{} | head -1", "{} 2>&- >/dev/null", "{} <&-"):
        done = run("sources", shell=shell)
        assert "Traceback" not in done.stdout + done.stderr, shell
    full = run("sources", shell="{} >/dev/full")
    assert full.returncode == 1
    assert "disk is full" in full.stderr
    for environment in ({"LC_ALL": "C", "PYTHONIOENCODING": "ascii"}, {"LC_ALL": "POSIX", "PYTHONUTF8": "0"}):
        plain = run("sources", **environment)
        assert plain.returncode == 0, plain.stderr
    assert run("sources", COLUMNS="20").returncode == 0


@pytest.mark.heavy
def test_too_few_open_files_are_told_before_anything_begins(tmp_path: Path) -> None:
    done = run("build", "mqp", "--mirror", "demo", "--root", str(tmp_path / "root"), shell="ulimit -n 64; {}")
    assert done.returncode == 1
    assert "at least 256 files open, found 64" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("home", ["/proc/nowhere", "/dev/null/x"])
def test_a_home_of_prefect_that_cannot_be_written_to_is_told_at_once(
    home: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows.server import PrefectServer

    for name in ("PREFECT_API_URL", "PREFECT_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PREFECT_HOME", home)
    monkeypatch.delitem(sys.modules, "prefect.settings", raising=False)
    with pytest.raises(MedinstError, match=rf"{home}: expected a folder to write to.*export PREFECT_HOME"):
        PrefectServer().__enter__()
