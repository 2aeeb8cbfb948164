"""What counts for a fingerprint is derived from the code: all that a stage reaches, and nothing beside it."""

import ast
import copy
import re
import sys
import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from schemas.formats import Iob, JsonRows, PubTator
from schemas.task import Coref, Ner, Te
from sources import registry
from sources import tasks as declared_tasks
from tasks.base.store.closure import APART, BY_VALUE, OPTIONAL, PACKAGES, PROJECT, Project, version
from tasks.build.read import readers
from tasks.build.render import renderers

HERE = Project()
IOB, PUBTATOR, JSON = Iob(), PubTator(vocabulary="MeSH"), JsonRows(record="Pair", fields={"first": "a", "second": "b"})
NER, TE = Ner(name="T", types={"X": "x"}), Te(name="T", first="A", second="B", classes={"x": "x", "y": "y"})

STAGES: dict[str, tuple[str, ...]] = {
    "pack a mirror's folder": ("tasks.build.fetch.pack",),
    "read IOB": ("tasks.build.read.stage", *readers.modules(IOB)),
    "read PubTator": ("tasks.build.read.stage", *readers.modules(PUBTATOR)),
    "read JSON": ("tasks.build.read.stage", *readers.modules(JSON)),
    "render entities": ("tasks.build.render.stage", *renderers.modules(NER)),
    "render chains": ("tasks.build.render.stage", *renderers.modules(Coref(name="T"))),
    "render pairs": ("tasks.build.render.stage", *renderers.modules(TE)),
    "deduplicate": ("tasks.build.deduplicate.stage",),
    "index": ("tasks.build.audit.index",),
    "audit": ("tasks.build.audit",),
    "remove": ("tasks.build.audit.remove",),
    "diagnose": ("tasks.build.diagnose.stage",),
    "profile": ("tasks.build.judge.samples",),
    "measure": ("tasks.build.judge.measure",),
    "judge": ("tasks.build.judge.validate",),
    "release": ("tasks.build.pipeline.finish",),
    "benchmark": ("tasks.model.benchmark.write",),
    "mixture": ("tasks.model.mixture.write",),
    "export": ("tasks.model.export.write",),
    "base model": ("tasks.model.finetune.scratch",),
    "merged model": ("tasks.model.finetune.merge",),
    "model": ("tasks.model.finetune.train",),
    "baseline": ("tasks.model.baseline.train",),
    "model by rewards": ("tasks.model.finetune.reinforce",),
}

SHAPING: dict[str, str] = {
    "pack a mirror's folder": "tasks.build.fetch.pack",
    "read IOB": "tasks.build.read.iob tasks.build.read.reading tasks.build.read.correct "
    "tasks.build.clean.cleanups tasks.build.unpack.archive schemas.records",
    "read PubTator": "tasks.build.read.pubtator tasks.build.read.files tasks.build.read.check tasks.build.read.twice "
    "tasks.build.read.each tasks.build.read.concepts tasks.build.unpack.globs tasks.build.clean.documents "
    "tasks.build.clean.edits",
    "read JSON": "tasks.build.read.json_rows tasks.build.read.adapted tasks.build.read.json_stream "
    "tasks.build.clean.rows tasks.build.clean.listed",
    "render entities": "tasks.build.render.documents medinst_eval.grammar.answers medinst_eval.grammar.brackets "
    "tasks.build.render.expressions tasks.build.render.annotations tasks.build.render.ends tasks.base.store.hashing",
    "render chains": "tasks.build.render.chains tasks.build.render.annotations schemas.records",
    "render pairs": "tasks.build.render.rows medinst_eval.grammar.plain tasks.build.render.document schemas.sample",
    "deduplicate": "tasks.build.deduplicate.stage tasks.build.deduplicate.decide tasks.build.deduplicate.conflicts "
    "tasks.build.deduplicate.published medinst_eval.grammar.answers tasks.base.store.rejects",
    "index": "tasks.build.audit.keys tasks.build.audit.windows tasks.build.audit.words",
    "audit": "tasks.build.audit.bloom tasks.build.audit.near tasks.build.audit.similarity tasks.build.audit.leaks "
    "tasks.build.audit.looks tasks.build.audit.pieces "
    "schemas.audit",
    "remove": "tasks.build.audit.remove tasks.base.store.rejects",
    "diagnose": "tasks.build.diagnose.annotations tasks.build.diagnose.consistency tasks.build.diagnose.names "
    "tasks.build.diagnose.overlap tasks.build.render.annotations tasks.build.audit.index schemas.records",
    "profile": "tasks.build.judge.shown tasks.build.judge.ledger tasks.build.judge.answers tasks.build.judge.personal "
    "medinst_eval.grammar.answers schemas.personal",
    "measure": "tasks.build.judge.profile tasks.build.judge.published tasks.build.judge.ledger schemas.profile",
    "judge": "expectations.samples expectations.site expectations/pages/page.j2 expectations/pages/page.css",
    "release": "tasks.base.licences.terms tasks.build.publish.croissant tasks.build.report.treemap expectations.site "
    "tasks/build/publish/templates/card.md.j2 tasks/build/report/templates/tables.js tasks/base/pages/scripts/heat.js "
    "tasks/base/pages/templates/colours.css.j2 sources/references.bib",
    "benchmark": "tasks.base.licences.terms tasks.model.benchmark.tiers tasks.model.benchmark.repeats "
    "tasks.model.benchmark.facts tasks.model.benchmark.examples tasks.model.score.items medinst_eval.metrics.reading "
    "tasks.model.mixture.quotas tasks.model.mixture.limits tasks.model.draw.overlap "
    "tasks/model/benchmark/templates/benchmark.md.j2 expectations/medinst32.csv",
    "mixture": "tasks.base.licences.terms tasks.base.versions.manifest tasks.model.mixture.shuffle "
    "tasks.model.mixture.limits tasks.model.draw.overlap tasks/base/pages/templates/overlap.md.j2 "
    "tasks/model/mixture/templates/mixture.md.j2 tasks/base/pages/templates/terms.md.j2",
    "export": "tasks.model.export.forms tasks.model.export.shards tasks/model/export/templates/export.md.j2",
    "base model": "tasks.model.finetune.data",
    "merged model": "tasks.model.finetune.merge",
    "model": "tasks.model.finetune.data tasks.model.evaluate.questions",
    "baseline": "tasks.model.baseline.encoder tasks.model.baseline.linear tasks.model.baseline.network "
    "tasks.model.baseline.rows tasks.model.baseline.spans tasks.build.audit.index medinst_eval.metrics.strict",
    "model by rewards": "tasks.model.finetune.prompts tasks.model.finetune.reinforce_callback "
    "tasks.model.finetune.merge tasks.model.finetune.train tasks.model.export.verifiable medinst_eval.rewards.kinds "
    "medinst_eval.metrics.reading",
}
"""Of each stage some of what must be in its closure: another derivation that misses them is wrong."""


def changed(name: str, change: Callable[[bytes], bytes]) -> Project:
    """The checkout with one file changed."""
    return seen(lambda path: change(HERE._read(path)) if path == PROJECT / name else HERE._read(path))


def seen(read: Callable[[Path], bytes]) -> Project:
    """The checkout as somebody else reads it; what is where is known already."""
    project = copy.copy(HERE)
    project._read = read  # pyright: ignore[reportAttributeAccessIssue]
    return project


def file_of(module: str) -> str:
    path = HERE.path(module)
    assert path is not None
    return path.relative_to(PROJECT).as_posix()


@cache
def mark(stage: str) -> object:
    return HERE.mark(*STAGES[stage])


@cache
def other(text: bytes) -> bytes:
    """Other code, or another file of data."""
    return text + b"\n_changed = 1\n"


@cache
def described(text: bytes) -> bytes:
    """The same code with another docstring and a comment."""
    body = ast.parse(text).body
    lines = text.decode().splitlines()
    first = body[0].end_lineno if body and ast.get_docstring(ast.parse(text)) else 0
    return "\n".join(['"""Other words."""', "# and a comment", *lines[first:], ""]).encode()


INSIDE = [(stage, name) for stage, roots in STAGES.items() for name in HERE.closure(*roots).modules]
DATA = [(stage, name) for stage, roots in STAGES.items() for name in HERE.closure(*roots).files]


@pytest.mark.heavy  # eight hundred cases, little each
@pytest.mark.parametrize(("stage", "module"), INSIDE)
def test_a_change_in_a_module_of_the_closure_moves_the_fingerprint_and_words_do_not(stage: str, module: str) -> None:
    name = file_of(module)
    assert changed(name, other).mark(*STAGES[stage]) != mark(stage)
    assert changed(name, described).mark(*STAGES[stage]) == mark(stage)


@pytest.mark.parametrize(("stage", "name"), DATA)
def test_a_change_in_a_data_file_or_template_moves_the_fingerprint(stage: str, name: str) -> None:
    assert changed(name, other).mark(*STAGES[stage]) != mark(stage)


@pytest.mark.parametrize("stage", STAGES)
def test_a_change_outside_does_not(stage: str) -> None:
    closure = HERE.closure(*STAGES[stage])
    inside = {*map(file_of, closure.modules), *closure.files}
    everything = {path for path in _files() if path.relative_to(PROJECT).as_posix() not in inside}
    elsewhere = seen(lambda path: other(HERE._read(path)) if path in everything else HERE._read(path))
    assert len(everything) > 200
    assert elsewhere.mark(*STAGES[stage]) == mark(stage)


def _files() -> list[Path]:
    return [path for package in PACKAGES for path in (PROJECT / package).rglob("*.*") if path.suffix != ".pyc"]


@pytest.mark.parametrize("stage", STAGES)
def test_what_shapes_bytes_is_in_the_closure(stage: str) -> None:
    closure = HERE.closure(*STAGES[stage])
    assert set(SHAPING[stage].split()) <= {*closure.modules, *closure.files}


@pytest.mark.parametrize("stage", [stage for stage in STAGES if "model" not in stage])
def test_the_libraries_that_write_bytes_are_in_the_closure(stage: str) -> None:
    libraries = HERE.closure(*STAGES[stage]).libraries
    wanted = {
        "pack a mirror's folder": set[str](),
        "judge": {"great_expectations", "jinja2"},
        "release": {"great_expectations", "jinja2"},
    }
    assert wanted.get(stage, {"polars", "pyarrow"}) <= set(libraries)
    assert all(version(name) for name in libraries)


def test_another_version_of_a_library_moves_the_fingerprint(monkeypatch: pytest.MonkeyPatch) -> None:
    before = mark("deduplicate")
    monkeypatch.setattr("tasks.base.store.closure.version", lambda name: "0" if name == "polars" else version(name))
    assert HERE.mark(*STAGES["deduplicate"]) != before


# The registries


def _alone(kind: str) -> dict[str, set[str]]:
    """Module of a reader or renderer -> the sources or tasks whose closure has it."""
    found: dict[str, set[str]] = {}
    for source in registry().values():
        if kind == "read":
            roots = {name for part in source.parts for name in readers.modules(source.format_of(part))}
        else:
            roots = {name for task in source.tasks for name in renderers.modules(task)}
        for name in HERE.closure(f"tasks.build.{kind}.stage", *roots).modules:
            found.setdefault(name, set()).add(source.id)
    return found


def test_a_reader_counts_for_the_sources_of_its_formats_alone() -> None:
    found = _alone("read")
    of = {
        module: {
            source.id
            for source in registry().values()
            if any(module in readers.modules(source.format_of(part)) for part in source.parts)
        }
        for module in ("tasks.build.read.bioc", "tasks.build.read.pubtator", "tasks.build.read.standoff")
    }
    assert all(found[module] == sources for module, sources in of.items())
    assert all(0 < len(sources) < len(registry()) / 2 for sources in of.values())
    assert len(found["tasks.build.read.stage"]) == len(registry())


def test_a_renderer_counts_for_its_tasks_alone() -> None:
    found = _alone("render")
    both = found["tasks.build.render.documents"] | found["tasks.build.render.rows"]
    assert both == {source.id for source in registry().values() if source.tasks}
    assert found["tasks.build.render.documents"] != found["tasks.build.render.rows"]


def test_every_reader_and_renderer_is_registered_where_it_is_looked_for() -> None:
    for source in registry().values():
        for part in source.parts:
            assert readers.modules(source.format_of(part)) != ("tasks.build.read",), source.id
    for _, task in declared_tasks().values():
        assert set(renderers.modules(task)) & {"tasks.build.render.documents", "tasks.build.render.rows"}


# The exceptions


@pytest.mark.parametrize("name", APART)
def test_what_is_apart_is_there_is_needed_and_makes_no_bytes(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert HERE.path(name) is not None
    monkeypatch.setattr("tasks.base.store.closure.APART", {other: why for other, why in APART.items() if other != name})
    reached = {module for roots in STAGES.values() for module in Project().closure(*roots).modules}
    below = {module for module in reached if module == name or module.startswith(f"{name}.")}
    assert below, "no stage reaches it: the line is not needed"
    for module in below & WRITERS.keys():
        pytest.fail(f"{module} {WRITERS[module]}")


WRITERS = {
    "tasks.base.store.hashing": "makes ids",
    "tasks.base.store.parquet": "says how Parquet is written",
    "tasks.base.store.rejects": "writes rejects",
}


BESIDE = {"tasks.base.predictions", "tasks.build.catalogue", "tasks.build.diff", "tasks.build.fetch"}
"""They make tables or pages, beside what has a version."""


@pytest.mark.parametrize("name", sorted(APART.keys() - BESIDE))
def test_what_is_apart_makes_no_text_or_table(name: str) -> None:
    """It holds none of the calls that make rows, pages or numbers of what is published."""
    path = HERE.path(name)
    assert path is not None
    texts = [each.read_text() for each in (path.parent.rglob("*.py") if path.stem == "__init__" else [path])]
    making = re.compile(r"\b(sink_parquet|write_parquet|ParquetWriter|get_template|render\(|pl\.DataFrame|sample\()")
    assert not [found for text in texts for found in making.findall(text)]


def test_every_data_file_counts_somewhere_or_is_hashed_by_value() -> None:
    """A file that no code names would change bytes and no fingerprint."""
    names = [
        path.relative_to(PROJECT).as_posix()
        for path in _files()
        if path.suffix not in (".py",) and "__pycache__" not in path.parts and path.is_file()
    ]
    modules = [path.relative_to(PROJECT).with_suffix("") for path in _files() if path.suffix == ".py"]
    dotted = [".".join(path.parent.parts if path.name == "__init__" else path.parts) for path in modules]
    named = HERE._files(dotted)
    by_value = [name for name in names if any(name.startswith(f"{folder}/") for folder in BY_VALUE)]
    corrections = [name for name in names if re.fullmatch(r"sources/\w+\.corrections\.yml", name)]
    assert len(names) > 200
    assert set(names) - named - set(by_value) - set(corrections) == set()
    assert not named & set(by_value)
    assert all(any(name.startswith(f"{folder}/") for name in by_value) for folder in BY_VALUE)


def test_optional_libraries_are_those_that_can_be_missing() -> None:
    imported = {
        library
        for roots in STAGES.values()
        for name in HERE.closure(*roots).modules
        for library in HERE._imported(name)
    }
    assert imported >= OPTIONAL
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    always = {re.split(r"[^\w-]", line)[0].replace("-", "_") for line in project["dependencies"]}
    assert not always & OPTIONAL


# The rules


@pytest.fixture
def checkout(tmp_path: Path) -> Callable[..., Project]:
    def make(**files: str) -> Project:
        for name, text in files.items():
            path = tmp_path / "tasks" / name.replace("__", "/").replace("_dot_", ".")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        (tmp_path / "tasks" / "__init__.py").touch()
        return Project(tmp_path)

    return make


def test_imports_within_functions_count_and_those_for_type_checkers_do_not(checkout: Callable[..., Project]) -> None:
    project = checkout(
        a_dot_py="from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from tasks.b import B\nelse:\n"
        "    import tasks.d\n"
        "def f():\n    from tasks.c import g\n    import numpy.linalg\n    return g\n",
        b_dot_py="B = 1\n",
        c_dot_py="def g(): pass\n",
        d_dot_py="",
    )
    found = project.closure("tasks.a")
    assert found.modules == ("tasks.a", "tasks.c", "tasks.d")
    assert found.libraries == ("numpy",)


def test_a_name_that_a_package_passes_on_counts_where_it_is_defined(checkout: Callable[..., Project]) -> None:
    (files := {"a_dot_py": "from tasks.p import one\n"}).update(
        {"p__init_dot_py": "", "p__x_dot_py": "one = 1\n", "p__y_dot_py": "two = 2\n"}
    )
    project = checkout(**files)
    place = project.folder / "tasks" / "p"
    (place / "__init__.py").write_text("from tasks.p.x import one\nfrom tasks.p.y import two\nthree = one + two\n")
    (project.folder / "tasks" / "b.py").write_text("from tasks.p import three\n")
    assert project.closure("tasks.a").modules == ("tasks.a", "tasks.p.x")
    assert project.closure("tasks.b").modules == ("tasks.b", "tasks.p", "tasks.p.x", "tasks.p.y")


def test_circles_end(checkout: Callable[..., Project]) -> None:
    project = checkout(a_dot_py="import tasks.b\n", b_dot_py="def f():\n    import tasks.a\n")
    assert project.closure("tasks.b").modules == ("tasks.a", "tasks.b")


def test_data_counts_by_its_name_that_of_its_folder_or_from_a_template(checkout: Callable[..., Project]) -> None:
    project = checkout(
        a_dot_py='"""other.csv"""\nNAMES = "x.csv", "y.j2", f"{1}.yml"\n',
        x_dot_csv="",
        other_dot_csv="",
        templates__y_dot_j2='{% include "z.css" %}',
        shared__z_dot_css="",
        pages__p_dot_j2="",
        **{"1_dot_yml": ""},
    )
    assert project.closure("tasks.a").files == ("tasks/shared/z.css", "tasks/templates/y.j2", "tasks/x.csv")
    (project.folder / "tasks" / "a.py").write_text('F = "pages"\n')
    assert Project(project.folder).closure("tasks.a").files == ("tasks/pages/p.j2",)


def test_a_module_that_is_not_there_is_named() -> None:
    with pytest.raises(ModuleNotFoundError, match=r"`tasks\.nothing`"):
        HERE.closure("tasks.nothing")


# The calls


def test_no_call_names_a_list_of_modules() -> None:
    """A stage gives its own name, one module's, or what a registry finds: never a list that somebody must keep."""
    dotted = re.compile(rf"({'|'.join(PACKAGES)})(\.\w+)+")
    calls = 0
    for path in _callers():
        tree = ast.parse(path.read_bytes())
        given: set[ast.AST] = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "code_of":
                calls += 1
                first, *others = node.args
                given.add(first)
                assert ast.unparse(first) == "__name__" or isinstance(first, ast.Constant), path
                assert all(isinstance(other, ast.Starred) and ".modules(" in ast.unparse(other) for other in others)
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in given:
                assert not (dotted.fullmatch(node.value) and HERE.path(node.value)), f"{path}: {node.value}"
    assert calls >= len({roots[0] for roots in STAGES.values()})


def _callers() -> list[Path]:
    """The modules that ask for a hash of code, without the one that makes it."""
    texts = {path: path.read_text() for path in _files() if path.suffix == ".py"}
    return [path for path, text in texts.items() if "code_of(" in text and path.name != "fingerprint.py"]


def test_every_stage_is_tested_here() -> None:
    """The modules that ask for their own code, or name a module, are the stages above."""
    named: set[str] = set()
    for path in _callers():
        parts = path.relative_to(PROJECT).with_suffix("").parts
        own = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        given = re.findall(r"\bcode_of\(([\"\w.]+)", path.read_text())
        named |= {own if name == "__name__" else name.strip('"') for name in given}
    assert named == {roots[0] for roots in STAGES.values()}


def test_no_module_is_looked_for_by_a_relative_import() -> None:
    relative = [
        path
        for path in _files()
        if path.suffix == ".py"
        for node in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    assert relative == []
    assert sys.version_info[:2] in HERE.mark("tasks.build.read.iob")  # pyright: ignore[reportOperatorIssue]
