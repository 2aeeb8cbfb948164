"""Deduplication: of equal samples one is published, and which one does not depend on chance."""

import tempfile
from collections.abc import Sequence
from itertools import permutations
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.receipts import Rendered, Tally
from schemas.state import Built
from schemas.task import SPLITS
from tasks.base.store.hashing import digest
from tasks.base.store.normal import normalised
from tasks.base.store.rejects import rejects_place
from tasks.base.store.root import Root
from tasks.build.deduplicate.decide import decide
from tasks.build.deduplicate.published import DROPPED
from tasks.build.deduplicate.stage import deduplicate_task
from tasks.build.judge import ledger
from tasks.build.judge.published import published

Row = tuple[str, str, str | None]
"""Id, input, fault."""


def keyed(rows: Sequence[Row]) -> pl.LazyFrame:
    """Samples as rendering leaves them, all with the output `x`."""
    frame = pl.DataFrame(rows, schema={"id": pl.String, "input": pl.String, "fault": pl.String}, orient="row")
    return frame.lazy().with_columns(
        output=pl.lit("x"),
        input_key=digest(normalised(pl.col("input"))),
        output_key=digest(pl.lit("x")),
    )


def left_out(**splits: Sequence[Row]) -> set[tuple[str, str, str, str]]:
    found = decide({split: keyed(rows) for split, rows in splits.items()}, "majority")
    assert (found.amended.height, found.conflicts.height) == (0, 0)
    return set(found.dropped.select("split", "id", "reason", "twin").iter_rows())


def test_test_wins_over_dev_and_dev_over_train() -> None:
    same = "the tea is hot"
    assert left_out(train=[("a", same, None)], dev=[("b", same, None)], test=[("c", same, None)]) == {
        ("train", "a", "test text", "c"),
        ("dev", "b", "test text", "c"),
    }
    assert left_out(train=[("a", same, None)], dev=[("b", same, None)]) == {("train", "a", "duplicate", "b")}


def test_within_a_split_the_first_wins() -> None:
    rows = [("c", "tea", None), ("a", "mug", None), ("b", "tea", None), ("d", "tea", None)]
    assert left_out(train=rows) == {("train", "b", "duplicate", "c"), ("train", "d", "duplicate", "c")}


def test_a_repeat_within_the_test_split_is_a_plain_duplicate() -> None:
    assert left_out(test=[("a", "tea", None), ("b", "tea", None)]) == {("test", "b", "duplicate", "a")}


def test_numbers_that_stand_for_several_keys_drop_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pl.Expr, "hash", lambda self: self.is_null())
    rows = [("a", "tea", None), ("b", "mug", None), ("c", "tea", None), ("d", "", "empty text"), ("e", "jug", None)]
    assert left_out(train=rows) == {("train", "c", "duplicate", "a"), ("train", "d", "empty text", "")}


@pytest.mark.parametrize("other", ["Tea  is\nhot", " tea is hot ", "TEA\tis\u00a0hot"])
def test_case_and_blanks_make_no_difference(other: str) -> None:
    assert left_out(train=[("a", "tea is hot", None), ("b", other, None)]) == {("train", "b", "duplicate", "a")}


@pytest.mark.parametrize(("text", "other"), [("É", "é"), ("e\u0301", "é"), ("ﬁn", "fin")])
def test_letters_beyond_ascii_are_compared_as_they_are(text: str, other: str) -> None:
    """Folding those too would cost more than all else that is done with a row; see docs/decisions.md."""
    assert left_out(train=[("a", text, None), ("b", other, None)]) == set()


@pytest.mark.parametrize("other", ["tea is not", "tea is hot.", "teaishot", "té is hot"])
def test_other_texts_are_no_duplicates(other: str) -> None:
    assert left_out(train=[("a", "tea is hot", None), ("b", other, None)]) == set()


def test_a_sample_with_a_fault_is_left_out_and_is_nobodys_twin() -> None:
    rows = [("a", "tea", "empty text"), ("b", "tea", None), ("c", "tea", None)]
    assert left_out(test=rows[:1], train=rows[1:]) == {
        ("test", "a", "empty text", ""),
        ("train", "c", "duplicate", "b"),
    }


def test_nothing_is_left_out_of_nothing() -> None:
    assert left_out() == set()
    assert left_out(train=[], test=[]) == set()


def test_the_order_of_the_splits_makes_no_difference() -> None:
    rows = {
        "train": [("a", "tea", None), ("b", "mug", None)],
        "dev": [("c", "tea", None)],
        "test": [("d", "mug", None), ("e", "x", "empty text")],
    }
    found = [
        decide({split: keyed(rows[split]) for split in order}, "majority").dropped.rows()
        for order in permutations(rows)
    ]
    assert all(each == found[0] for each in found)
    assert len(found[0]) == 3


ROWS = st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from([None, None, None, "empty text"])), max_size=8)


@settings(deadline=None, max_examples=40)
@given(st.tuples(ROWS, ROWS, ROWS))
def test_one_of_each_text_is_kept_where_precedence_says(drawn: tuple[list[tuple[str, str | None]], ...]) -> None:
    splits = {
        split: [(f"{split}{number}", text, fault) for number, (text, fault) in enumerate(rows)]
        for split, rows in zip(SPLITS, drawn, strict=True)
    }
    lost = {(split, id_) for split, id_, _, _ in left_out(**splits)}
    kept = [
        (text, split)
        for split in ("test", "dev", "train")
        for id_, text, fault in splits[split]
        if (split, id_) not in lost and not fault
    ]
    first = {}
    for split in ("test", "dev", "train"):
        for _, text, fault in splits[split]:
            if not fault:
                first.setdefault(text, split)
    assert sorted(kept) == sorted(first.items())
    faulty = {(split, id_) for split, rows in splits.items() for id_, _, fault in rows if fault}
    assert faulty <= lost


def rendered(root: Root, **splits: list[Row]) -> Rendered:
    place = "samples/MQP/mark"
    for split, rows in splits.items():
        with root.writing(f"{place}/{split}.parquet") as path:
            named = keyed(rows).with_columns(record_id=pl.concat_str(pl.lit("r"), "id"))
            named.collect().write_parquet(path)
    tallies = {split: Tally(read=len(rows) + 1, kept=len(rows), rejected=1) for split, rows in splits.items()}
    return Rendered(task="MQP", source="tea", fingerprint="mark", place=place, splits=tallies)


@settings(deadline=None, max_examples=15)
@given(st.tuples(ROWS, ROWS, ROWS))
def test_what_goes_in_comes_out_or_is_rejected(drawn: tuple[list[tuple[str, str | None]], ...]) -> None:
    """In the files: the rows that would be published and the rejects together are the rows that were rendered."""
    splits = {
        split: [(f"{split}{number}", text, fault) for number, (text, fault) in enumerate(rows)]
        for split, rows in zip(SPLITS, drawn, strict=True)
    }
    with tempfile.TemporaryDirectory() as folder:
        root = Root(folder)
        task = rendered(root, **splits)
        kept = deduplicate_task(task, root)
        (counted,) = ledger.found(Built(source="tea", rendered=(task,), kept=(kept,)), root).kept
        for split, rows in splits.items():
            out = published(split, task.files(split), kept.place, root).collect().height
            assert (counted.splits[split].read, out + counted.splits[split].rejected) == (len(rows), len(rows))
            assert counted.splits[split] == kept.splits[split]


def test_the_stage_counts_and_lists_what_it_leaves_out(tmp_path: Path) -> None:
    root = Root(str(tmp_path))
    task = rendered(
        root,
        train=[("a", "tea", None), ("b", "mug", None), ("c", "mug", None), ("d", "", "empty text")],
        test=[("e", "tea", None)],
    )
    kept = deduplicate_task(task, root)
    assert kept.splits == {
        "train": Tally(read=4, kept=1, rejected=3),
        "test": Tally(read=1, kept=1, rejected=0),
    }
    rejects = pl.read_parquet(root.local(rejects_place("deduplicate", "MQP", kept.fingerprint)))
    columns = ("source", "task", "split", "id", "record_id", "reason", "detail", "twin")
    assert set(rejects.select(columns).iter_rows()) == {
        ("tea", "MQP", "train", "a", "ra", "test text", "same input and output as e in test", "e"),
        ("tea", "MQP", "train", "c", "rc", "duplicate", "same input and output as b in train", "b"),
        ("tea", "MQP", "train", "d", "rd", "empty text", "", ""),
    }
    dropped = pl.read_parquet(root.local(f"{kept.place}/{DROPPED}"))
    assert set(dropped.select("split", "id").iter_rows()) == {("train", "a"), ("train", "c"), ("train", "d")}


def test_the_stage_is_done_once(tmp_path: Path) -> None:
    root = Root(str(tmp_path))
    task = rendered(root, train=[("a", "tea", None)])
    first = deduplicate_task(task, root)
    path = root.local(f"{first.place}/{DROPPED}")
    before = path.stat().st_mtime_ns
    assert deduplicate_task(task, root) == first
    assert path.stat().st_mtime_ns == before
