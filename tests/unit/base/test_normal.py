"""Texts as duplicates are compared, each whatever its neighbours are."""

import re

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.base.store import utf8
from tasks.base.store.normal import normalised
from tests.support.reading import often

WHITE = "\t\n\v\f\r \u0085\u00a0\u1680\u2000\u200a\u2028\u2029\u202f\u205f\u3000"
OTHER = "aZéÀµ–’\u200b\u2060\u3001\U0001f600"


def expected(text: str) -> str:
    lowered = re.sub("[A-Z]+", lambda found: found[0].lower(), text)
    return re.sub(f"[{WHITE}]+", " ", lowered).strip(" ")


def found(texts: list[str | None]) -> list[str | None]:
    return pl.Series("text", texts, pl.String).to_frame().select(normalised(pl.col("text"))).to_series().to_list()


@pytest.mark.parametrize("white", WHITE)
@pytest.mark.parametrize("around", ["a{}b", "{}b", "a{}", "a{0}{0}b", "é{}À", "{}"])
def test_any_white_space_between_words_is_one_blank(white, around):
    assert found([around.format(white)]) == [expected(around.format(white))]


@often
@given(st.lists(st.none() | st.text(st.sampled_from(WHITE + OTHER + "  aaa")), max_size=5), st.integers(1, 5))
def test_neighbours_and_pieces_change_nothing(texts, size):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(utf8, "_PIECE", size)
        assert found(texts) == [None if text is None else expected(text) for text in texts]


def test_a_slice_of_a_column_is_read_from_its_beginning():
    texts = pl.Series("text", ["A  b", "C d", None, "", "E\u2009f"])
    array = utf8.as_arrow(texts)[1:4]
    assert utf8.Utf8.of(array).counts(lambda piece: piece == ord(" ")).tolist() == [1, 0, 0]
