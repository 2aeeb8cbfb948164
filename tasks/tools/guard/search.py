"""What rows of a training set have in common with the texts of tests, some thousands of rows at a time."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
import polars as pl

from schemas.audit import MOSTLY, SHINGLE, SHORT
from schemas.guard import CONTAINED
from tasks.build.audit.similarity import common, sets_of
from tasks.build.audit.windows import Windows, whole, windows
from tasks.build.audit.words import Words, hashed
from tasks.tools.guard.index import ANCHOR, RARE, Index
from tasks.tools.guard.layouts import Texts
from tasks.tools.guard.series import series
from tasks.tools.guard.short import edited

AT_ONCE = 2048
"""Rows that are looked at together."""

LETTERS = 4 * 2**20
"""Characters of the rows that are looked at together, unless one row has more."""

_FIELD = 200
"""Characters of the longest field that is compared with texts of fewer than eight words."""


class Batch(NamedTuple):
    """Consecutive rows.

    Attributes:
        first: the number of the first, counted from 0 over all files.
    """

    first: int
    rows: Sequence[Texts]


class Found(NamedTuple):
    """What a batch has in common with tests; rows and texts are numbers.

    Attributes:
        runs: `row`, `text`, `place`, `length`: consecutive sequences of a text that a row has.
        near: `row`, `text`, `share`: near duplicates.
        equal: `row`, `text`: fields that equal a text of fewer than eight words.
        seen: `sequence`, `hash`: the rows (their words) that have a sequence of a text and not most of that text.
    """

    runs: pl.DataFrame
    near: pl.DataFrame
    equal: pl.DataFrame
    seen: pl.DataFrame


def batches(rows: Iterable[Texts]) -> Iterator[Batch]:
    """Rows in batches of bounded size."""
    first, letters, waiting = 0, 0, list[Texts]()
    for row in rows:
        waiting.append(row)
        letters += sum(map(len, row.asks)) + sum(map(len, row.answers))
        if len(waiting) == AT_ONCE or letters >= LETTERS:
            yield Batch(first, waiting)
            first, letters, waiting = first + len(waiting), 0, []
    if waiting:
        yield Batch(first, waiting)


def search(index: Index, batch: Batch) -> Found:
    """What a batch has in common with the texts of an index."""
    words = hashed(series(["\n".join((*row.asks, *row.answers)) for row in batch.rows]))
    hits = _hits(index, words)
    shares = hits.group_by("row", "text").len()
    shares = shares.with_columns(share=pl.Series(shares["len"].to_numpy() / index.counts[shares["text"].to_numpy()]))
    near = pl.concat([_long(index, words), _short(index, words)]).group_by("row", "text").agg(pl.col("share").max())
    near = near.join(shares.filter(pl.col("share") == 1), on=["row", "text"], how="anti").sort("row", "text")
    seen = _seen(hits.join(shares.filter(pl.col("share") < MOSTLY), on=["row", "text"]), words)
    return Found(_moved(_runs(hits), batch), _moved(near, batch), _moved(_equal(index, batch), batch), seen)


def _moved(frame: pl.DataFrame, batch: Batch) -> pl.DataFrame:
    return frame.with_columns(pl.col("row").cast(pl.Int64) + batch.first)


def _hits(index: Index, words: Words) -> pl.DataFrame:
    """The sequences of texts that rows have: `row`, `text`, `place` and `sequence`."""
    met = [(found, *index.sequences.met(found.hashes)) for found in (windows(words, size) for size in index.sizes)]
    rows = np.concatenate([_NONE, *(found.rows[there] for found, there, _ in met)])
    numbers = np.concatenate([_NONE, *(number for _, _, number in met)])
    position, entry = index.sequences.entries(numbers)
    return pl.DataFrame(
        {
            "row": rows[position],
            "text": index.sequences.texts[entry],
            "place": index.sequences.places[entry],
            "sequence": numbers[position],
        }
    ).unique(["row", "text", "place"])


_NONE = np.empty(0, np.int64)


def _runs(hits: pl.DataFrame) -> pl.DataFrame:
    """Places that follow each other, joined."""
    follows = pl.all_horizontal(
        pl.col("row") == pl.col("row").shift(),
        pl.col("text") == pl.col("text").shift(),
        pl.col("place") == pl.col("place").shift() + 1,
    )
    ordered = hits.sort("row", "text", "place").with_columns(run=(~follows).fill_null(True).cum_sum())
    runs = ordered.group_by("run", maintain_order=True).agg(
        pl.col("row", "text", "place").first(), length=pl.len().cast(pl.Int64)
    )
    return runs.drop("run")


def _seen(hits: pl.DataFrame, words: Words) -> pl.DataFrame:
    """Each sequence with the words of the rows that have it, as a hash: equal rows count once."""
    hashes = pl.Series(whole(words))
    return hits.select("sequence", hash=hashes.gather(hits["row"])).unique()


def _long(index: Index, words: Words) -> pl.DataFrame:
    """Near duplicates of texts of 20 words or more: rows that have most of their shingles."""
    found = windows(words, SHINGLE)
    there, number = index.rare.met(found.hashes)
    position, entry = index.rare.entries(number)
    pairs = (
        pl.DataFrame({"row": found.rows[there][position], "text": index.rare.texts[entry]})
        .group_by("row", "text")
        .len()
        .filter(pl.col("len") >= RARE)
        .select("row", "text")
        .sort("row", "text")
    )
    return _compared(index, found, pairs)


def _compared(index: Index, found: Windows, pairs: pl.DataFrame) -> pl.DataFrame:
    rows, places = np.unique(pairs["row"].to_numpy(), return_inverse=True)
    here = np.isin(found.rows, rows)
    sets = sets_of(Windows(found.hashes[here], np.searchsorted(rows, found.rows[here]), found.places[here]), len(rows))
    texts = pairs["text"].to_numpy()
    both = common(sets, index.shingles, np.stack([places, texts], axis=1))
    shared = pairs.with_columns(share=pl.Series(both / np.maximum(index.shingles.sizes[texts], 1)))
    return shared.filter(pl.col("share") >= CONTAINED)


def _short(index: Index, words: Words) -> pl.DataFrame:
    """Near duplicates of texts of 8 to 19 words: passages of a row that differ from one in a word."""
    found = windows(words, ANCHOR)
    there, number = index.anchors.met(found.hashes)
    position, entry = index.anchors.entries(number)
    there, texts, places = there[position], index.anchors.texts[entry], index.anchors.places[entry]
    return edited(index.words, words, texts, found.rows[there], found.places[there] - places, places > 0)


def _equal(index: Index, batch: Batch) -> pl.DataFrame:
    """Fields that equal a text of fewer than eight words."""
    brief = [(row, text) for row, each in enumerate(batch.rows) for text in each.asks if 0 < len(text) <= _FIELD]
    hashes = whole(hashed(series([text for _, text in brief])))
    place = np.minimum(np.searchsorted(index.whole, hashes), max(len(index.whole) - 1, 0))
    texts = index.whole_of[place] if len(index.whole) else np.zeros(len(place), np.int64)
    right = (index.whole[place] == hashes) & (index.lengths[texts] < SHORT[0]) if len(index.whole) else place < 0
    rows = np.array([row for row, _ in brief], np.int64)
    return pl.DataFrame({"row": rows[right], "text": texts[right]}).unique(maintain_order=True)
