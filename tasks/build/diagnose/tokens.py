"""Texts as tokens with their places, and how varied their words are."""

from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

_SINGLE = r"\p{Han}\p{Hiragana}\p{Katakana}"

WORD = rf"[{_SINGLE}]|[\w&&[^{_SINGLE}]]+"
"""A word: a run of letters, digits and underscores. Each Chinese or Japanese character is one, as they are written
without spaces."""

_PIECE = rf"{WORD}|\s+|[^\w\s]"
"""Every character of a text belongs to one piece: a word, a run of white space, or a sign."""

_JOINING = "-‐‑–/"
"""Signs that join words: hyphens, a dash, the slash."""

WINDOW = 100
"""Words of the window of the moving-average type-token ratio."""

LONGEST = 200_000
"""Words of a split that its lexical diversity is measured on, from its first: the mean hardly moves after that."""


class Tokens(NamedTuple):
    """The words and signs of texts, one text after the other.

    Attributes:
        ids: number of each token's spelling.
        starts, ends: half-open offsets of each token in code points, counted over all texts with one in between.
        rows: the text of each token.
        begins: the offset at which each text begins.
        words: whether a token is a word and not a sign.
        joins: whether it is a sign that joins words.
        folded: number of each token's spelling in lower case.
    """

    ids: NDArray[np.uint32]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    rows: NDArray[np.int32]
    begins: NDArray[np.int64]
    words: NDArray[np.bool_]
    joins: NDArray[np.bool_]
    folded: NDArray[np.int32]


def tokens(texts: pl.Series) -> Tokens:
    """The tokens of some texts."""
    lists = texts.str.extract_all(_PIECE)
    counts = lists.list.len().to_numpy()
    pieces = lists.explode(empty_as_null=False)
    rows = np.repeat(np.arange(len(texts), dtype=np.int32), counts)
    lengths = pieces.str.len_chars().to_numpy().astype(np.int64)
    ends = np.cumsum(lengths) + rows
    sizes = texts.str.len_chars().to_numpy().astype(np.int64) + 1
    coded = pieces.cast(pl.Categorical(pl.Categories.random()))  # numbers of its own, from 0
    spellings = coded.unique(maintain_order=True)
    ids = coded.to_physical().to_numpy()
    assert (spellings.to_physical() == pl.int_range(len(spellings), eager=True)).all()
    spellings = spellings.cast(pl.String)
    there = (spellings.str.strip_chars() != "").to_numpy()[ids]
    ids = ids[there]
    return Tokens(
        ids=ids,
        starts=(ends - lengths)[there],
        ends=ends[there],
        rows=rows[there],
        begins=np.cumsum(sizes) - sizes,
        words=spellings.str.contains(r"^\w").to_numpy()[ids],
        joins=spellings.is_in(list(_JOINING)).to_numpy()[ids],
        folded=spellings.str.to_lowercase().rank("dense").to_numpy().astype(np.int32)[ids],
    )


def mattr(words: NDArray[np.int32], window: int = WINDOW) -> float | None:
    """The moving-average type-token ratio: the mean share of different words in all runs of `window` words.

    Unlike the plain ratio it does not depend on the length of the text (Covington and McFall 2010, Cutting the Gordian
    knot: the moving-average type-token ratio, J. Quant. Linguist. 17(2)). A word counts in a run where it occurs first
    in it, so the runs in which it counts are those that begin after its last occurrence before.

    Returns:
        the ratio, over 0 and up to 1; None of fewer words than a window has.
    """
    count = len(words)
    if count < window:
        return None
    order = np.argsort(words, kind="stable")
    before = np.full(count, -1, np.int64)
    again = words[order[1:]] == words[order[:-1]]
    before[order[1:][again]] = order[:-1][again]
    place = np.arange(count)
    first = np.maximum(before + 1, place - window + 1)
    last = np.minimum(place, count - window)
    runs = np.maximum(last - np.maximum(first, 0) + 1, 0)
    return float(runs.sum() / (window * (count - window + 1)))
