"""One word of a text, found by its number: words are separated by single spaces. Nothing becomes a Python object."""

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

from schemas.records import MARKS

_BLANK = ord(" ")

Places = NDArray[np.int64]


def marked(text: pl.Expr, number: pl.Expr) -> pl.Expr:
    """A text with marks around its word of a number; null where it has no such word, or an empty one."""
    return pl.struct(text.alias("text"), number.alias("number")).map_batches(
        _marked, return_dtype=pl.String, is_elementwise=True
    )


def lacks(text: pl.Expr, number: pl.Expr) -> pl.Expr:
    """Whether a text lacks the word that is to be marked, or has marks already."""
    last = text.str.count_matches(" ", literal=True)
    return (last < number).fill_null(True) | text.str.contains(MARKS[0], literal=True)


def _marked(rows: pl.Series) -> pl.Series:
    text = pl.col("text").cast(pl.Binary)
    start, end = pl.col("start"), pl.col("end")
    pieces = [text.bin.head(start), text.bin.slice(start, end - start), text.bin.slice(end)]
    before, word, after = (piece.cast(pl.String) for piece in pieces)
    frame = rows.struct.unnest().select("text", *_places(rows.struct.field("text"), rows.struct.field("number")))
    return frame.select(
        pl.when(end > start).then(pl.concat_str(before, pl.lit(MARKS[0]), word, pl.lit(MARKS[1]), after))
    ).to_series()


def _places(texts: pl.Series, numbers: pl.Series) -> tuple[pl.Series, pl.Series]:
    """The bytes from and to which words stand in their texts; the same for those that are not there."""
    data, offsets = _bytes(texts)
    blanks = np.flatnonzero(data == _BLANK)
    before = np.searchsorted(blanks, offsets)
    first, last = before[:-1], np.diff(before)
    number = numbers.fill_null(_BEYOND).to_numpy().astype(np.int64)
    there = number <= last
    number = np.where(there, number, 0)
    edges = np.append(blanks, len(data))  # one more, for texts without a space at the end
    start = np.where(number == 0, offsets[:-1], edges[first + number - 1] + 1)
    end = np.where(number == last, offsets[1:], edges[first + number])
    end = np.where(there, end, start)
    return pl.Series("start", start - offsets[:-1]), pl.Series("end", end - offsets[:-1])


_BEYOND = 2**32 - 1
"""More than any text has words."""


def _bytes(texts: pl.Series) -> tuple[NDArray[np.uint8], Places]:
    """The bytes of all texts, one after the other, and where each begins; the last number is their end."""
    array = pa.array(texts.fill_null("").to_arrow(compat_level=pl.CompatLevel.oldest()), pa.large_string())
    _, starts, data = array.buffers()
    offsets = np.frombuffer(starts, np.int64)[array.offset : array.offset + len(array) + 1]
    whole = np.frombuffer(data, np.uint8) if data else np.empty(0, np.uint8)
    return whole[offsets[0] : offsets[-1]], offsets - offsets[0]
