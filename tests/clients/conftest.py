"""What the tests with other clients share: a catalogue, and the clients of `.venv-clients`.

DuckDB 1.5, its shell, harlequin and ADBC lie there, in the versions that analysts have; `make test-clients` makes it.
"""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tasks.base.store.root import Root
from tasks.build.builds.build import Build
from tasks.build.catalogue.file import PLACE
from tasks.build.catalogue.write import write_catalogue
from tasks.build.judge.measure import measure
from tests.support.gathering import gather
from tests.support.places import CHECKOUT, DEMO

CLIENTS = CHECKOUT / ".venv-clients" / "bin"
ASKED = Path(__file__).with_name("asked.py")

Asked = Callable[[str, str, str], Any]
"""Asks with one client, told where the root is or not, one query: rows as lists."""


@pytest.fixture(scope="session")
def programs() -> Path:
    """The folder of the clients."""
    if not (CLIENTS / "python").exists():
        pytest.skip("no .venv-clients here; make test-clients brings it")
    return CLIENTS


@pytest.fixture(scope="session")
def root(programs: Path, tmp_path_factory: pytest.TempPathFactory) -> Root:
    """A root with the catalogue of a few miniatures, in a folder whose name DuckDB might read as a pattern."""
    state = gather(tmp_path_factory.mktemp("clients") / "a [root]", DEMO, ["anem", "mqp", "scifact"])
    build = Build(state)
    write_catalogue(build, measure(build), [], [], [])
    return Root(state.order.root)


@pytest.fixture
def asked(programs: Path, root: Root, tmp_path: Path) -> Asked:
    """A way to ask, from a folder that is not the root, with a copy of the catalogue whose path is plain."""
    file = tmp_path / "catalogue.duckdb"
    file.write_bytes(Path(root.local(PLACE)).read_bytes())

    def ask(client: str, told: str, query: str) -> Any:
        command = [programs / "python", ASKED, client, file, told, query]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
        return json.loads(done.stdout) if done.returncode == 0 else done.stderr

    return ask
