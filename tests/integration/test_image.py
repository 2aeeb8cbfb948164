"""deployments/Dockerfile without an engine: its steps in a clean folder, and the cluster's files that use the image."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement

from tests.integration.test_wheel import environment
from tests.support.compose import read
from tests.support.places import CHECKOUT
from tests.support.prefect_site import clean_environment

DOCKERFILE = CHECKOUT / "deployments" / "Dockerfile"
LOCKED = re.compile(
    r"^([a-z0-9][\w.-]*==\S+)(?: ; [^\\]+)? \\$(?:\n +--hash=sha256:[0-9a-f]{64}(?: \\)?$)+", re.MULTILINE
)


def steps() -> list[tuple[str, str]]:
    """The instructions of the Dockerfile with what follows each, lines that go on joined."""
    text = re.sub(r"^#.*\n", "", DOCKERFILE.read_text(), flags=re.MULTILINE).replace("\\\n", " ")
    return [(line.split(maxsplit=1)[0], line.split(maxsplit=1)[1]) for line in text.splitlines() if line.strip()]


def of(name: str) -> list[str]:
    return [rest for step, rest in steps() if step == name]


def environment_of_the_image() -> dict[str, str]:
    return dict(pair.split("=", 1) for line in of("ENV") for pair in shlex.split(line))


def ignored(name: str) -> bool:
    """Whether .dockerignore keeps a file of the checkout out of the image, by the patterns that it uses."""
    lines = (CHECKOUT / ".dockerignore").read_text().splitlines()
    patterns = [line for line in lines if line and not line.startswith("#")]
    assert not [pattern for pattern in patterns if pattern.startswith("!")]
    folders = [Path(name), *Path(name).parents]
    return any(folder.match(pattern) for pattern in patterns for folder in folders if _reaches(pattern, folder))


def _reaches(pattern: str, path: Path) -> bool:
    """Of a pattern without `**/`, only the top of the checkout."""
    return pattern.startswith("**/") or len(path.parts) == 1


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `COPY . ./` brings into the image."""
    folder = tmp_path_factory.mktemp("image") / "app"
    git = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(git, cwd=CHECKOUT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, listed.split("\0")):
        if not ignored(name) and (CHECKOUT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(CHECKOUT / name, folder / name)
    return folder


@pytest.fixture(scope="module")
def python(app: Path) -> Path:
    """The image's Python after `RUN pip install … --editable .`, its dependencies being those of the running one."""
    folder = environment(app.parent / "venv")
    (command,) = [line for line in of("RUN") if "--editable" in line]
    program, *rest = shlex.split(command.split("&&")[0])
    assert program == "pip"
    python = folder / "bin" / "python"
    done = subprocess.run(
        [sys.executable, "-m", "pip", "--python", str(python), *rest],
        cwd=app,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return python


def test_what_is_copied_is_there() -> None:
    for line in of("COPY"):
        *given, _ = line.split()
        assert all((CHECKOUT / source).exists() and not ignored(source) for source in given), line


def test_it_is_not_run_as_root_and_owns_what_it_writes() -> None:
    names = [name for name, _ in steps()]
    assert names.index("USER") > max(number for number, name in enumerate(names) if name == "RUN")
    assert of("USER") == ["medinst"]
    made = " ".join(of("RUN"))
    assert "useradd --uid 10001" in made
    home = environment_of_the_image()["PREFECT_HOME"]
    assert f"--owner=medinst --group=medinst /data {home}" in made
    assert f"prefect:{home}" in read().services["server"].volumes


def test_its_lock_is_that_of_the_project_and_of_dask_with_all_hashes() -> None:
    def locked(name: str) -> set[str]:
        text = (CHECKOUT / name).read_text()
        found = {each[1] for each in LOCKED.finditer(text)}
        assert len(found) == len(re.findall(r"^[a-z0-9][^\s;]*==", text, re.MULTILINE)), "one has no hashes"
        return found

    project, image = locked("requirements.lock"), locked("deployments/requirements.lock")
    assert project < image
    more = {Requirement(each).name for each in image - project}
    assert {"prefect-dask", "distributed", "dask"} <= more
    assert image <= locked("requirements-dev.lock")


def test_its_steps_make_a_program_that_runs_in_an_empty_folder(app: Path, python: Path, tmp_path: Path) -> None:
    said = {name: value.replace("/app", str(app)) for name, value in environment_of_the_image().items()}
    said |= {"MEDINST_ROOT": str(tmp_path / "data"), "PREFECT_HOME": str(tmp_path / "prefect")}

    def run(*command: str) -> "subprocess.CompletedProcess[str]":
        environment = clean_environment() | said
        return subprocess.run(command, cwd=app, env=environment, capture_output=True, text=True, check=False)

    (default,) = of("CMD")
    program, option = yaml.safe_load(default)
    shown = run(str(python.parent / program), option)
    assert "The open pipeline" in shown.stdout, shown.stderr
    asked = "from flows.deploy import PREFECT_FILE as file; print(file, file.is_file())"
    where = run(str(python), "-c", asked)
    assert where.stdout.split() == [str(app / "deployments" / "prefect.yaml"), "True"], where.stderr
    planned = run(str(python.parent / "medinst"), "plan", "mqp", "--mirror", "demo")
    assert planned.returncode == 0, planned.stdout + planned.stderr
    assert not (app / ".git").exists()
    assert not (app / "tests").exists()


def cluster() -> dict[str, dict[str, Any]]:
    parts = yaml.safe_load_all((CHECKOUT / "deployments" / "kubernetes.yml").read_text())
    return {f"{part['kind']}/{part['metadata']['name']}": part for part in parts}


def test_the_cluster_runs_the_same_image_and_its_parts_find_each_other() -> None:
    parts = cluster()
    image = read().services["worker"].image
    scheduler, worker = (parts[f"Deployment/medinst-dask-{name}"]["spec"] for name in ("scheduler", "worker"))
    service = parts["Service/medinst-dask"]["spec"]
    assert service["selector"] == scheduler["template"]["metadata"]["labels"]
    for part in (scheduler, worker):
        assert part["selector"]["matchLabels"] == part["template"]["metadata"]["labels"]
        (container,) = part["template"]["spec"]["containers"]
        assert container["image"] == image
        assert container["securityContext"]["runAsNonRoot"]
        program, *options = container["command"]
        assert program == "python"
        module = options[1]
        known = subprocess.run(
            [sys.executable, "-m", module, "--help"], capture_output=True, text=True, check=True
        ).stdout
        assert all(option in known for option in options if option.startswith("--")), known
    assert "tcp://medinst-dask:8786" in worker["template"]["spec"]["containers"][0]["command"]
