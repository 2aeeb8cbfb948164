"""What killed processes leave is swept, and what living ones use is not."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tasks.base.store import scratch
from tasks.base.store.leftovers import sweep
from tasks.base.store.root import Root

HOLD = "from tasks.base.store.scratch import scratch\n"
HOLD += "with scratch('unpack') as folder: print(folder, flush=True); input()"


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


def test_a_folder_goes_with_its_block_and_names_its_process(temporary: Path) -> None:
    with scratch.scratch("unpack") as folder:
        assert f"-{os.getpid()}-unpack-" in folder.name
        (folder / "file").touch()
        scratch.sweep()
        assert (folder / "file").exists(), "what this process uses is not swept"
    assert not list(temporary.iterdir())


def test_only_the_folder_of_a_killed_process_is_swept(
    temporary: Path, record_property: Callable[[str, object], None]
) -> None:
    holders = [
        subprocess.Popen([sys.executable, "-c", HOLD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    folders = [Path(holder.stdout.readline().strip()) for holder in holders if holder.stdout]
    (folders[0] / "member").write_text("unpacked")
    other = temporary / "medinst-test"
    other.mkdir()
    try:
        holders[0].send_signal(signal.SIGKILL)
        holders[0].wait()
        scratch.sweep()
        assert [folder.exists() for folder in folders] == [False, True]
        assert other.exists(), "only the program's own are its to remove"
    finally:
        for holder in holders:
            holder.communicate("\n")
    assert not folders[1].exists()
    record_property("tried", len(holders))


def test_the_next_build_sweeps_a_root(tmp_path: Path, record_property: Callable[[str, object], None]) -> None:
    root = Root(str(tmp_path / "root"))
    ended = subprocess.Popen(["true"])
    ended.wait()
    kept = [
        "audit/near/a.parquet",
        "blobs/.partial-0123456789abcdef",
        f"releases/.2026.1.part-{os.getppid()}/data.parquet",
        ".lock",
    ]
    swept = [
        "audit/near/.x.part",
        "blobs/.mirror-x/packed",
        "catalogue/.x.part",
        "catalogue/.x.part.wal",
        "catalogue/.x.part.tmp/duckdb_temp_storage.tmp",
        f"releases/.2026.1.part-{ended.pid}/data.parquet",
        f"benchmark/.2026.1.part-{ended.pid}/data.parquet",
    ]
    for place in kept + swept:
        path = tmp_path / "root" / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    sweep(root)
    left = sorted(path.relative_to(root.url).as_posix() for path in Path(root.url).rglob("*") if path.is_file())
    assert left == sorted(kept)
    record_property("tried", len(swept))
