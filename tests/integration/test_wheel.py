"""The wheel is whole: it holds every file of the packages, and builds a release where no checkout is."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from flows.console.checkout import checkout
from schemas.errors import MedinstError
from tests.support.places import CHECKOUT, DEMO
from tests.support.wheels import beside, build_wheel, install, run

PACKAGES = ("flows", "medinst_eval", "tasks", "schemas", "sources", "expectations")
SOURCES = ("mqp", "bc5cdr")
TASKS = {"MQP", "BC5CDR", "BC5CDR-NED", "BC5CDR-RE"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_wheel(CHECKOUT, tmp_path_factory.mktemp("wheel"))


def environment(folder: Path) -> Path:
    """An environment of its own, whose dependencies are those of the running one."""
    return beside(folder, *(path for path in sys.path if path.endswith("site-packages")))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an environment that holds the wheel."""
    folder = environment(tmp_path_factory.mktemp("elsewhere") / "venv")
    install(wheel, folder)
    return folder


def test_it_holds_every_file_of_the_packages(wheel: Path) -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *PACKAGES],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    wanted = {name for name in listed.split("\0") if name and (CHECKOUT / name).is_file()}
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert held == wanted | {"deployments/prefect.yaml"}


def test_make_can_install_the_checkout_with_what_is_locked(tmp_path: Path) -> None:
    python = environment(tmp_path / "venv") / "bin" / "python"
    options = ("--no-deps", "--no-build-isolation", "--no-index", "--force-reinstall", "-e", CHECKOUT)
    done = run(sys.executable, "-m", "pip", "--python", python, "install", *options, cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    found = run(python, "-c", "import flows; print(flows.__file__)", cwd=tmp_path)
    assert Path(found.stdout.strip()).parent == CHECKOUT / "flows"


@pytest.mark.slow
@pytest.mark.timeout(600)  # it installs, starts a server and builds
def test_it_builds_a_release_where_no_checkout_is(installed: Path, tmp_path: Path) -> None:
    where = run(installed / "bin" / "python", "-c", "import flows, sources; print(flows.__file__)", cwd=tmp_path)
    assert Path(where.stdout.strip()).is_relative_to(installed), where.stdout + where.stderr
    root = tmp_path / "root"
    done = run(
        *(installed / "bin" / "medinst", "build", *SOURCES, "--mirror", DEMO, "--root", root),
        cwd=tmp_path,
        PREFECT_HOME=str(tmp_path / "prefect"),
    )
    assert done.returncode == 0, done.stdout + done.stderr
    version = json.loads((root / "releases" / "latest.json").read_text())["version"]
    manifest = json.loads((root / "releases" / version / "manifest.json").read_text())
    assert set(manifest["tasks"]) == TASKS
    assert manifest["samples"] > 0
    assert manifest["made_with"]["medinst"] == "0.1.0"


@pytest.mark.parametrize("command", [("check",), ("lock", "mqp"), ("new-source", "my_corpus")])
def test_it_says_what_needs_a_checkout(installed: Path, tmp_path: Path, command: tuple[str, ...]) -> None:
    done = run(installed / "bin" / "medinst", *command, cwd=tmp_path)
    assert done.returncode == 1
    assert f"`medinst {command[0]}` works on the declarations of a checkout" in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


def test_a_checkout_is_found(tmp_path: Path) -> None:
    assert checkout("medinst check") == CHECKOUT
    with pytest.raises(MedinstError, match=r"make demo, then: \.venv/bin/medinst check"):
        checkout("medinst check", tmp_path)
