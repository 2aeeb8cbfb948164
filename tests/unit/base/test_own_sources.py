"""Folders of one's own: how their sources are loaded, what is refused, and that nothing of them leaves."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_args

import pytest

import sources
from schemas.errors import DeclarationError, MedinstError, PublishError
from schemas.licence import Profile, together
from schemas.receipts import Order
from schemas.state import Built, State
from tasks.base.licences.bibliography import Bibliography
from tasks.base.paper import counts
from tasks.base.paper.parity import parity
from tasks.base.store.fingerprint import code_of
from tasks.base.store.pool import in_own_process
from tasks.base.store.root import Root
from tasks.build.builds.order import chosen_sources, make_order, refused
from tasks.build.builds.state import load_state, save_state
from tasks.build.fetch.lock import LockLine, committed_lock, lock_of, lock_text
from tasks.build.pipeline import work
from tasks.build.summary.changes import changes
from tasks.tools.declare.faults import faults, strangers
from tasks.tools.declare.scaffold import scaffold
from tests.support.places import CHECKOUT, DEMO

MODULE = '''"""Tide Notes: is the tide high?"""

from schemas.formats import Delimited
from schemas.licence import Licence
from schemas.source import Evidence, Part, Source
from schemas.task import TxtClass


SOURCE = Source(
    id="{id}",
    title="Tide Notes",
    about="Notes of tides.",
    homepage="the pier",
    citation="pier2026",
    licence=Licence.{licence},
    evidence=Evidence(url="the pier", words="Ours.", about=("all",)),
    files={{"tide.csv": ()}},
    format=Delimited(record="Text", fields={{"id": "id", "text": "text", "labels": "label"}}),
    documents="Notes come from no publication.",
    parts={{"main": Part(train="tide.csv")}},
    tasks=(TxtClass(name="{task}", classes={{"h": "high", "l": "low"}}),),
    {more}
)
'''


@pytest.fixture(autouse=True)
def _only_the_checkout() -> Iterator[None]:
    yield
    sources.use(())


@pytest.fixture
def own(tmp_path: Path) -> Callable[..., Path]:
    """A folder with a module, which is used."""

    def make(text: str = "", name: str = "tide", **facts: str) -> Path:
        folder = tmp_path / "own"
        folder.mkdir(exist_ok=True)
        told = {"id": "tide", "task": "TideNotes", "licence": "MIT", "more": "", **facts}
        (folder / f"{name}.py").write_text(text or MODULE.format(**told), "utf-8")
        sources.use(())
        sources.use([folder])
        return folder

    return make


def test_a_folder_adds_its_sources_and_is_forgotten_again(own: Callable[..., Path]) -> None:
    before = sources.registry()
    folder = own()
    assert set(sources.registry()) - set(before) == {"tide"}
    tide = sources.find("tide")
    assert (tide.own, tide.paper, tide.collection, sources.home("tide")) == (True, None, "own", folder.resolve())
    assert {name: source for name, source in sources.registry().items() if name != "tide"} == before
    assert tide in chosen_sources(make_order())
    sources.use(())
    assert sources.registry() == before
    with pytest.raises(DeclarationError, match="no source `tide`"):
        sources.find("tide")


def test_an_edited_module_is_loaded_anew(own: Callable[..., Path]) -> None:
    own()
    folder = own(task="OtherNotes")
    assert [task.name for task in sources.find("tide").tasks] == ["OtherNotes"]
    (folder / "_help.py").write_text("X = 1\n")
    assert "_help" not in sources.registry()


LINES = MODULE.format(id="tide", task="TideNotes", licence="MIT", more="")


@pytest.mark.parametrize(
    ("text", "name", "words"),
    [
        ("x = = 1\n", "tide", r"own/tide\.py:1 declares no sound source: invalid syntax"),
        ("x = 1\n\ny = nothing\n", "tide", r"own/tide\.py:3 declares .*NameError: name 'nothing'"),
        ("import no_such_module\n", "tide", r"own/tide\.py:1 declares .*No module named 'no_such_module'"),
        (LINES.replace("Licence.MIT", "Licence.MINE"), "tide", r"own/tide\.py:15 declares no sound source: .*MINE"),
        (LINES.replace('"main": Part', '"Main": Part'), "tide", r"own/tide\.py:9 declares no sound source: "),
        ("x = 1\n", "helper", r"own/helper\.py declares .*it has no SOURCE.*begin with `_`"),
        ("SOURCE = 1\n", "tide", r"own/tide\.py: expected `SOURCE = Source\(id='tide', …\)`, found int"),
        (LINES, "surf", r"own/surf\.py: expected .*id='surf'.*found the id 'tide'"),
        (LINES, "mqp", r"own/mqp\.py: the name `mqp` is taken by sources/mqp\.py"),
        (LINES.replace("TideNotes", "MQP"), "tide", r"own/tide\.py: the task `MQP` is declared by mqp too"),
    ],
)
def test_what_cannot_be_used_is_named(own: Callable[..., Path], text: str, name: str, words: str) -> None:
    own(text, name)
    with pytest.raises(DeclarationError, match=words):
        sources.registry()


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(DeclarationError, match=r"--sources .*nowhere: expected a folder.*medinst new-source"):
        sources.use([tmp_path / "nowhere"])
    assert sources.folders() == ()


def test_a_missing_instruction_is_named(own: Callable[..., Path]) -> None:
    folder = own()
    with pytest.raises(DeclarationError, match=rf"no short instruction. Write it: {folder}/instructions/TideNotes/"):
        sources.instruction(sources.tasks()["TideNotes"][1], "short")
    assert any("no guideline instruction" in fault for fault in faults("tide"))


def test_what_lies_beside_a_module_is_used(own: Callable[..., Path]) -> None:
    folder = own()
    line = LockLine("0" * 64, 1, "2026-11-30")
    (folder / "sources.lock").write_text(lock_text({"tide/tide.csv": line}))
    (folder / "references.bib").write_text("@misc{pier2026,\n  title = {Pier},\n}\n")
    (folder / "counts.csv").write_text("task,split,rows\nTideNotes,train,7\n")
    (folder / "instructions" / "Nothing").mkdir(parents=True)
    (folder / "instructions" / "Nothing" / "short.txt").write_text("x")
    assert committed_lock()["tide/tide.csv"] == line
    assert lock_of("tide") == folder.resolve() / "sources.lock"
    assert lock_of("mqp") == CHECKOUT / "sources" / "sources.lock"
    assert "pier2026" in Bibliography.read().entries
    assert counts.expected((), original=True)["TideNotes"] == {"train": 7}
    assert strangers() == ["instructions/Nothing/short.txt belongs to no source or task; rename or delete it"]
    (folder / "references.bib").write_text("@misc{mccreery2020mqp,\n  title = {Twice},\n}\n")
    with pytest.raises(DeclarationError, match=r"the entry `mccreery2020mqp` is in sources/references\.bib already"):
        Bibliography.read()


@pytest.mark.parametrize("profile", get_args(Profile))
@pytest.mark.parametrize("shareable", [False, True])
def test_only_what_is_declared_shareable_may_leave(own: Callable[..., Path], profile: Profile, shareable: bool) -> None:
    own(more="shareable=True," if shareable else "")
    tide = sources.find("tide")
    allowed = profile == "local" or shareable
    assert (tide.refused(profile) == {}) is allowed
    assert ("tide" not in refused(Order(profile=profile, sources=("tide",)))) is allowed
    assert tide.stays is not shareable


def test_the_licence_decides_on_what_is_shareable(own: Callable[..., Path]) -> None:
    own(more="shareable=True,", licence="UNKNOWN")
    assert sources.find("tide").refused("research") == {}
    assert "licence" in sources.find("tide").refused("open")["TideNotes"]


def test_a_release_with_it_is_refused_even_if_the_gate_were_not_there(own: Callable[..., Path]) -> None:
    from tasks.build.publish.release import _check_licences
    from tests.support.report_content import content

    own()
    made = content(1, profile="open")
    held = made.tasks[0].model_copy(update={"source": "tide", "licence": together(sources.find("tide").licences())})
    with pytest.raises(PublishError, match="shareable"):
        _check_licences(made.model_copy(update={"tasks": (held,)}), {"tide": sources.find("tide")})


def test_parity_leaves_it_out(own: Callable[..., Path]) -> None:
    before = parity({}, {})
    own()
    assert parity({"TideNotes": {"train": 1}}, {}) == before


def test_its_code_counts_and_moves_with_it(own: Callable[..., Path], tmp_path: Path) -> None:
    adapter = LINES + "\n\ndef adapt(row, tables):\n    yield {'text': row['a']}\n"
    folder = own(adapter)
    mark = code_of("sources.tide")
    shutil.copytree(folder, tmp_path / "moved")
    sources.use([tmp_path / "moved"])
    assert code_of("sources.tide") == mark
    (tmp_path / "changed").mkdir()
    (tmp_path / "changed" / "tide.py").write_text(adapter.replace("row['a']", "row['b']"))
    sources.use([tmp_path / "changed"])
    assert code_of("sources.tide") != mark


def _declared() -> list[str]:
    return [name for name, source in sources.registry().items() if source.own]


@pytest.mark.heavy
def test_other_processes_know_it(own: Callable[..., Path]) -> None:
    own()
    assert in_own_process(_declared) == ["tide"]


def test_an_order_tells_a_worker_where_it_is(own: Callable[..., Path]) -> None:
    folder = own()
    order = make_order(["tide"])
    assert order.folders == (str(folder.resolve()),)
    sources.use(())
    assert work.declaration("tide", order).title == "Tide Notes"
    assert work.declaration("mqp", Order()).id == "mqp"
    assert sources.folders() == ()


def test_the_environment_names_folders_too(own: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    folder = own()
    sources.use(())
    monkeypatch.setenv("MEDINST_SOURCES", str(folder))
    assert make_order().folders == (str(folder.resolve()),)


def test_a_build_with_it_is_not_read_without_it(own: Callable[..., Path], tmp_path: Path) -> None:
    folder = own()
    root = Root(str(tmp_path / "data"))
    order = make_order(["tide"], root=root.url)
    save_state(State(order=order, sources=(Built(source="tide"),)))
    assert load_state(root) is not None
    sources.use(())
    with pytest.raises(MedinstError, match=rf"not declared here: tide.*--sources {folder.resolve()}"):
        load_state(root)


@pytest.mark.heavy
def test_no_server_is_told_of_it(own: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    from flows import artifacts

    own()
    told: list[dict[str, Any]] = []
    for name in ("create_table_artifact", "create_markdown_artifact"):
        monkeypatch.setattr(artifacts, name, lambda **said: told.append(said))
    state = State(order=Order(), sources=(Built(source="mqp"), Built(source="tide")))
    artifacts.show_build(state, [], changes(None, state))
    assert [row["source"] for row in told[0]["table"]] == ["mqp"]
    assert told[0]["description"].endswith("; of your own, 1 not shown here")
    assert "tide" not in str(told)


def test_a_new_source_goes_into_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    written = scaffold("tide_notes", folder, own=True)
    names = {path.relative_to(folder).as_posix() for path in written}
    assert {"tide_notes.py", "references.bib", "demo/mirror.json", "demo/tide_notes/test.tsv"} <= names
    sources.use([folder])
    assert sources.find("tide_notes").stays
    assert any("tide_notes.py:1 still says TODO" in fault for fault in faults("tide_notes"))
    again = scaffold("surf_notes", folder, own=True)
    assert folder / "demo" / "mirror.json" not in again
    for taken in ("mqp", "tide_notes"):
        with pytest.raises(DeclarationError, match=f"`{taken}` is taken"):
            scaffold(taken, folder, own=True)
    assert DEMO.is_dir()
