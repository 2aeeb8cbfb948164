"""Wheels of this repository, and environments without its checkout that they are installed into."""

import subprocess
import sys
import venv
from importlib import metadata
from pathlib import Path

from tests.support.prefect_site import clean_environment


def run(*command: str | Path, cwd: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run a command in an environment that knows nothing of Prefect's server of the tests."""
    return subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=clean_environment(DO_NOT_TRACK="1", **environment),
        capture_output=True,
        text=True,
        check=False,
        timeout=540,
    )


def build_wheel(project: Path, folder: Path) -> Path:
    """Build the wheel of a folder with a `pyproject.toml`, without an index."""
    pip = ("-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", folder)
    done = run(sys.executable, *pip, project, cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    (found,) = folder.glob("*.whl")
    return found


def install(wheel: Path, environment: Path) -> None:
    """Install a wheel alone."""
    python = environment / "bin" / "python"
    pip = ("-m", "pip", "--python", python, "install", "--no-deps", "--no-index", "--no-compile")
    done = run(sys.executable, *pip, wheel, cwd=environment)
    assert done.returncode == 0, done.stdout + done.stderr


def beside(folder: Path, *packages: str) -> Path:
    """An environment of its own, which sees the packages of some folders too, but not what their .pth files lead to."""
    venv.create(folder)
    lines = (f"import sys; sys.path.append({path!r})\n" for path in packages)
    (_packages(folder) / "dependencies.pth").write_text("".join(lines))
    return folder


def empty(folder: Path, *requirements: str) -> Path:
    """An environment of its own, with some distributions and what these require, and nothing else."""
    venv.create(folder)
    target = _packages(folder)
    for name in _required(requirements):
        found = metadata.distribution(name)
        for top in {file.parts[0] for file in found.files or () if file.parts[0] not in ("..", "__pycache__")}:
            if not (target / top).exists():
                (target / top).symlink_to(Path(str(found.locate_file(top))))
    return folder


def _packages(folder: Path) -> Path:
    (found,) = folder.glob("lib/python*/site-packages")
    return found


def _required(names: "tuple[str, ...]") -> set[str]:
    from packaging.requirements import Requirement

    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        for text in metadata.requires(name) or ():
            wanted = Requirement(text)
            if wanted.marker is None or wanted.marker.evaluate({"extra": ""}):
                waiting.append(wanted.name)
    return found
