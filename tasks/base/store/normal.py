"""Texts as duplicates are compared: letters of ASCII in lower case, one blank between words.

Nearly all texts differ from that only in their letters, which Arrow folds at once; that no white space has to be
changed is seen in the bytes of many texts together.
"""

import numpy as np
import polars as pl
import pyarrow.compute as pc

from tasks.base.store.utf8 import Bytes, Utf8, as_arrow

_BLANK = 0x20
_WIDE = [0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000]
_WIDE_BYTES = [int.from_bytes(chr(space).encode()) for space in _WIDE]
"""White space beyond ASCII in UTF-8, its two or three bytes as one number. The first is 0xC2 or 0xE1 to 0xE3."""


def normalised(text: pl.Expr) -> pl.Expr:
    """A text with the letters of ASCII in lower case, each run of white space as one blank, and none at its ends."""
    return text.map_batches(_normalised, return_dtype=pl.String, is_elementwise=True)


def _normalised(texts: pl.Series) -> pl.Series:
    array = as_arrow(texts)
    lowered = pl.Series(texts.name, pc.ascii_lower(array))  # pyright: ignore[reportAttributeAccessIssue]
    return lowered.str.replace_all(r"\s+", " ").str.strip_chars() if _spaced(Utf8.of(array)) else lowered


def _spaced(texts: Utf8) -> bool:
    """Whether any of the texts has other white space than single blanks between words, or seems so."""
    values, bounds = texts
    some = bounds[:-1] < bounds[1:]
    ends = values[np.concatenate([bounds[:-1][some], bounds[1:][some] - 1])]
    return bool((ends == _BLANK).any()) or any(_piece_spaced(piece) for _, piece in texts.pieces(further=2))


def _piece_spaced(piece: Bytes) -> bool:
    blank = piece == _BLANK
    if (blank[1:] & blank[:-1]).any() or (piece < _BLANK).any():
        return True
    leads = np.flatnonzero((piece == 0xC2) | (piece - 0xE1 <= 2))
    first, second, third = (piece.take(leads + place, mode="clip").astype(np.int32) for place in range(3))
    pair = first << 8 | second
    return bool(leads.size and np.isin([pair, pair << 8 | third], _WIDE_BYTES).any())
