"""Expected counts hold for the files that were counted, and for no others."""

from hypothesis import given, settings
from hypothesis import strategies as st

from sources import tasks as declared_tasks
from tasks.base.paper import counts
from tasks.base.paper.counted_on import CountedOn, bound, committed, parse, write
from tasks.base.paper.counts import Counts

COUNTS: Counts = {"A": {"train": 3, "test": 2}, "B": {"train": 1}}
COUNTED: CountedOn = {"A": {"a.zip": "1" * 64, "lists.txt": "2" * 64}, "B": {"b.zip": "3" * 64}}


def test_counts_hold_for_the_files_that_were_counted() -> None:
    assert bound(COUNTS, COUNTED, COUNTED) == COUNTS


def test_other_bytes_unbind_the_counts_of_their_task_alone() -> None:
    assert bound(COUNTS, COUNTED, {**COUNTED, "A": {**COUNTED["A"], "a.zip": "9" * 64}}) == {"B": COUNTS["B"]}


def test_a_file_more_than_was_counted_unbinds_them() -> None:
    assert bound(COUNTS, COUNTED, {**COUNTED, "B": {**COUNTED["B"], "more.zip": "4" * 64}}) == {"A": COUNTS["A"]}


def test_a_file_that_is_missing_now_unbinds_nothing() -> None:
    assert bound(COUNTS, COUNTED, {"A": {"a.zip": "1" * 64}}) == {"A": COUNTS["A"]}


def test_a_file_is_known_by_its_bytes_under_another_name() -> None:
    assert bound(COUNTS, COUNTED, {"B": {"b-commit.zip": "3" * 64}}) == {"B": COUNTS["B"]}


def test_nothing_read_or_nothing_counted_binds_nothing() -> None:
    assert bound(COUNTS, COUNTED, {"A": {}}) == {}
    assert bound(COUNTS, {}, COUNTED) == {}


NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=12)
MARKS = st.text("0123456789abcdef", min_size=64, max_size=64)


@settings(deadline=None, max_examples=50)
@given(st.dictionaries(NAMES, st.dictionaries(NAMES, MARKS, min_size=1, max_size=3), max_size=4))
def test_what_is_written_is_read_again(counted: CountedOn) -> None:
    assert parse(write(counted)) == counted


def test_every_committed_count_says_on_which_files() -> None:
    counted = committed()
    assert counted.keys() == counts.expected((), original=True).keys()
    assert counted.keys() <= declared_tasks().keys()
    assert all(len(mark) == 64 for files in counted.values() for mark in files.values())
