"""Other wordings of instructions: in mixtures, and of a benchmark's questions."""

from pathlib import Path

import duckdb
import polars as pl
import pytest
from pydantic import ValidationError

from schemas.errors import EvaluationError, MixtureError
from schemas.mixture import Recipe
from tasks.base.store.root import Root
from tasks.base.versions.find import Found
from tasks.model.benchmark import place
from tasks.model.benchmark.place import Benchmark
from tasks.model.mixture import wording
from tests.support import manifests

TEXTS = {task: {each: f"{task} {each}" for each in ("standard", "short", "guideline")} for task in ("T", "U")}
COUNT = 900


def frames() -> dict[str, pl.LazyFrame]:
    ids = [f"{place:032x}" for place in range(COUNT)]
    return {task: pl.LazyFrame({"id": ids, "instruction": f"{task} standard", "row": range(COUNT)}) for task in TEXTS}


def drawn(*wordings: str, seed: int = 1) -> pl.DataFrame:
    recipe = Recipe.model_validate({"name": "test", "wordings": wordings, "seed": seed})
    found, _ = wording.reworded(frames(), recipe, Root("/nowhere"))
    return found["T"].collect()


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wording, "instructions", lambda _: TEXTS)


def test_a_mixture_has_the_standard_wording_without_asking_the_catalogue() -> None:
    recipe = Recipe(name="test")
    found, mark = wording.reworded(frames(), recipe, Root("/nowhere"))
    assert set(found["T"].collect()["instruction"]) == {"T standard"}
    assert mark is None


@pytest.mark.usefixtures("known")
def test_several_wordings_are_drawn_about_as_often() -> None:
    counts = dict(drawn("standard", "short", "guideline")["instruction"].value_counts().iter_rows())
    assert set(counts) == set(TEXTS["T"].values())
    assert all(COUNT / 3 * 0.8 < count < COUNT / 3 * 1.2 for count in counts.values()), counts


@pytest.mark.usefixtures("known")
def test_the_draw_depends_on_seed_and_id_alone() -> None:
    first = drawn("standard", "short")
    assert first.equals(drawn("standard", "short"))
    assert not first["instruction"].equals(drawn("standard", "short", seed=2)["instruction"])
    recipe = Recipe(name="test", wordings=("standard", "short"), seed=1)
    fewer, _ = wording.reworded({"T": frames()["T"].filter(pl.col("row") % 7 == 3)}, recipe, Root("/nowhere"))
    assert fewer["T"].collect().equals(first.filter(pl.col("row") % 7 == 3))


@pytest.mark.usefixtures("known")
def test_one_other_wording_is_that_of_all() -> None:
    assert set(drawn("guideline")["instruction"]) == {"T guideline"}


@pytest.mark.parametrize("wordings", [(), ("long",), ("short", "short")])
def test_unknown_repeated_or_no_wordings_are_refused(wordings: tuple[str, ...]) -> None:
    with pytest.raises(ValidationError, match="wordings"):
        Recipe.model_validate({"name": "test", "wordings": wordings})


def test_the_instructions_are_those_of_the_catalogue(monkeypatch: pytest.MonkeyPatch) -> None:
    listed = [(task, each, text) for task, texts in TEXTS.items() for each, text in texts.items()]
    monkeypatch.setattr(wording, "rows", lambda _root, _query: pl.DataFrame(listed, orient="row"))
    assert wording.instructions(Root("/nowhere")) == TEXTS


def test_a_catalogue_without_instructions_names_the_next_command(monkeypatch: pytest.MonkeyPatch) -> None:
    def rows(_root: Root, _query: str) -> pl.DataFrame:
        raise duckdb.CatalogException("Table instructions does not exist")

    monkeypatch.setattr(wording, "rows", rows)
    with pytest.raises(MixtureError, match=r"needs the table `instructions`.*medinst build"):
        wording.instructions(Root("/nowhere"))


def made(folder: Path, **files: object) -> Benchmark:
    """A benchmark with instructions."""
    listed = [(task, each, text) for task, texts in TEXTS.items() for each, text in texts.items()]
    path = folder / "benchmark" / "b1" / place.INSTRUCTIONS
    path.parent.mkdir(parents=True)
    pl.DataFrame(listed, ("task", "wording", "instruction"), orient="row").write_parquet(path)
    manifest = manifests.benchmark(files=files)
    return Found(Root(str(folder)), "benchmark/b1", manifest, "")


def test_a_benchmark_is_asked_in_its_other_wordings(tmp_path: Path) -> None:
    benchmark = made(tmp_path, **{place.INSTRUCTIONS: {"sha256": "0" * 64, "bytes": 1}})
    assert place.reworded(benchmark, "standard") == {}
    assert place.reworded(benchmark, "short") == {"T standard": "T short", "U standard": "U short"}


def test_a_benchmark_with_one_wording_says_so(tmp_path: Path) -> None:
    assert place.reworded(made(tmp_path), "standard") == {}
    with pytest.raises(EvaluationError, match=r"b1 has its instructions in one wording.*guideline.*medinst benchmark"):
        place.reworded(made(tmp_path / "other"), "guideline")
