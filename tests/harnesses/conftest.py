"""What the tests with harnesses share: a benchmark, and an environment with the wheel medinst-eval and the harnesses.

The harnesses lie in `.venv-harness`, which `make test-harnesses` makes; this project is not importable there.
"""

from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.support.places import CHECKOUT
from tests.support.small import small_benchmark
from tests.support.wheels import beside, build_wheel, install, run

HARNESSES = CHECKOUT / ".venv-harness"

User = Callable[..., "CompletedProcess[str]"]
"""Runs a program with the interpreter of the environment: a module by its name, or a file, and its arguments."""


@pytest.fixture(scope="session")
def benchmark(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a benchmark of a few miniatures."""
    return Path(small_benchmark(tmp_path_factory.mktemp("root")).uri)


@pytest.fixture(scope="session")
def user(benchmark: Path, tmp_path_factory: pytest.TempPathFactory) -> User:
    """Somebody who has installed the wheel and the harnesses, and has the benchmark."""
    packages = list(HARNESSES.glob("lib/python*/site-packages"))
    if not packages:
        pytest.skip("no .venv-harness here; make test-harnesses brings it")
    folder = beside(tmp_path_factory.mktemp("user") / "venv", *map(str, packages))
    install(build_wheel(CHECKOUT / "deployments" / "medinst-eval", tmp_path_factory.mktemp("wheel")), folder)
    cwd = tmp_path_factory.mktemp("work")
    offline = {"HF_HUB_OFFLINE": "1", "HF_HOME": str(cwd / "hf"), "NO_COLOR": "1", "MEDINST_BENCHMARK": str(benchmark)}

    def call(*command: str | Path) -> "CompletedProcess[str]":
        how = () if Path(command[0]).suffix == ".py" else ("-m",)
        done = run(folder / "bin" / "python", *how, *command, cwd=cwd, **offline)
        assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]
        return done

    return call
