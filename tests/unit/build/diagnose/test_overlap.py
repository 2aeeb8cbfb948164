"""What tasks and splits share, on sets small enough to count by hand."""

import polars as pl
import pytest

from tasks.base.store.root import Root
from tasks.build.diagnose.overlap import OVERLAP, overlap
from tasks.build.diagnose.task import VOCABULARY


def words(**splits: str) -> pl.DataFrame:
    rows = [("names", split, value) for split, values in splits.items() for value in values.split()]
    return pl.DataFrame(rows, schema=VOCABULARY, orient="row")


@pytest.fixture
def root(tmp_path) -> Root:
    return Root(str(tmp_path))


def test_splits_of_a_task_and_tasks_of_a_category(root: Root) -> None:
    found = overlap(
        {
            "A": ("NER", words(train="a b c", test="b d")),
            "B": ("NER", words(train="d e", test="e")),
            "C": ("NED", words(train="a b")),
        },
        [],
        root,
    )
    assert found.drop("kind").rows() == [
        ("A", "all", "B", "all", 1, 4, 2, 1 / 4, 1 / 5),
        ("A", "test", "A", "train", 1, 2, 3, 1 / 2, 1 / 4),
        ("A", "train", "A", "test", 1, 3, 2, pytest.approx(1 / 3), 1 / 4),
        ("B", "all", "A", "all", 1, 2, 4, 1 / 2, 1 / 5),
        ("B", "test", "B", "train", 1, 1, 2, 1, 1 / 2),
        ("B", "train", "B", "test", 1, 2, 1, 1 / 2, 1 / 2),
    ]


def test_nothing_shared_or_there(root: Root) -> None:
    for given in ({}, {"A": ("NER", words())}, {"A": ("NER", words(train="a", test="b")), "B": ("RE", words(dev="a"))}):
        found = overlap(given, [], root)
        assert found.is_empty()
        assert found.schema == OVERLAP
