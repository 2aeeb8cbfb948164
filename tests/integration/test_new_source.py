"""A newcomer adds a source: docs/how-to-add-a-source.md, followed to the letter in a copy of the checkout."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from flows.cli import app
from schemas.errors import MedinstError
from schemas.task import WORDINGS
from sources import registry
from tasks.base.licences.bibliography import Bibliography
from tasks.tools.declare.scaffold import scaffold
from tests.support.places import CHECKOUT

DOC = CHECKOUT / "docs" / "how-to-add-a-source.md"
CODE = ("flows", "medinst_eval", "tasks", "schemas", "sources", "expectations")
FOLDERS = (*CODE, "demo", "tests/golden", "tests/support")
FILES = ("docs/benchmarks.md", "docs/data-model.md", "pyproject.toml", "tests/__init__.py")
"""Without these the copy does not count as a checkout, and Python finds the tests of this one."""
SOURCE = "mqp"
KEPT = ("biosses", "scicite")
"""Sources that stay in the copy, so that it shows whether the new one disturbs others."""

NOT_RUN = {
    "medinst lock mqp": "the network",
    "medinst build mqp": "the network",
    "medinst show mqp": "a build of the real files",
    "medinst check --update": "a build of the real files",
    "make check test": "this test is one of them",
}
"""Commands of the page that need something else than the checkout."""


class Block(NamedTuple):
    """A code block of the page: commands, or the text of a file."""

    kind: str
    file: str
    text: str


def blocks() -> Iterator[Block]:
    for kind, file, text in re.findall(
        r'^```(\w+)(?: title="(\S+)")?\n(.*?)^```$', DOC.read_text("utf-8"), re.M | re.S
    ):
        yield Block(kind, file, text)


def commands() -> list[str]:
    return [line for block in blocks() if block.kind == "bash" for line in block.text.splitlines()]


class Checkout:
    """A copy of the checkout without the source that is to be added, and a shell in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in FOLDERS:
            shutil.copytree(CHECKOUT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        (folder / "docs").mkdir()
        for name in FILES:
            shutil.copy(CHECKOUT / name, folder / name)
        self._keep_few()
        entries = Bibliography.read(folder / "sources" / "references.bib").entries
        self.replace("sources/references.bib", entries[registry()[SOURCE].citation] + "\n\n", "")

    def _keep_few(self) -> None:
        for source in registry().values():
            if source.id in KEPT:
                continue
            (self.folder / "sources" / f"{source.id}.py").unlink()
            (self.folder / "sources" / f"{source.id}.corrections.yml").unlink(missing_ok=True)
            shutil.rmtree(self.folder / "demo" / source.id)
            for task in source.tasks:
                shutil.rmtree(self.folder / "sources" / "instructions" / task.name)
                (self.folder / "tests" / "golden" / f"{task.name}.txt").unlink()

    def path(self, name: str) -> Path:
        return self.folder / name

    def replace(self, name: str, old: str, new: str) -> None:
        text = self.path(name).read_text("utf-8")
        assert old in text, f"{name} has no {old[:60]!r}"
        self.path(name).write_text(text.replace(old, new), "utf-8")

    def run(self, command: str) -> tuple[int, str]:
        """Run a command of the page with the code of the copy; returns exit code and output."""
        python = {"medinst": f"{sys.executable} -m flows", "make golden": f"{sys.executable} -m tests.golden.write"}
        for name, module in python.items():
            command = command.replace(name, module, 1) if command.startswith(name) else command
        done = subprocess.run(
            ["bash", "-euc", command],
            cwd=self.folder,
            env={
                **os.environ,
                "PYTHONPATH": str(self.folder),
                "PYTHONDONTWRITEBYTECODE": "1",
                "MEDINST_ROOT": str(self.folder / "data"),
                "COLUMNS": "1000",
            },
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    def write(self, block: Block) -> None:
        """Put the text of a block where the page says."""
        if block.kind == "bibtex":
            entries = Bibliography.read(self.path(block.file)).entries
            self.replace(block.file, entries[f"TODO_{SOURCE}"], block.text.strip())
        else:
            self.path(block.file).write_text(block.text, "utf-8")


def test_the_page_is_followed_to_the_letter(tmp_path: Path) -> None:
    checkout = Checkout(tmp_path / "checkout")
    checks: list[tuple[int, str]] = []
    for block in blocks():
        if block.kind != "bash":
            checkout.write(block)
            continue
        for command in block.text.splitlines():
            if command not in NOT_RUN:
                code, output = checkout.run(command)
                assert code == 0 or command == "medinst check", f"{command}\n{output}"
                checks += [(code, output)] if command == "medinst check" else []
    first, last = checks

    assert first[0] == 1
    wordings = [f"instructions/TODO-mqp/{wording}.txt:1 " for wording in WORDINGS]
    unfilled = ("sources/mqp.py:10 ", *wordings, "references.bib ", "demo/mqp/test.tsv ")
    for place in unfilled:
        assert f"{place}still says TODO" in " ".join(first[1].split()), place
    assert "paper=None,  # TODO: leave this line out" in first[1]
    assert not any(f"{source}:" in first[1] for source in KEPT), "the new source disturbs others"
    assert last == (0, f"{len(KEPT) + 1} sources checked, 0 faults\n"), last[1]

    golden = checkout.path("tests/golden/MQP.txt").read_text("utf-8")
    assert "Question 1: May I keep otters with velt fever?\nQuestion 2: I have velt fever, and two otters." in golden
    assert golden.startswith("task    MQP\nsplit   train\nrecord  0\n")
    assert golden.endswith("\n5\n")


def test_the_example_is_the_source_itself() -> None:
    text = {block.file: block.text for block in blocks() if block.file}
    for file in ("sources/mqp.py", *(f"sources/instructions/MQP/{wording}.txt" for wording in WORDINGS)):
        assert text[file] == (CHECKOUT / file).read_text("utf-8"), f"{DOC.name} shows another {file}. Copy it there."
    entry = Bibliography.read().entries[registry()[SOURCE].citation]
    assert text["sources/references.bib"].strip() == entry, f"{DOC.name} shows another entry. Copy it there."


def test_every_command_of_the_page_exists() -> None:
    assert set(NOT_RUN) <= set(commands()), "NOT_RUN names a command that the page no longer has"
    known = {command.name or command.callback.__name__ for command in app.registered_commands if command.callback}
    makefile = (CHECKOUT / "Makefile").read_text("utf-8")
    for words in map(str.split, commands()):
        if words[0] == "medinst":
            assert words[1] in known, f"medinst has no command {words[1]}"
        elif words[0] == "make":
            missing = [target for target in words[1:] if not re.search(rf"^{target}:", makefile, re.M)]
            assert not missing, f"the Makefile has no target {missing}"
        else:
            assert words[0] in ("mv", "rm"), words
    assert "-m tests.golden.write" in makefile.split("\ngolden:")[1].split("\n\n")[0]


def test_the_page_has_five_steps_and_names_every_written_file(empty: Path) -> None:
    page = DOC.read_text("utf-8")
    assert re.findall(r"^## (\d)\.", page, re.M) == ["1", "2", "3", "4", "5"]
    for path in scaffold(SOURCE, empty):
        name = path.relative_to(empty).as_posix()
        places = (name, path.name, f"{path.parent.relative_to(empty).as_posix()}/")
        assert any(f"`{place}`" in page for place in places), name


# The scaffold alone


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """A checkout with a bibliography and nothing else."""
    (tmp_path / "sources").mkdir()
    entries = [f"@misc{{{key},\n  title = {{{key}}},\n}}" for key in ("adams1999tea", "Zuse2001tea")]
    (tmp_path / "sources" / "references.bib").write_text("\n\n".join(entries) + "\n")
    return tmp_path


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    ("source", "suggested"),
    [
        ("Tide-Notes", "tide_notes"),
        ("2cool", "cool"),
        ("a b", "a_b"),
        ("../up", "up"),
        ("", "my_corpus"),
        ("é", "my_corpus"),
    ],
)
def test_an_id_that_is_none_is_refused_with_a_better_one(empty: Path, source: str, suggested: str) -> None:
    before = contents(empty)
    with pytest.raises(MedinstError, match=rf"not a valid source id.*medinst new-source {suggested}$"):
        scaffold(source, empty)
    assert contents(empty) == before


@pytest.mark.parametrize("taken", ["sources/tide_notes.py", "demo/tide_notes/a.tsv", "sources/tide_notes/a.txt"])
def test_an_id_that_is_taken_is_refused(empty: Path, taken: str) -> None:
    (empty / taken).parent.mkdir(parents=True, exist_ok=True)
    (empty / taken).write_text("mine")
    before = contents(empty)
    with pytest.raises(MedinstError, match=r"`tide_notes` is taken: .* is there"):
        scaffold("tide_notes", empty)
    assert contents(empty) == before


def test_an_entry_that_is_there_is_not_written_twice(empty: Path) -> None:
    scaffold("tide_notes", empty)
    (empty / "sources" / "tide_notes.py").unlink()
    shutil.rmtree(empty / "demo")
    before = contents(empty)
    with pytest.raises(MedinstError, match="has an entry `TODO_tide_notes` already"):
        scaffold("tide_notes", empty)
    assert contents(empty) == before


def test_the_bibliography_stays_sorted_and_whole(empty: Path) -> None:
    before = Bibliography.read(empty / "sources" / "references.bib").entries
    scaffold("tide_notes", empty)
    after = Bibliography.read(empty / "sources" / "references.bib").entries
    assert list(after) == ["adams1999tea", "TODO_tide_notes", "Zuse2001tea"]
    assert {key: after[key] for key in before} == before


def test_a_module_with_any_id_is_in_good_style(empty: Path) -> None:
    for source in ("a", "a_source_with_an_id_that_nobody_would_want_to_type_more_than_once_in_a_lifetime"):
        scaffold(source, empty)
    ruff = [sys.executable, "-m", "ruff"]
    options = ["--config", str(CHECKOUT / "pyproject.toml"), "--no-cache", str(empty / "sources")]
    for command in (["check"], ["format", "--check"]):
        done = subprocess.run([*ruff, *command, *options], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
