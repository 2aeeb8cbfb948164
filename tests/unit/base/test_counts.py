"""Expected counts: written and read alike, and compared split by split."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tasks.base.paper.counts
from schemas.receipts import Rendered, Tally
from schemas.task import SPLITS
from tasks.base.paper.counts import Counts, counted, counts_of, differences, expected, parse, write

COUNTS: Counts = {"B-RE": {"train": 3}, "A": {"train": 10, "dev": 0, "test": 5}}


def test_one_line_a_split_sorted_by_task() -> None:
    assert write(COUNTS) == "task,split,rows\nA,train,10\nA,dev,0\nA,test,5\nB-RE,train,3\n"
    assert write({"A": {"test": 1, "train": 2}}) == "task,split,rows\nA,train,2\nA,test,1\n"


@settings(deadline=None, max_examples=50)
@given(
    st.dictionaries(
        st.from_regex(r"[A-Za-z][A-Za-z0-9.\-]*", fullmatch=True),
        st.dictionaries(st.sampled_from(SPLITS), st.integers(0, 10**9), min_size=1),
    )
)
def test_what_is_written_is_read_again(counts: Counts) -> None:
    assert parse(write(counts)) == counts


def test_rendered_samples_are_counted_before_deduplication() -> None:
    built = Rendered(
        task="A",
        source="a",
        fingerprint="",
        place="",
        splits={"train": Tally(read=9, kept=7, rejected=2), "test": Tally(read=1, kept=0, rejected=1)},
    )
    withheld = Rendered(task="B", source="a", fingerprint="", place="", withheld="no file")
    assert counted([built, withheld]) == {"A": {"train": 7, "test": 0}}


def test_differences_name_both_numbers_and_the_cure() -> None:
    found: Counts = {"A": {"train": 1_010, "dev": 0, "test": 5}, "B-RE": {"train": 3, "dev": 2}}
    assert differences(COUNTS, found) == [
        "A train: 1,010 rendered samples, 10 expected. If that is right: medinst check --update",
        "B-RE dev: 2 rendered samples, 0 expected. If that is right: medinst check --update",
    ]


def test_equal_counts_and_unlisted_tasks_do_not_differ() -> None:
    assert differences(COUNTS, COUNTS) == []
    assert differences(COUNTS, {"C": {"train": 1}}) == []


def test_a_split_that_is_gone_is_a_difference() -> None:
    (difference,) = differences(COUNTS, {"A": {"train": 10, "dev": 0}})
    assert "A test: 0 rendered samples, 5 expected" in difference


def test_the_publishers_files_have_the_committed_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks.base.paper.counts, "COMMITTED", tmp_path / "counts.csv")
    assert expected((), original=True) == {}
    (tmp_path / "counts.csv").write_text(write(COUNTS))
    (tmp_path / "mirror").mkdir()
    (tmp_path / "mirror" / "counts.csv").write_text(write({"X": {"train": 1}}))
    assert expected((str(tmp_path / "mirror"),), original=True) == COUNTS


def test_other_files_have_the_counts_of_their_mirror(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks.base.paper.counts, "COMMITTED", tmp_path / "none")
    bare, counted_ = tmp_path / "bare", tmp_path / "counted"
    for folder in (bare, counted_):
        folder.mkdir()
    (counted_ / "counts.csv").write_text(write(COUNTS))
    assert expected(("origin", str(bare)), original=False) == {}
    assert expected(("origin", str(bare), str(counted_)), original=False) == COUNTS


@pytest.mark.parametrize(
    ("mirror", "place"),
    [("/m", "/m/counts.csv"), ("/m [1]#?/", "/m [1]#?/counts.csv"), ("s3://bucket/m/", "s3://bucket/m/counts.csv")],
)
def test_a_mirror_has_its_counts_at_the_top(mirror: str, place: str) -> None:
    assert counts_of(mirror) == place
