"""One word of each text is put between marks: against what Python makes of the same texts, whatever the batches are."""

from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.build.read.words import lacks, marked

texts = st.none() | st.lists(st.sampled_from(["a", "é", "😀", " ", "  ", "\n", "]]", "\u2028"]), max_size=8).map(
    "".join
)
numbers = st.none() | st.integers(0, 9) | st.just(2**32 - 1)


def python_marked(text: str | None, number: int | None) -> str | None:
    """The definition: words are what single spaces part."""
    words = [] if text is None else text.split(" ")
    if number is None or number >= len(words) or not words[number]:
        return None
    return " ".join([*words[:number], f"[[{words[number]}]]", *words[number + 1 :]])


def frame(rows: list[tuple[Any, Any]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema={"text": pl.String, "number": pl.UInt32}, orient="row")


@pytest.mark.heavy
@settings(deadline=None, max_examples=300)
@given(st.lists(st.tuples(texts, numbers), max_size=6), st.integers(0, 3))
def test_the_word_of_a_number(rows, start):
    found = frame(rows).slice(start).select(marked(pl.col("text"), pl.col("number"))).to_series().to_list()
    assert found == [python_marked(*row) for row in rows[start:]]


@settings(deadline=None, max_examples=100)
@given(st.lists(st.tuples(texts, numbers), max_size=6))
def test_a_text_lacks_what_cannot_be_marked(rows):
    found = frame(rows).select(lacks(pl.col("text"), pl.col("number"))).to_series().to_list()
    assert found == [
        text is None or number is None or number > text.count(" ") or "[[" in text for text, number in rows
    ]


@pytest.mark.parametrize("size", [1, 2, 1000])
def test_batches_of_any_size_give_the_same(size):
    rows = [(f"one two {number} é", number % 5) for number in range(50)]
    with pl.Config() as config:
        config.set_streaming_chunk_size(size)
        found = frame(rows).lazy().select(marked(pl.col("text"), pl.col("number"))).collect(engine="streaming")
    assert found.to_series().to_list() == [python_marked(*row) for row in rows]
