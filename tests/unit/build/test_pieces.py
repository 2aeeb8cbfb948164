"""Large splits are rendered, indexed and measured in pieces, of which everything after that makes the same."""

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.audit import Indexed
from schemas.receipts import Rendered
from schemas.records import Document
from schemas.source import Part
from schemas.state import State
from schemas.task import Ner
from tasks.base.store.frames import read, scan
from tasks.base.store.pieces import Limits, spans
from tasks.base.store.rejects import rejects_place
from tasks.base.store.root import Root
from tasks.build.audit import LEAKS, NEAR, STOCK, UNCLEAN
from tasks.build.audit import index as indexing
from tasks.build.audit.corpus import Corpus
from tasks.build.builds.build import Build
from tasks.build.deduplicate.published import DECISIONS
from tasks.build.judge import samples as measuring
from tasks.build.judge.measure import measure
from tasks.build.pipeline import work
from tasks.build.render import stage
from tests.support.audited import FIRST, SECOND, indexed, text
from tests.support.declared import source
from tests.support.gathering import gather
from tests.support.places import DEMO
from tests.support.rendering import entity, records_of, root

__all__ = ["root"]  # a fixture

TEA = source(parts={"main": Part(train="a"), "more": Part(train="a")})
ONE = Ner(name="TEA-1", types={"X": "thing"})
NER = Ner(name="TEA-1", types={"X": "thing"}, parts=("main", "more"))


@given(st.lists(st.integers(0, 40), max_size=4), st.integers(1, 30), st.integers(1, 50), st.integers(0, 400))
def test_pieces_hold_every_row_once_and_none_is_empty_or_too_large(
    sizes: list[int], rows: int, bytes_: int, size: int
) -> None:
    total = sum(sizes)
    count = Limits(rows, bytes_).count(total, size)
    found = [spans(sizes, number, count) for number in range(count)]
    held = [
        [each for first, length in file for each in range(first, first + length)] for file in zip(*found, strict=True)
    ]
    assert held == [list(range(size)) for size in sizes]
    lengths = [sum(length for _, length in piece) for piece in found]
    assert all(0 < length <= rows for length in lengths) or total == 0
    assert set(lengths[:-1]) <= {lengths[0]}


def documents(rows: int, begin: int) -> list[Document]:
    """Every third has no entity, so no sample."""
    return [
        Document(str(number), f"tea {number}", (entity("T1", 0, "tea"),) if number % 3 else ())
        for number in range(begin, begin + rows)
    ]


def rendered_in(folder: Root, limits: Limits) -> Rendered:
    parts = {"main": documents(70, 0), "more": documents(61, 100)}
    batches = [
        records_of(folder, f"m-{name}", {"train": found, "test": found[:4]}, name) for name, found in parts.items()
    ]
    return stage.render_task(TEA, NER, batches, folder, limits)


def whole(folder: Root, rendered: Rendered, split: str) -> pl.DataFrame:
    return scan([folder.local(place) for place in rendered.files(split)]).collect()


@pytest.mark.heavy
def test_pieces_have_the_samples_and_rejects_of_one_whole_part(root: Root, tmp_path: Path) -> None:
    other = Root(str(tmp_path / "other"))
    cut, one = rendered_in(root, Limits(50, 10**9)), rendered_in(other, Limits(500, 10**9))
    assert (cut.pieces, one.pieces) == ({"train": 3}, {})
    assert cut.files("train")[2].endswith("/train-00002-of-00003.parquet")
    assert cut.splits == one.splits
    assert cut.fingerprint == one.fingerprint
    for split in ("train", "test"):
        assert whole(root, cut, split).equals(whole(other, one, split))
    rejects = [read(each.local(rejects_place("render", NER.name, cut.fingerprint))) for each in (root, other)]
    assert rejects[0].equals(rejects[1])
    assert rejects[0].height > 40


@pytest.mark.heavy
def test_bytes_cut_a_split_too(root: Root) -> None:
    """The records of few rows are not looked at, so there have to be many."""
    table = [Document(str(number), "tea " * 20, (entity("T1", 0, "tea"),)) for number in range(20_000)]
    batch = records_of(root, "m", {"train": table})
    size = root.size(f"{batch.place}/main-train.parquet")
    found = stage.large(TEA, ONE, [batch], root, Limits(10**6, size // 2))
    assert [piece.count for piece in found] == [3] * 3


def test_what_is_there_of_a_killed_run_is_not_rendered_again(root: Root) -> None:
    done = rendered_in(root, Limits(50, 10**9))
    expected = {place: root.read_bytes(place) for place in done.files("train")}
    root.remove(f"{done.place}/_done.json")
    root.remove(done.files("train")[1])  # the receipt stays, but does not count without the file
    before = {place: root.stamp(place) for place in done.files("train")}
    again = rendered_in(root, Limits(50, 10**9))
    assert (again.splits, again.pieces) == (done.splits, done.pieces)
    assert {place: root.read_bytes(place) for place in done.files("train")} == expected
    assert [root.stamp(place) == before[place] for place in done.files("train")] == [True, False, True]


def test_a_piece_that_was_rendered_ahead_is_one_that_the_task_finds(root: Root) -> None:
    batch = records_of(root, "m", {"train": documents(60, 0)})
    ahead = stage.large(TEA, ONE, [batch], root, Limits(25, 10**9))
    assert str(ahead[0]) == "TEA-1 train, piece 1 of 3"
    tallies = [stage.render_piece(TEA, ONE, piece, [batch], root) for piece in reversed(ahead)]
    place = stage.plan(TEA, ONE, [batch]).place
    before = [root.stamp(f"{place}/{piece.file}") for piece in ahead]
    rendered = stage.render_task(TEA, ONE, [batch], root, Limits(25, 10**9))
    assert [root.stamp(f"{place}/{piece.file}") for piece in ahead] == before
    assert rendered.splits["train"].kept == sum(tally.kept for tally in tallies) == 40
    assert stage.large(TEA, ONE, [batch], root, Limits(25, 10**9)) == []


TEXTS = [
    (task, split, str(number), text((9, 30)[number % 2], f"{task} {number % 50}"), f"pmid:{number}")
    for task in (FIRST, SECOND)
    for split, rows in {"train": 70, "test": 7}.items()
    for number in range(rows)
]


def held(state: State) -> list[object]:
    """All that the index has of samples, in their order, and of keys, in any."""
    corpus = Corpus([task for built in state.sources for task in built.indexed], Root(state.order.root))
    words = [pl.DataFrame(batch) for section in corpus.sections for _, batch in section.word_batches()]
    keys = [
        row
        for section in corpus.sections
        for first, batch in section.key_batches()
        for row in zip(batch["key"].to_pylist(), (first + place for place in batch["row"].to_pylist()), strict=True)
    ]
    return [pl.concat(words).rows(), sorted(keys)]


@pytest.mark.parametrize(("pieces", "workers"), [(2, 1), (3, 4), (6, 1)])
def test_an_index_in_pieces_holds_what_one_of_whole_splits_holds(pieces: int, workers: int, tmp_path: Path) -> None:
    """Also where a piece has no samples, as of six there are of seven samples."""
    cut, one = indexed(tmp_path / "cut", TEXTS, pieces=pieces, workers=workers), indexed(tmp_path / "one", TEXTS)
    assert [each.rows for built in cut.sources for each in built.indexed] == [{"train": 70, "test": 7}] * 2
    assert {len(rows) for built in cut.sources for each in built.indexed for rows in each.pieces.values()} == {pieces}
    assert not any(each.pieces for built in one.sources for each in built.indexed)
    assert held(cut) == held(one)


def test_what_was_indexed_ahead_is_found_and_what_is_missing_made(tmp_path: Path) -> None:
    built, root = indexed(tmp_path, TEXTS, pieces=3).sources[0], Root(str(tmp_path))
    (rendered,), (kept,), (done,) = built.rendered, built.kept, built.indexed
    files = [f"{name}.{kind}.arrow" for name in done.files("train") for kind in ("words", "keys")]
    expected = {file: root.read_bytes(file) for file in files}
    assert indexing.large(rendered, kept, root) == []
    root.remove(f"{done.place}/_done.json")
    root.remove(files[3])
    root.remove(f"{files[4].removesuffix('.words.arrow')}/_done.json")
    before = {file: root.stamp(file) for file in files}
    ahead = indexing.large(rendered, kept, root)
    assert [str(piece) for piece in ahead[:2]] == [f"{done.task} train, piece {number} of 3" for number in (1, 2)]
    assert len(ahead) == 6
    tallies = [indexing.index_piece(rendered, kept, piece, root, 1) for piece in ahead]
    made = {file: root.stamp(file) for file in files}
    assert [made[file] == before[file] for file in files] == [True, True, False, False, False, False]
    again = indexing.index_task(rendered, kept, root, 1)
    assert (again.rows, again.pieces) == (done.rows, done.pieces)
    assert sum(tally.kept for tally in tallies) == sum(again.rows.values())
    assert {file: root.stamp(file) for file in files} == made
    assert {file: root.read_bytes(file) for file in files} == expected


AUDITED = (LEAKS, NEAR, STOCK, UNCLEAN)


def indexed_of(build: Build) -> list[Indexed]:
    return [task for built in build.state.sources for task in built.indexed]


@pytest.mark.slow
def test_a_build_in_pieces_finds_what_a_build_of_whole_splits_finds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counts, measures, decisions, near duplicates and leaks, of documents, of tokens and of rows."""
    chosen = ["anem", "bc5cdr", "mqp", "scifact"]
    one = Build(gather(tmp_path / "whole", DEMO, chosen))
    monkeypatch.setenv("MEDINST_STEP_ROWS", "3")
    cut = Build(gather(tmp_path / "pieces", DEMO, chosen))
    assert sum(len(outcome.rendered.pieces) for outcome in cut.outcomes.values()) > 5
    assert not any(outcome.rendered.pieces for outcome in one.outcomes.values())
    pieces = {task.task: {split: len(rows) for split, rows in task.pieces.items()} for task in indexed_of(cut)}
    assert pieces == {name: outcome.rendered.pieces for name, outcome in cut.outcomes.items()}
    for name, (rendered, kept) in cut.outcomes.items():
        expected = one.outcomes[name]
        assert (rendered.splits, kept.splits) == (expected.rendered.splits, expected.kept.splits)
        for split in rendered.splits:
            assert whole(cut.root, rendered, split).equals(whole(one.root, expected.rendered, split)), (name, split)
        for file in DECISIONS:
            assert read(cut.root.local(f"{kept.place}/{file}")).equals(read(one.root.local(f"{kept.place}/{file}")))
    assert cut.state.audit is not None
    assert one.state.audit == cut.state.audit.model_copy(update={"seconds": one.state.audit.seconds})
    for file in AUDITED:
        found, expected = (each.root.read_bytes(f"{cut.state.audit.place}/{file}") for each in (cut, one))
        assert found == expected, file
    monkeypatch.setattr(measuring, "FEW", 1)
    ahead = work.large_samples(cut.state)
    assert {piece.split for piece, _ in ahead} == {"train", "dev", "test"}
    for piece, outcome in ahead:
        work.measure_samples(piece, outcome, cut.order)
    assert measure(cut) == measure(one)
    assert work.large_samples(cut.state) == []
