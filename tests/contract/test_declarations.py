"""Every declaration is whole, small and of one kind; readers know formats only; dependencies point one way."""

import ast
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

import tasks.tools.declare.faults
from schemas.correction import Correction
from schemas.formats import Iob, PubTator
from schemas.source import Evidence, Part, Source
from schemas.task import Coref, Ned, Ner, Qa, Task, TxtClass
from sources import FOLDER, registry
from sources import tasks as declared
from tasks.tools.declare.faults import READS, faults, strangers
from tests.support.places import CHECKOUT

NAMES = list(registry())
MODULE_LINES, ADAPTER_LINES = 100, 15


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def module(name: str) -> Path:
    return FOLDER / f"{name}.py"


# Every source


@pytest.mark.parametrize("name", NAMES)
def test_has_no_fault(name: str) -> None:
    found = list(faults(name))
    assert not found, f"{name}:\n- " + "\n- ".join(found) + "\nWhen mended: medinst check"


def test_nothing_lies_about_that_belongs_to_no_source() -> None:
    assert strangers() == []


@pytest.mark.parametrize("name", NAMES)
def test_is_small(name: str) -> None:
    lines = len(module(name).read_text(encoding="utf-8").splitlines())
    assert lines <= MODULE_LINES, (
        f"sources/{name}.py has {lines} lines. Write at most {MODULE_LINES}: what reads belongs into tasks/build/read/."
    )


@pytest.mark.parametrize("name", NAMES)
def test_has_short_adapters_only(name: str) -> None:
    long = {
        node.name: node.end_lineno - node.lineno + 1
        for node in ast.walk(tree(module(name)))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno + 1 > ADAPTER_LINES
    }
    assert not long, (
        f"sources/{name}.py has functions of more than {ADAPTER_LINES} lines: {long}. Make them options of the format."
    )


@pytest.mark.parametrize("name", NAMES)
def test_says_in_a_line_what_it_is(name: str) -> None:
    words = ast.get_docstring(tree(module(name)))
    assert words, f"sources/{name}.py has no docstring. Say on its first line what the dataset is."
    assert "\n" not in words, f"sources/{name}.py has a docstring of several lines. Keep one."
    assert words.endswith((".", "?")), f"sources/{name}.py has a docstring that is not a sentence. End it."


# Readers know formats, never a source


CODE = [path for folder in ("tasks", "flows") for path in sorted((CHECKOUT / folder).rglob("*.py"))]


def names_of(source: Source) -> set[str]:
    """What would betray that code knows a source: its id, its title and the hosts that it is fetched from."""
    addresses = [url for file in source.files for url in source.urls(file)]
    return {source.id, source.title, *(urlsplit(address).netloc for address in addresses)} - {""}


def known(text: str, source: Source) -> list[str]:
    return sorted(name for name in names_of(source) if re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text))


@pytest.mark.parametrize("path", CODE, ids=lambda path: path.relative_to(CHECKOUT).as_posix())
def test_code_knows_no_source(path: Path) -> None:
    text = re.sub(r"^    Example: medinst .*$", "", path.read_text(encoding="utf-8"), flags=re.M)  # of a command
    found = {source.id: names for source in registry().values() if (names := known(text, source))}
    assert not found, (
        f"{path.relative_to(CHECKOUT)} knows {found}. Make it an option in schemas/formats/ that a source declares."
    )


def test_a_source_in_code_would_be_seen() -> None:
    for source in registry().values():
        assert known(f"if source.id == {source.id!r}:", source) == [source.id]
        assert source.title in known(f"# as in {source.title}, where", source)


# Dependencies point one way

ALLOWED = {
    "schemas": {"schemas"},
    "sources": {"schemas", "sources"},
    "expectations": {"schemas", "expectations"},
    "medinst_eval": {"medinst_eval"},
    "tasks": {"medinst_eval", "schemas", "sources", "expectations", "tasks"},
    "flows": {"medinst_eval", "schemas", "sources", "expectations", "tasks", "flows"},
}
OURS = {*ALLOWED, "tests"}


def imported(path: Path) -> set[str]:
    """The folders of ours that a module imports, at its top or later."""
    found: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, (
                f"{path.relative_to(CHECKOUT)}:{node.lineno} imports relatively. Write the whole name."
            )
            found.add(node.module or "")
    return {name.split(".")[0] for name in found} & OURS


@pytest.mark.parametrize("folder", ALLOWED)
def test_dependencies_point_one_way(folder: str) -> None:
    paths = sorted((CHECKOUT / folder).rglob("*.py"))
    assert paths
    wrong = {
        path.relative_to(CHECKOUT).as_posix(): sorted(names)
        for path in paths
        if (names := imported(path) - ALLOWED[folder])
    }
    assert not wrong, f"{folder}/ may import {sorted(ALLOWED[folder])} only, found {wrong}. Move what is shared down."


@pytest.mark.parametrize("name", NAMES)
def test_a_source_imports_no_other(name: str) -> None:
    assert imported(module(name)) <= {"schemas"}, f"sources/{name}.py imports more than schemas. Declare, don't script."


# The faults themselves: each is found, and says what to do


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The faults of the first Ner source after some changes."""

    def found(name: str = "", **changes: Any) -> list[str]:
        source = pattern().model_copy(update=changes)
        monkeypatch.setattr(tasks.tools.declare.faults, "find", lambda _: source)
        return list(faults(name or source.id))

    return found


def pattern() -> Source:
    """A declared source that has a `Ner` of documents."""
    return next(
        source
        for source in registry().values()
        for task in source.tasks
        if isinstance(task, Ner) and task.answer == "brackets" and set(task.reads) == set(source.parts)
    )


def ner() -> Ner:
    return next(task for task in pattern().tasks if isinstance(task, Ner))


def changed(task: Task, **changes: Any) -> dict[str, Any]:
    return {"tasks": (task.model_copy(update=changes),)}


def test_the_pattern_is_sound(broken: Any) -> None:
    assert broken() == []


def labelled(label: str) -> dict[str, Any]:
    return changed(ner(), types={**ner().types, "Odd": label})


CASES = [
    ({"id": "elsewhere"}, "a module and its source have one name: rename"),
    ({"citation": "nobody1900"}, "has no entry 'nobody1900'; add it"),
    ({"homepage": "www.example.org"}, "homepage is 'www.example.org'; write the address of a page"),
    (
        {"evidence": Evidence(url="README", words="free to use", about=("all",))},
        "evidence.url is 'README'; write the address",
    ),
    ({"access": "registration", "apply": "by mail"}, "apply is 'by mail'; write the address"),
    ({"files": {**pattern().files, "more.zip": "https://example.org/x"}}, "no part reads the file 'more.zip'; name it"),
    (
        {"files": dict.fromkeys(pattern().files, ())},
        "has no address; give one, or say how the file is obtained: access",
    ),
    ({"files": dict.fromkeys(pattern().files, "example.org/x")}, "has the address 'example.org/x'; write it whole"),
    ({"parts": {**pattern().parts, "more": Part(format=Iob())}}, "no task reads the part 'more'; name it in a task"),
    (changed(ner(), name="Not-In-The-Paper"), "is not in expectations/paper.csv; a task has the name of its row"),
    (
        changed(ner(), name="Not-In-The-Paper"),
        "tests/golden/Not-In-The-Paper.txt is missing; write and read it: make golden",
    ),
    (
        changed(ner(), name="Not-In-The-Paper"),
        "no standard instruction. Write it: sources/instructions/Not-In-The-Paper/standard.txt",
    ),
    ({"tasks": (Coref(name=ner().name),)}, "is COREF here and NER in expectations/paper.csv"),
    ({"tasks": (Qa(name=ner().name),)}, "records of part 'main', but wants Question"),
    (labelled("thing that nobody names"), "'thing that nobody names' in double quotes; say what"),
    (labelled("odd [x]"), "has a label with '[', which answers need for themselves: rename 'odd [x]'"),
    (labelled("odd <x>"), "has a label with '<'"),
    (labelled("odd\\x"), "has a label with '\\\\'"),
    ({"tasks": (Ned(name=ner().name, databases=("A/B",)),)}, "has a label with '/'"),
    ({"tasks": (TxtClass(name=ner().name, classes={"a": "a, b", "c": "c"}),)}, "has a label with ', '"),
    ({"tasks": (Qa(name=ner().name, choices=("a, b", "c")),)}, "has a label with ', '"),
    (changed(ner(), ignore=(next(iter(ner().types)),)), "remove them from `types` or from `ignore`"),
    ({"documents": None}, "nothing says from which documents part 'main' is; add `documents`"),
    ({"documents": {r"(\d+)-(\d+)": "pmid"}}, "with 2 groups; leave one, around the identifier"),
    ({"documents": {r"(?!x)(\d+)": "pmid"}}, "which Polars cannot run; write it without look-around"),
    ({"format": Iob(), "parts": pattern().parts, "tasks": (Coref(name=ner().name),)}, "but wants Document"),
]


@pytest.mark.parametrize(("changes", "words"), CASES, ids=[words[:40] for _, words in CASES])
def test_a_fault_is_found_and_names_its_cure(broken: Any, changes: dict[str, Any], words: str) -> None:
    name = pattern().id if "id" in changes else ""
    found = broken(name, **changes)
    assert any(words in fault for fault in found), found


def test_a_task_that_two_sources_declare_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    source = pattern()
    twin = source.model_copy(update={"id": "twin"})
    monkeypatch.setattr(tasks.tools.declare.faults, "registry", lambda: {**registry(), "twin": twin})
    assert f"{source.tasks[0].name} is declared 2 times, by {source.id}, twin; keep one" in list(faults(source.id))


def test_a_correction_of_no_part_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    correction = Correction(part="nowhere", record="1", expect="x", action="drop", reason="It is odd.")
    monkeypatch.setattr(tasks.tools.declare.faults.correct, "load", lambda _: (correction,))
    assert any("a correction is for part 'nowhere'; there are" in fault for fault in faults(NAMES[0]))


def test_every_kind_of_task_says_what_it_reads() -> None:
    """A new kind of task that READS forgets would stop the check of every source that uses it."""
    for _, task in declared().values():
        assert any(isinstance(task, kind) for kind, _ in READS), type(task)
    assert PubTator(vocabulary="x").kind in READS[0][1]


STRAYS = [
    "sources/instructions/Nothing/standard.txt",
    "sources/instructions/BC5CDR/other.txt",
    "sources/nowhere.corrections.yml",
    "tests/golden/Nothing.txt",
    "demo/nowhere/a.tsv",
]


@pytest.mark.parametrize("stray", STRAYS)
def test_a_stray_file_is_found(stray: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / stray).parent.mkdir(parents=True)
    (tmp_path / stray).write_text("x")
    monkeypatch.setattr(tasks.tools.declare.faults, "_FOLDER", tmp_path)
    (found,) = strangers()
    assert found == f"{stray.removesuffix('/a.tsv')} belongs to no source or task; rename or delete it"


def test_todos_are_found_line_by_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = pattern()
    texts = {
        f"sources/{source.id}.py": "x = 1\ny = 'TODO: why'\n",
        f"sources/instructions/{ner().name}/standard.txt": "TODO say it.",
        f"demo/{source.id}/deep/a.tsv": "1\tTODO\n",
    }
    for name, text in texts.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.setattr(tasks.tools.declare.faults, "_FOLDER", tmp_path)
    found = [fault for fault in faults(source.id) if "TODO" in fault]
    assert found == [
        f"sources/{source.id}.py:2 still says TODO; fill it in: y = 'TODO: why'",
        f"sources/instructions/{ner().name}/standard.txt:1 still says TODO; fill it in: TODO say it.",
        f"demo/{source.id}/deep/a.tsv still says TODO; put invented records in the true layout there",
    ]


def test_a_missing_miniature_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks.tools.declare.faults, "_FOLDER", tmp_path)
    assert f"demo/{NAMES[0]}/ has no files; put a miniature" in " ".join(faults(NAMES[0]))
