"""The sequences of words by which a training text leaks into a test text."""

from collections.abc import Callable
from functools import partial

import numpy as np

from schemas.audit import SEQUENCE, SHORT_SEQUENCE
from tasks.build.audit.bloom import Bloom
from tasks.build.audit.windows import Windows, starting, within
from tasks.build.audit.words import Words

Cut = Callable[[Words, int], Windows]
"""Makes windows of texts: all of a size, or some of them."""


def trained(words: Words, cut: Cut) -> Windows:
    """The sequences of training texts, of both lengths."""
    return _joined(cut(words, SEQUENCE), cut(words, SHORT_SEQUENCE))


def tested(words: Words, cut: Cut) -> Windows:
    """The sequences of test texts: the shorter ones of texts that are too short for the longer."""
    brief = np.flatnonzero(words.lengths < SEQUENCE)
    short = cut(words.take(brief), SHORT_SEQUENCE)
    return _joined(cut(words, SEQUENCE), short._replace(rows=brief[short.rows]))


def passing(marks: Bloom) -> Cut:
    """Cuts only those windows that a filter lets through."""
    return partial(_passing, marks)


def _passing(marks: Bloom, words: Words, size: int) -> Windows:
    hashes = starting(words, size)
    return within(words, size, hashes, np.flatnonzero(marks.has(hashes)))


def _joined(*parts: Windows) -> Windows:
    return Windows(*map(np.concatenate, zip(*parts, strict=True)))
