"""`make` finds an interpreter, or says what to do. The interpreters here are scripts, so nothing is installed."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.places import CHECKOUT

TOOLS = ("make", "bash", "awk", "test", "rm", "mkdir")


def interpreter(folder: Path, name: str, supported: bool = True) -> None:
    """One that answers whether its version is supported, and cannot create an environment."""
    path = folder / name
    path.write_text(f'#!/bin/bash\n[ "$1" = -c ] && exit {int(not supported)}\nmkdir -p "$3/bin"; exit 1\n')
    path.chmod(0o755)


def make(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """`make` in a copy of what it reads, with nothing on the path but the folder `bin`."""
    for name in ("Makefile", "pyproject.toml", "requirements.lock"):
        shutil.copy(CHECKOUT / name, folder)
    make_ = shutil.which("make")
    assert make_
    return subprocess.run(
        [make_, *arguments],
        cwd=folder,
        env={"PATH": str(folder / "bin")},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.fixture
def bin_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "bin"
    folder.mkdir()
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found, tool
        (folder / tool).symlink_to(found)
    return folder


def test_it_says_what_to_do_without_a_supported_python(tmp_path: Path, bin_folder: Path) -> None:
    interpreter(bin_folder, "python3", supported=False)
    done = make(tmp_path, "demo")
    assert done.returncode == 2
    assert "Found no Python 3.11 to 3.14. Install one" in done.stderr
    assert "make PYTHON=/path/to/python" in done.stderr
    assert not (tmp_path / ".venv").exists()


def test_it_says_what_to_do_without_the_package_venv(tmp_path: Path, bin_folder: Path) -> None:
    interpreter(bin_folder, "python3.12")
    done = make(tmp_path, "demo")
    assert done.returncode == 2
    assert "apt install python3.12-venv" in done.stderr
    assert not (tmp_path / ".venv").exists(), "half an environment would be taken for a whole one"


@pytest.mark.parametrize(
    ("there", "taken"),
    [
        ({"python3.11": True, "python3.13": True, "python3": True}, "python3.13"),
        ({"python3.14": False, "python3.11": True}, "python3.11"),
        ({"python3": True}, "python3"),
    ],
)
def test_it_takes_the_newest_supported_one(
    tmp_path: Path, bin_folder: Path, there: dict[str, bool], taken: str
) -> None:
    for name, supported in there.items():
        interpreter(bin_folder, name, supported)
    assert f"|| {taken} -m venv .venv" in make(tmp_path, "-n", "demo").stdout


def test_it_takes_the_one_that_is_named(tmp_path: Path, bin_folder: Path) -> None:
    interpreter(bin_folder, "python3.13")
    assert "|| /opt/python -m venv .venv" in make(tmp_path, "-n", "demo", "PYTHON=/opt/python").stdout
