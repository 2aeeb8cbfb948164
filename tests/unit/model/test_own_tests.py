"""Tests of one's own: a source says which splits are one, and training sets and the benchmark honour it."""

import csv
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl
import pytest

import sources
from schemas.errors import MedinstError
from schemas.state import State
from tasks.base.paper.held_out import held_out
from tasks.build.builds.state import save_state
from tasks.model.benchmark.write import write_benchmark
from tasks.model.mixture.recipe import load
from tasks.model.mixture.write import write_mixture
from tests.support.gathering import gather
from tests.support.manifests import check
from tests.support.places import DEMO

pytestmark = pytest.mark.heavy

MODULE = '''"""{name}: is the tide high?"""

from schemas.formats import Delimited
from schemas.licence import Licence
from schemas.source import Evidence, Part, Source
from schemas.task import TxtClass

SOURCE = Source(
    id="{name}",
    title="{name}",
    about="Notes of tides.",
    homepage="the pier",
    citation="pier2026",
    licence=Licence.CC0_1_0,
    evidence=Evidence(url="the pier", words="Ours.", about=("all",)),
    files={{"train.csv": (), "test.csv": ()}},
    format=Delimited(record="Text", fields={{"id": "id", "text": "text", "labels": "label"}}),
    documents="Notes come from no publication.",
    parts={{"main": Part(train="train.csv", test="test.csv")}},
    tasks=(TxtClass(name="{task}", classes={{"h": "high", "l": "low"}}),),
    tests={tests},
)
'''

SHARED = "The harbor bell rang twice before the seventh wave came over the wall"
"""A text that is in the test of one corpus and in the training set of the other."""


@pytest.fixture(autouse=True)
def _only_the_checkout() -> Iterator[None]:
    yield
    sources.use(())


Make = Callable[..., State]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """A build of two own corpora, `tide` and `surf`, and of some that are declared here."""

    def table(path: Path, rows: list[str]) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(
                [("id", "text", "label"), *((f"n{i}", row, "hl"[i % 2]) for i, row in enumerate(rows))]
            )

    def build(tests: str, *others: str, profile: str = "local") -> State:
        folder, mirror = tmp_path / "own", tmp_path / "mirror"
        for name, task, said in (("tide", "TideNotes", tests), ("surf", "SurfNotes", "{}")):
            (folder / "instructions" / task).mkdir(parents=True, exist_ok=True)
            for wording in ("standard", "short", "guideline"):
                (folder / "instructions" / task / f"{wording}.txt").write_text(
                    'Is the tide "high" or "low"?\n', "utf-8"
                )
            (folder / f"{name}.py").write_text(MODULE.format(name=name, task=task, tests=said), "utf-8")
        entry = "@misc{pier2026,\n  title = {Notes},\n  year  = {2026},\n}\n"
        (folder / "references.bib").write_text(entry, "utf-8")
        table(mirror / "tide" / "train.csv", [f"Tide note {word} of the year" for word in ("one", "two", "six", "ten")])
        table(mirror / "tide" / "test.csv", [SHARED, "A quiet pier at noon and no wind at all"])
        table(mirror / "surf" / "train.csv", [SHARED, "Surf was white at dawn", "Gulls sat on the mole"])
        table(mirror / "surf" / "test.csv", ["Nobody went out to sea today", "The buoy sank in the evening"])
        (mirror / "mirror.json").write_text('{"original": false}', "utf-8")
        for name in others:
            shutil.copytree(DEMO / name, mirror / name, dirs_exist_ok=True)
        sources.use(())
        sources.use([folder])
        state = gather(tmp_path / "root", mirror, ("tide", "surf", *others), profile=profile)
        save_state(state)
        return state

    return build


HELD = '{"TideNotes": ("test",)}'


def drawn(state: State, recipe: str) -> pl.DataFrame:
    """The rows of a mixture."""
    return pl.read_parquet(Path(write_mixture(state, load(recipe)).uri, "data", "**", "*.parquet"))


def test_a_held_out_task_is_no_training_task_of_unseen_mixtures(make: Make) -> None:
    state = make(HELD)
    assert {*held_out("own")} == {"TideNotes"}
    assert len(held_out("paper")) == 32
    for name, tasks in (("merged_train_100k", {"TideNotes", "SurfNotes"}), ("unseen_train_100k", {"SurfNotes"})):
        found = drawn(state, name)
        assert {*found["task"]} == tasks, name
        assert not found["input"].str.contains(SHARED).any(), "what a test has is in no training set"


def test_a_split_that_is_a_test_is_not_trained_on(make: Make) -> None:
    """Also where it is called train."""
    state = make('{"TideNotes": ("train", "test")}')
    found = drawn(state, "merged_train_100k")
    assert {*found["task"]} == {"SurfNotes"}


def test_another_declaration_makes_the_audit_anew(make: Make) -> None:
    before, after = make("{}").audit, make('{"TideNotes": ("train",)}').audit
    assert before is not None
    assert after is not None
    assert before.place != after.place
    assert before.tested["TideNotes"] == 2
    assert after.tested["TideNotes"] == 6


def test_a_benchmark_of_them(make: Make) -> None:
    state = make(HELD)
    release = write_benchmark(state, "local", collection="own")
    check(release.uri, "benchmark")
    card = Path(release.uri, "README.md").read_text("utf-8")
    assert card.split("---\n")[2].strip().startswith(f"# Tests of our own {release.version}")
    test = pl.read_parquet(Path(release.uri, "data/TideNotes/test.parquet"))
    assert (test.height, test["history"].list.len().to_list()) == (2, [2, 2]), "examples are of its own training set"
    assert {*pl.read_parquet(Path(release.uri, "data/unseen_train/train.parquet"))["task"]} == {"SurfNotes"}
    assert release.tasks == 1
    assert not release.partial


def test_they_stand_beside_those_of_the_paper_on_request(make: Make) -> None:
    state = make(HELD, "anem")
    both = write_benchmark(state, "local", collection="all")
    ours = write_benchmark(state, "local")
    assert both.tasks == ours.tasks + 1
    assert both.version != ours.version
    assert not Path(ours.uri, "data/TideNotes").exists()
    unseen = pl.read_parquet(Path(ours.uri, "data/unseen_train/train.parquet"))
    assert {*unseen["task"]} == {"SurfNotes"}


def test_where_there_are_none_it_is_said(make: Make) -> None:
    state = make("{}")
    with pytest.raises(
        MedinstError, match=r"none of the 0 held-out tasks of the collection `own`. Say in a declaration"
    ):
        write_benchmark(state, "local", collection="own")
    with pytest.raises(MedinstError, match="none of the 32 held-out tasks of the collection `paper`"):
        write_benchmark(state, "local")


@pytest.mark.parametrize(
    ("tests", "words"),
    [
        ('{"Other": ("test",)}', r"names the task 'Other', but it declares \['TideNotes'\]"),
        ('{"TideNotes": ()}', "none is named"),
        ('{"TideNotes": ("dev",)}', r"TideNotes has the splits \['test', 'train'\], \['dev'\] are not among them"),
    ],
)
def test_what_cannot_be_a_test_is_refused(make: Make, tests: str, words: str) -> None:
    with pytest.raises(MedinstError, match=words):
        make(tests)
