"""The words of texts as they are compared: letters and digits in lower case, without anything between them.

A corpus with tokens separated by spaces and one with the printed sentence have the same words. Each Chinese
character is a word.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
import polars_hash  # noqa: F401  registers the namespace `nchash`
import pyarrow as pa
from numpy.typing import NDArray

from tasks.build.audit.polynomials import Polynomials

_ALIKE = bytes(byte if chr(byte).isalnum() or byte > 127 else 32 for byte in range(256)).lower()
_SINGLE = r"[\p{Han}\p{Hiragana}\p{Katakana}]"
_BETWEEN = r"[^\p{L}\p{N}\p{M} ]"


@dataclass(frozen=True, eq=False)
class Words:
    """The words of texts, one after the other.

    Attributes:
        hashes: 32 bits of the xxh3 hash of each word.
        offsets: where the words of each text begin; one more than there are texts.
    """

    hashes: NDArray[np.uint32]
    offsets: NDArray[np.int64]

    @cached_property
    def lengths(self) -> NDArray[np.int64]:
        """Words of each text."""
        return np.diff(self.offsets)

    @cached_property
    def polynomials(self) -> Polynomials:
        """The polynomials of all runs of words."""
        return Polynomials.of(self.hashes)

    def take(self, rows: NDArray[np.int64]) -> "Words":
        """The words of some texts."""
        sizes = self.lengths[rows]
        ends = np.concatenate([[0], np.cumsum(sizes)])
        return Words(self.hashes[np.repeat(self.offsets[rows] - ends[:-1], sizes) + np.arange(ends[-1])], ends)


def folded(texts: pl.Series) -> pl.Series:
    """Texts in lower case, with spaces for everything that is not a letter or digit.

    All bytes of ASCII are folded at once; only texts with other characters are looked at by regular expressions.
    """
    array = pa.array(texts.to_arrow(compat_level=pl.CompatLevel.oldest()), pa.large_string())
    _, offsets, data = array.buffers()
    plain = (data.to_pybytes() if data else b"").translate(_ALIKE)
    buffers = [None, offsets, pa.py_buffer(plain)]
    result = pl.Series(texts.name, pa.Array.from_buffers(pa.large_string(), len(array), buffers, offset=array.offset))
    other = (result.str.len_bytes() != result.str.len_chars()).arg_true()
    rest = result.gather(other).str.to_lowercase()
    return result.scatter(other, rest.str.replace_all(_SINGLE, " $0 ").str.replace_all(_BETWEEN, " "))


def split(texts: pl.Series) -> pl.Series:
    """The words of each text as a list."""
    return folded(texts).str.split(" ").list.eval(pl.element().filter(pl.element() != ""))


def hashed(texts: pl.Series) -> Words:
    """The words of texts as numbers."""
    lists = folded(texts).str.split(" ")
    flat = lists.explode(empty_as_null=False)
    there = (flat.str.len_bytes() > 0).to_numpy()
    # Of a literal, the plugin would keep the memory.
    hashes = flat.to_frame("word").select(pl.col("word").nchash.xxh3_64()).to_series().to_numpy()  # pyright: ignore[reportAttributeAccessIssue]
    before = np.concatenate([[0], np.cumsum(there, dtype=np.int64)])
    ends = np.concatenate([[0], np.cumsum(lists.list.len().to_numpy(), dtype=np.int64)])
    return Words((hashes >> np.uint64(32)).astype(np.uint32)[there], before[ends])
