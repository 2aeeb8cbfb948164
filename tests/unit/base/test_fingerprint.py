"""Fingerprints: a stage is done anew exactly when something that shapes its result has changed."""

import ast
import importlib.util
import itertools
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from schemas.formats import Iob, JsonRows, PubTator, Standoff
from schemas.licence import Licence
from schemas.receipts import Batch, Blob, Fetched
from schemas.source import Evidence, Part, Source
from schemas.task import Ner, Te
from tasks.base.store import fingerprint as marks
from tasks.base.store import parsed as parsing
from tasks.base.store.fingerprint import code_of, fingerprint
from tasks.base.store.parsed import parsed
from tasks.base.store.root import Root
from tasks.build.read import stage as reading
from tasks.build.render import stage as rendering
from tests.support.declared import NER, source
from tests.support.places import CHECKOUT

_numbers = itertools.count()


def version(text: str) -> str:
    """The hash of a module with some text."""
    return parsed(text.encode()).code


CODE = '''"""What it does."""

LIMIT = 3


class Box:
    """A box."""

    def size(self, x):
        """How large."""
        return x + LIMIT
'''


@pytest.mark.parametrize(
    "text",
    [
        CODE.replace('"""What it does."""', '"""Something else, at length."""'),
        CODE.replace('"""A box."""', '"""A crate."""'),
        CODE.replace('        """How large."""\n', ""),
        CODE.replace("LIMIT = 3", "LIMIT = 3  # because\n# of the size"),
        CODE.replace("x + LIMIT", "(\n            x\n            + LIMIT\n        )"),
        CODE.replace("\n\n\n", "\n\n"),
    ],
)
def test_words_and_layout_do_not_count(text: str) -> None:
    assert text != CODE
    assert version(text) == version(CODE)


@pytest.mark.parametrize(
    "text",
    [
        CODE.replace("LIMIT = 3", "LIMIT = 4"),
        CODE.replace("x + LIMIT", "LIMIT + x"),
        CODE.replace("self, x", "self, x=1"),
        CODE.replace("def size", "def length"),
        CODE.replace("x + LIMIT", '"How large."'),
        CODE + "\nBox.size = None\n",
    ],
)
def test_code_counts(text: str) -> None:
    assert version(text) != version(CODE)


def test_the_docstring_of_a_constant_does_not_count() -> None:
    assert version(CODE.replace("LIMIT = 3", 'LIMIT = 3\n"""The least."""')) == version(CODE)


def test_the_docstring_of_an_async_function_does_not_count() -> None:
    assert version('async def f():\n    """This."""\n    return 1\n') == version("async def f():\n    return 1\n")


def test_each_of_several_modules_counts() -> None:
    names = ("tasks.build.read.iob", "tasks.build.read.bioc")
    assert len({code_of(*names), *map(code_of, names)}) == 3
    assert code_of(*names) == code_of(*reversed(names))


def test_a_fingerprint_is_the_same_in_every_process() -> None:
    code = (
        "from tasks.base.store.fingerprint import fingerprint; from schemas.task import Ner; "
        "print(fingerprint({'b': 1, 'a': frozenset('xyz')}, Ner(name='T', types={'X': 'x'}), ('é', None, 1.5)))"
    )
    environments: Iterable[dict[str, str]] = ({"PYTHONHASHSEED": "1"}, {"PYTHONHASHSEED": "2"})
    found = [
        subprocess.run([sys.executable, "-c", code], cwd=CHECKOUT, env=env, capture_output=True, text=True, check=True)
        for env in environments
    ]
    here = fingerprint({"a": {"z", "y", "x"}, "b": 1}, Ner(name="T", types={"X": "x"}), ("é", None, 1.5))
    assert {each.stdout.strip() for each in found} == {here}
    assert len(here) == 16


def test_values_and_types_of_models_count() -> None:
    values = [1, "1", None, "", (1, 2), (2, 1), {"a": 1}, Standoff(), Iob(), Standoff(annotations=(".ann",))]
    assert len({fingerprint(value) for value in values}) == len(values)


@pytest.mark.parametrize("value", [object(), b"bytes"])
def test_what_has_no_stable_form_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="no place in a fingerprint"):
        fingerprint(value)


# The stages


def tea(**changes: Any) -> Source:
    files = {"a.txt": "https://example.org/a.txt"}
    return source(
        **{"files": files, "format": PubTator(vocabulary="MeSH"), "parts": {"main": Part(train="a.txt")}, **changes}
    )


BLOB = Blob(name="a.txt", url="https://example.org/a.txt", sha256="0" * 64, bytes=3, place="blobs/0")
ROOT = Root("/nowhere")


def read_mark(declared: Source, **changes: Any) -> str:
    fetched = Fetched(source="tea", blobs=(BLOB.model_copy(update=changes),))
    return reading.plan(declared, "main", fetched).fingerprint


def render_mark(declared: Source, prose: str = "Find things.", records: str = "r") -> str:
    batch = Batch(source="tea", part="main", fingerprint=records, place="records")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rendering, "instruction", lambda task, _wording: prose)
        return rendering.plan(declared, declared.tasks[0], [batch]).fingerprint


DESCRIPTIONS: list[dict[str, Any]] = [
    {"title": "Green tea"},
    {"about": "Other words."},
    {"homepage": "https://example.org/new"},
    {"citation": "tea2021"},
    {"evidence": Evidence(url="https://example.org/terms", words="Licence: MIT", about=("all",))},
    {"files": {"a.txt": "https://example.org/moved.txt"}},
    {"verified": False},
    {"access": "registration", "apply": "https://example.org"},
    {"tasks": (NER.model_copy(update={"answerable": "no", "because": "Nobody knows."}),)},
]


@pytest.mark.parametrize("changes", DESCRIPTIONS, ids=lambda changes: next(iter(changes)))
def test_a_description_rebuilds_nothing(changes: dict[str, Any]) -> None:
    assert read_mark(tea(**changes)) == read_mark(tea())
    assert render_mark(tea(**changes)) == render_mark(tea())


READ: list[dict[str, Any]] = [
    {"id": "coffee"},
    {"format": PubTator(vocabulary="OMIM")},
    {"format": PubTator(vocabulary="MeSH", encoding="latin-1")},
    {"format": Iob()},
    {"parts": {"main": Part(dev="a.txt")}},
    {"parts": {"main": Part(train="a.txt", test_ids=frozenset({"1"}))}},
    {"parts": {"main": Part(train={"texts": "a.txt"})}},
]


@pytest.mark.parametrize("changes", READ)
def test_what_shapes_records_is_read_anew(changes: dict[str, Any]) -> None:
    assert read_mark(tea(**changes)) != read_mark(tea())


def test_other_bytes_are_read_anew_and_another_place_is_not() -> None:
    assert read_mark(tea(), sha256="1" * 64) != read_mark(tea())
    assert read_mark(tea(), place="elsewhere/0", url="s3://mirror/a.txt") == read_mark(tea())


RENDER: list[dict[str, Any]] = [
    {"id": "coffee"},
    {"licence": Licence.CC0_1_0},
    {"language": "fr"},
    {"tasks": (Ner(name="T", types={"X": "object"}),)},
    {"tasks": (Ner(name="T", types={"X": "thing"}, ignore=("Y",)),)},
    {"tasks": (Ner(name="T", types={"X": "thing"}, keep="all"),)},
    {"tasks": (NER.model_copy(update={"discontinuous": True}),)},
    {"tasks": (Ner(name="U", types={"X": "thing"}),)},
]


@pytest.mark.parametrize("changes", RENDER)
def test_what_shapes_samples_is_rendered_anew(changes: dict[str, Any]) -> None:
    assert render_mark(tea(**changes)) != render_mark(tea())


def test_the_instruction_and_the_records_are_rendered_anew() -> None:
    assert render_mark(tea(), prose="Find every thing.") != render_mark(tea())
    assert render_mark(tea(), records="s") != render_mark(tea())


ADAPTED = '''"""Tea."""
SOURCE = dict(title="{title}")


def pairs(row, tables):
    """Pairs of a row."""
    yield {{"id": row["id"], "first": {first}, "second": "", "label": ""}}
'''


@pytest.fixture
def adapted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """The fingerprint of a part whose format has an adapter."""

    def mark(title: str = "Tea", first: str = 'row["a"]') -> str:
        path = tmp_path / f"{next(_numbers)}.py"
        path.write_text(ADAPTED.format(title=title, first=first), encoding="utf-8")
        spec = importlib.util.spec_from_file_location("adapter_of_a_test", path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        monkeypatch.setitem(sys.modules, "adapter_of_a_test", module)
        spec.loader.exec_module(module)
        marks._code_of.cache_clear()
        marks._project.cache_clear()
        task = Te(name="T", first="A", second="B", classes={"x": "x", "y": "y"})
        return read_mark(tea(format=JsonRows(record="Pair", adapt=module.pairs), tasks=(task,)))

    return mark


def test_the_code_of_an_adapter_counts(adapted: Callable[..., str]) -> None:
    assert adapted() == adapted()
    assert adapted(first='row["b"]') != adapted()


def test_a_title_beside_an_adapter_rebuilds_nothing(adapted: Callable[..., str]) -> None:
    assert adapted(title="Green tea") == adapted()


def test_one_thread_at_a_time_makes_a_syntax_tree(monkeypatch: pytest.MonkeyPatch) -> None:
    """Python 3.11 fails now and then when two do: `AST constructor recursion depth mismatch`."""
    at_work: list[bytes] = []
    most: list[int] = []

    def slow(text: bytes) -> ast.Module:
        at_work.append(text)
        time.sleep(0.01)
        most.append(len(at_work))
        at_work.remove(text)
        return ast.Module([], [])

    monkeypatch.setattr(parsing, "_tree", slow)
    texts = [f"x_{number} = 1".encode() for number in range(8)]
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(parsing.parsed.__wrapped__, texts))
    assert len(most) == len(texts)
    assert max(most) == 1
