"""Passages that differ from a short text in one word: changed, inserted or left out."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tasks.build.audit.words import Words
from tasks.tools.guard.index import Numbers

Bools = NDArray[np.bool_]

_OUTSIDE = -1
"""What stands for a word before or after a row; no hash is negative."""


def edited(tests: Words, words: Words, texts: Numbers, rows: Numbers, begins: Numbers, moving: Bools) -> pl.DataFrame:
    """Passages of rows that differ from a text in one word at most.

    Args:
        tests: the words of the texts.
        words: the words of the rows.
        texts: the text of each candidate.
        rows: the row of each.
        begins: the word of the row at which the passage begins, if it is as long as the text.
        moving: whether it was found by its end, so that it may begin a word earlier or later.

    Returns:
        `row`, `text` and `share`: the share of the text's words that the passage has.
    """
    texts, rows = (np.concatenate([each, each[moving], each[moving]]) for each in (texts, rows))
    begins = np.concatenate([begins, begins[moving] - 1, begins[moving] + 1])
    lengths = tests.lengths[texts]
    frames = [pl.DataFrame(schema={"row": pl.Int64, "text": pl.Int64, "share": pl.Float64})]
    for length in np.unique(lengths):
        here = np.flatnonzero(lengths == length)
        passages = _taken(words, rows[here], begins[here], int(length) + 1)
        wanted = _taken(tests, texts[here], np.zeros_like(here), int(length))
        alike = here[_one_edit(passages, wanted)]
        frames.append(pl.DataFrame({"row": rows[alike], "text": texts[alike], "share": 1 - 1 / length}))
    return pl.concat(frames, how="vertical_relaxed")


def _taken(words: Words, rows: Numbers, begins: Numbers, length: int) -> Numbers:
    """The words of passages, one row a passage; `_OUTSIDE` where one goes beyond its text."""
    places = begins[:, None] + np.arange(length)
    inside = (places >= 0) & (places < words.lengths[rows][:, None])
    at = np.where(inside, words.offsets[rows][:, None] + places, 0)
    return np.where(inside, words.hashes[at].astype(np.int64), _OUTSIDE)


def _one_edit(passages: Numbers, wanted: Numbers) -> Bools:
    """Whether a passage has all words of a text but one, or all of them and one more.

    Args:
        passages: one word more than the texts have.
        wanted: the texts.
    """
    length = wanted.shape[1]
    begun = _begun(passages[:, :length] == wanted)
    changed = begun[:, :-1] & _ended(passages[:, 1:length] == wanted[:, 1:])
    inserted = begun & _ended(passages[:, 1:] == wanted)
    left_out = begun[:, :-1] & _ended(passages[:, : length - 1] == wanted[:, 1:])
    return (changed.any(axis=1) | inserted.any(axis=1) | left_out.any(axis=1)).astype(bool)


def _begun(equal: Bools) -> Bools:
    """For each number of words, also none, whether so many at the beginning are equal."""
    return np.logical_and.accumulate(np.pad(equal, ((0, 0), (1, 0)), constant_values=True), axis=1)


def _ended(equal: Bools) -> Bools:
    """For each place, also the end, whether all words from there on are equal."""
    return _begun(equal[:, ::-1])[:, ::-1]
