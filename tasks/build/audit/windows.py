"""Windows of consecutive words as 64-bit hashes: polynomials over the words' hashes, mixed."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tasks.build.audit.polynomials import Hashes, mixed
from tasks.build.audit.words import Words


class Windows(NamedTuple):
    """Windows that lie within one text.

    Attributes:
        hashes: one a window.
        rows: the text of each window.
        places: the word at which each begins, counted in its text.
    """

    hashes: Hashes
    rows: NDArray[np.int64]
    places: NDArray[np.int64]


def starting(words: Words, size: int) -> Hashes:
    """The hash of the `size` words from each word on, those included that reach beyond the end of a text."""
    return mixed(words.polynomials.runs(slice(None, -size), slice(size, None)))


def windows(words: Words, size: int) -> Windows:
    """All windows of `size` words that lie within one text."""
    counts = np.maximum(words.lengths - size + 1, 0)
    starts = np.repeat(words.offsets[:-1], counts)
    rows = np.repeat(np.arange(len(counts)), counts)
    places = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
    return Windows(starting(words, size)[starts + places], rows, places)


def within(words: Words, size: int, hashes: Hashes, starts: NDArray[np.int64]) -> Windows:
    """Those of some windows that lie within one text.

    Args:
        words: the texts.
        size: words of a window.
        hashes: of the windows that begin at each word.
        starts: the words at which the windows in question begin, counted over all texts.
    """
    rows = np.searchsorted(words.offsets, starts, side="right") - 1
    whole_ones = starts + size <= words.offsets[rows + 1]
    starts, rows = starts[whole_ones], rows[whole_ones]
    return Windows(hashes[starts], rows, starts - words.offsets[rows])


def whole(words: Words) -> Hashes:
    """The hash of each whole text; equal for equal words. A text without words is 0."""
    return mixed(words.polynomials.runs(words.offsets[:-1], words.offsets[1:]))
