"""docs/your-own-corpus.md, followed to the letter: two invented corpora in a folder outside the checkout."""

import json
import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.support.medinst import run_medinst
from tests.support.places import CHECKOUT, DEMO

DOC = CHECKOUT / "docs" / "your-own-corpus.md"

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


class Block(NamedTuple):
    """A code block of the page: commands, or the text of a file."""

    kind: str
    file: str
    text: str


def blocks() -> Iterator[Block]:
    page = DOC.read_text("utf-8")
    for kind, file, text in re.findall(r'^```(\w+)(?: title="(\S+)")?\n(.*?)^```$', page, re.M | re.S):
        yield Block(kind, file, text)


class Place:
    """A folder of a user, outside the checkout, with a root in it."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder, self.environment = folder, environment
        (folder / "demo").symlink_to(DEMO)

    def run(self, command: str, **environment: str) -> tuple[int, str]:
        """Run a command as somebody does who has `medinst` on the path; that one without starting Python anew."""
        program, *arguments = shlex.split(command)
        if program == "medinst":
            given = {**self.environment, "COLUMNS": "1000", **environment}
            done = run_medinst(given, self.folder / "data", *arguments, folder=self.folder)
        else:
            shell = ["bash", "-euc", command]
            done = subprocess.run(shell, cwd=self.folder, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    def follow(self) -> dict[str, str]:
        """Do what the page says; gives what each command printed."""
        said: dict[str, str] = {}
        for block in blocks():
            if block.kind != "bash":
                (self.folder / block.file).parent.mkdir(parents=True, exist_ok=True)
                (self.folder / block.file).write_text(block.text, "utf-8")
                continue
            for command in block.text.splitlines():
                if command.startswith("medinst new-source night"):
                    references = (self.folder / "my" / "references.bib").read_text("utf-8")
                code, said[command] = self.run(command)
                assert code == 0, f"{command}\n{said[command]}"
                if command.startswith("medinst new-source night"):
                    (self.folder / "my" / "references.bib").write_text(references, "utf-8")  # as the page asks
        return said


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, prefect_server: dict[str, str]) -> Place:
    return Place(tmp_path_factory.mktemp("harbour"), prefect_server)


@pytest.fixture(scope="module")
def said(place: Place) -> dict[str, str]:
    return place.follow()


def of(said: dict[str, str], start: str) -> str:
    return next(text for command, text in said.items() if command.startswith(start))


def manifest(place: Place, folder: str) -> dict[str, object]:
    (path,) = (place.folder / "data" / folder).glob("*/manifest.json")
    return json.loads(path.read_text("utf-8"))


def test_the_page_is_followed_to_the_letter(said: dict[str, str]) -> None:
    assert "0 faults" in of(said, "medinst check")
    assert "[reef itch <condition>]" in of(said, "medinst show")
    assert "lamp oil" in of(said, "medinst why")
    assert re.search(r"night_calls.*own.*built", of(said, "medinst sql"))
    assert "wrote sea_clinic.py" in of(said, "medinst new-source sea_clinic")


def test_everything_has_them(said: dict[str, str], place: Place) -> None:
    release = manifest(place, "releases")
    assert set(release["tasks"]) >= {"SeaClinic", "NightCalls", "AnEM"}  # pyright: ignore[reportArgumentType]
    assert release["profile"] == "local"
    mixture = manifest(place, "mixtures/mine")
    assert {task: each["rows"] for task, each in mixture["tasks"].items()} == {"SeaClinic": 2, "NightCalls": 4}  # pyright: ignore
    benchmark = manifest(place, "benchmark")
    assert set(benchmark["training"]) >= {"SeaClinic", "NightCalls"}  # pyright: ignore[reportArgumentType]
    assert "SeaClinic" not in benchmark["tasks"]  # pyright: ignore[reportOperatorIssue]


def test_nothing_of_them_leaves(said: dict[str, str], place: Place) -> None:
    code, text = place.run("medinst publish --sources my --profile research --to away")
    assert code == 0, text
    (path,) = (place.folder / "away" / "releases").glob("*/manifest.json")
    released = json.loads(path.read_text("utf-8"))
    assert not {"SeaClinic", "NightCalls"} & set(released["tasks"])
    assert "shareable" in released["withheld"]["SeaClinic"]
    names = [each for each in path.parent.rglob("*") if each.is_file()]
    assert names
    assert not [each for each in names if b"lamp oil" in each.read_bytes()]
    code, text = place.run("medinst mix mine.yml --sources my --out memory://elsewhere")
    assert code == 1
    assert "must not leave this machine" in text


def test_a_root_of_theirs_is_not_read_without_the_folder(said: dict[str, str], place: Place) -> None:
    code, text = place.run("medinst show anem")
    assert code == 1
    assert "night_calls" in text
    assert f"--sources {place.folder / 'my'}" in text


def test_a_changed_declaration_makes_its_stages_stale_alone(said: dict[str, str], place: Place) -> None:
    module = place.folder / "my" / "sea_clinic.py"
    before = module.read_text("utf-8")
    plan = "medinst plan sea_clinic night_calls anem --sources my --mirror my/demo --mirror demo --json"
    code, text = place.run(plan)
    assert (code, set(json.loads(text)["unchanged"])) == (0, {"anem", "night_calls", "sea_clinic"}), text
    module.write_text(before.replace('"remedy"', '"cure"'), "utf-8")
    try:
        code, text = place.run(plan, MEDINST_SOURCES="my")
    finally:
        module.write_text(before, "utf-8")
    assert {each["source"] for each in json.loads(text)["due"] if each["source"]} == {"sea_clinic"}, text
