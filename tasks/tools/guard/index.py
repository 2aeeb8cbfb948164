"""What is looked for: the texts of tests as sequences of words, shingles and whole texts, each with who has it."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from schemas.audit import LONG, SEQUENCE, SHINGLE, SHORT, SHORT_SEQUENCE
from schemas.guard import COMMON, CONTAINED, FEWEST
from tasks.build.audit.bloom import Bloom
from tasks.build.audit.polynomials import Hashes, distinct
from tasks.build.audit.sequences import tested
from tasks.build.audit.similarity import Sets, sets_of
from tasks.build.audit.windows import whole, windows
from tasks.build.audit.words import Words, hashed
from tasks.tools.guard.tests import Sample

RARE = 4
"""Rare shingles that a row must have in common with a test text before the two are compared."""

ANCHOR = 4
"""Words at the beginning and at the end of a short text: of one that differs in a word, one of the two is unchanged."""

Numbers = NDArray[np.int64]


class Postings(NamedTuple):
    """Hashes, each once and in ascending order, and the texts that have them.

    Attributes:
        hashes: of sequences of words.
        ends: where the entries of each hash begin in the other two; one more than there are hashes.
        texts: numbers of texts.
        places: the word at which the sequence begins in the text.
        marks: a filter that most other hashes do not pass.
    """

    hashes: Hashes
    ends: Numbers
    texts: Numbers
    places: Numbers
    marks: Bloom

    @classmethod
    def made(cls, hashes: Hashes, texts: Numbers, places: Numbers) -> "Postings":
        """Postings of entries in any order."""
        order = np.lexsort((places, texts, hashes))
        keys = distinct(hashes)
        marks = Bloom.empty(len(keys))
        marks.add(keys)
        ends = np.searchsorted(hashes[order], keys)
        return cls(keys, np.append(ends, len(hashes)), texts[order], places[order], marks)

    def met(self, hashes: Hashes) -> tuple[Numbers, Numbers]:
        """Which of some hashes are here, and their numbers among the hashes."""
        there = np.flatnonzero(self.marks.has(hashes))
        if not len(self.hashes):
            return there[:0], there[:0]
        number = np.minimum(np.searchsorted(self.hashes, hashes[there]), len(self.hashes) - 1)
        right = self.hashes[number] == hashes[there]
        return there[right], number[right]

    def entries(self, numbers: Numbers) -> tuple[Numbers, Numbers]:
        """The entries of some hashes: for each the position in `numbers`, and the position of the entry."""
        counts = self.ends[numbers + 1] - self.ends[numbers]
        position = np.repeat(np.arange(len(numbers)), counts)
        return position, np.arange(len(position)) - np.repeat(np.cumsum(counts) - counts, counts) + self.ends[
            numbers
        ].repeat(counts)


class Index(NamedTuple):
    """The distinct texts of tests.

    Attributes:
        texts: the texts.
        words: their words.
        sequences: the sequences of 13 words, or of 8 of short texts.
        counts: how many of them each text has.
        rare: the rarest shingles of long texts.
        shingles: all shingles of all texts.
        anchors: the first and last words of short texts.
        whole: hashes of texts, ascending, with `whole_of` the text of each.
        owners: number of a text, of a sample.
    """

    texts: list[str]
    words: Words
    sequences: Postings
    counts: Numbers
    rare: Postings
    shingles: Sets
    anchors: Postings
    whole: Hashes
    whole_of: Numbers
    owners: pl.DataFrame

    @property
    def lengths(self) -> Numbers:
        """Words of each text."""
        return self.words.lengths

    @property
    def sizes(self) -> list[int]:
        """Words of the sequences that are looked for."""
        short = (self.lengths >= SHORT_SEQUENCE) & (self.lengths < SEQUENCE)
        return [SEQUENCE, SHORT_SEQUENCE] if short.any() else [SEQUENCE]


def index(samples: Iterable[Sample]) -> Index:
    """Index the texts of tests. Texts with the same words are one; what is too short or asked too often is left out."""
    pairs = [(number, text) for number, sample in enumerate(samples) for text in sample.texts]
    frame = pl.DataFrame(pairs, schema={"sample": pl.Int64, "said": pl.String}, orient="row")
    words = hashed(frame["said"])
    frame = frame.with_columns(hash=pl.Series(whole(words)), row=pl.int_range(pl.len()))
    frame = frame.filter(pl.Series(words.lengths >= FEWEST)).unique(
        ["sample", "hash"], keep="first", maintain_order=True
    )
    own = frame.filter(pl.len().over("hash") <= COMMON)
    first = (
        own.unique("hash", keep="first", maintain_order=True)
        .with_row_index("text")
        .with_columns(pl.col("text").cast(pl.Int64))
    )
    owners = own.join(first.select("hash", "text"), on="hash", maintain_order="left").select("text", "sample")
    return _indexed(first, words.take(first["row"].to_numpy()), owners)


def _indexed(first: pl.DataFrame, words: Words, owners: pl.DataFrame) -> Index:
    texts = len(words.lengths)
    every = tested(words, windows)
    hashes, order = first["hash"].to_numpy(), np.argsort(first["hash"].to_numpy(), kind="stable")
    few = _few(every.hashes)
    return Index(
        texts=first["said"].to_list(),
        words=words,
        sequences=Postings.made(every.hashes[few], every.rows[few], every.places[few]),
        counts=np.bincount(every.rows[few], minlength=texts),
        rare=_rare(words),
        shingles=sets_of(windows(words, SHINGLE), texts),
        anchors=_anchors(words),
        whole=hashes[order],
        whole_of=order,
        owners=owners,
    )


def _few(hashes: Hashes) -> Numbers:
    """The entries whose hash few texts have."""
    _, of, counts = np.unique(hashes, return_inverse=True, return_counts=True)
    return np.flatnonzero(counts[of] <= COMMON)


def _rare(words: Words) -> Postings:
    """The rarest shingles of each long text, so many that a near duplicate has at least `RARE` of them."""
    found = windows(words, SHINGLE)
    frame = (
        pl.DataFrame({"text": found.rows, "hash": found.hashes})
        .filter(pl.Series(words.lengths[found.rows] >= LONG))
        .unique(["text", "hash"])
        .with_columns(often=pl.len().over("hash"), size=pl.len().over("text"))
        .sort("text", "often", "hash")
        .filter(pl.int_range(pl.len()).over("text") < pl.col("size") - (pl.col("size") * CONTAINED).ceil() + RARE)
        .filter(pl.col("often") <= COMMON)
    )
    texts = frame["text"].to_numpy()
    return Postings.made(frame["hash"].to_numpy(), texts, np.zeros_like(texts))


def _anchors(words: Words) -> Postings:
    """The first and last words of short texts; the place is the word at which they begin."""
    found = windows(words, ANCHOR)
    length = words.lengths[found.rows]
    here = (length >= SHORT[0]) & (length < LONG) & ((found.places == 0) | (found.places == length - ANCHOR))
    few = np.flatnonzero(here)[_few(found.hashes[here])]
    return Postings.made(found.hashes[few], found.rows[few], found.places[few])
