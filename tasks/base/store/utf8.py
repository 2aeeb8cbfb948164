"""The bytes of many texts at once, for questions that hold for nearly all of them, or for nearly none."""

from collections.abc import Callable, Iterator
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

Bytes: TypeAlias = npt.NDArray[np.uint8]

_PIECE = 2**16
"""Bytes looked at together: so few that what is made of them stays in the cache."""


def as_arrow(texts: pl.Series) -> pa.LargeStringArray:
    """Texts as Arrow keeps them: their bytes one after another."""
    return pa.array(texts.to_arrow(compat_level=pl.CompatLevel.oldest()), pa.large_string())


class Utf8(NamedTuple):
    """The bytes of some texts.

    Attributes:
        values: the bytes, of shape (n,); others may stand before and behind those of the texts.
        bounds: where each text begins, and where the last one ends, of shape (texts + 1,).
    """

    values: Bytes
    bounds: npt.NDArray[np.int64]

    @classmethod
    def of(cls, texts: pa.LargeStringArray) -> "Utf8":
        """The bytes of texts, which are not copied; a null is an empty text."""
        _, offsets, data = texts.buffers()
        bounds = np.frombuffer(offsets, np.int64)[texts.offset : texts.offset + len(texts) + 1]
        return cls(np.frombuffer(data or b"", np.uint8), bounds)

    def pieces(self, further: int = 0) -> Iterator[tuple[int, Bytes]]:
        """The bytes in pieces, with the place of each; one ends with some of the next."""
        first, last = self.bounds[[0, -1]].tolist()
        for at in range(first, last, _PIECE):
            yield at, self.values[at : min(at + _PIECE + further, last)]

    def counts(self, chosen: Callable[[Bytes], npt.NDArray[np.bool_]]) -> npt.NDArray[np.int64]:
        """How many bytes of each text are chosen, of shape (texts,)."""
        places = [np.flatnonzero(chosen(piece)) + at for at, piece in self.pieces()]
        return np.diff(np.searchsorted(np.concatenate([*places, np.empty(0, np.int64)]), self.bounds))
