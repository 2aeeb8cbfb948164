"""Annotation consistency: of the places where a known mention is spelled, those that are annotated.

A surface that is annotated in one place and not in another is either a decision by context or an oversight. Two kinds
of places are counted apart: those inside or across another mention ("tumour" in "skin tumour"), and those that
a hyphen or slash joins to another word ("T" in "T-cell").
"""

from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tasks.build.diagnose.tokens import Tokens

MOST_TOKENS = 16
"""Tokens of the longest mentions that are looked for; longer ones are not repeated word by word."""

_BASE = np.uint64(0x9E3779B97F4A7C15)
_INVERSE = np.uint64(pow(0x9E3779B97F4A7C15, -1, 2**64))

KINDS = ("tagged", "within", "joined", "untagged")
"""Kinds of places: annotated as this mention; covered by another annotated mention; neither, and part of a hyphenated
word; none of these."""

PLACES = {"name": pl.String, "split": pl.String, **dict.fromkeys(KINDS, pl.UInt32)}
"""Columns of what is found: of each surface and split, the number of places of each kind."""


class _Found(NamedTuple):
    """Places of surfaces: their tokens, from `first` and so many, and the number of the surface."""

    first: NDArray[np.int64]
    size: NDArray[np.int64]
    surface: NDArray[np.int64]


def consistency(tokens: Tokens, mentions: pl.DataFrame, splits: pl.Series) -> pl.DataFrame:
    """Look for the mentions everywhere, at the borders of tokens and in exactly their spelling; white space may differ.

    Args:
        tokens: of the texts.
        mentions: with the columns of `tasks.build.diagnose.annotations.MENTION`.
        splits: the split of each text.

    Returns:
        rows of `PLACES`, for surfaces that occur, sorted.
    """
    whole = mentions.filter(pl.col("spans").list.len() == 1)
    starts, ends = _spans(tokens, whole)
    first = np.searchsorted(tokens.starts, starts)
    last = np.searchsorted(tokens.ends, ends)
    there = np.minimum(np.maximum(first, last), len(tokens.ids) - 1)
    size = last - first + 1
    fits = (np.maximum(first, last) == there) & (size > 0) & (size <= MOST_TOKENS)
    fits &= (tokens.starts[np.minimum(first, there)] == starts) & (tokens.ends[np.minimum(last, there)] == ends)
    if not fits.any():
        return pl.DataFrame(schema=PLACES)
    names = whole["text"].filter(fits)
    found, named = _everywhere(tokens, first[fits], size[fits])
    begin, end = tokens.starts[found.first], tokens.ends[found.first + found.size - 1]
    tagged = np.isin(_pair(begin, end), _pair(starts, ends))
    covered = _covered(tokens, mentions, begin, end)
    joined = _joined(tokens, found)
    frame = pl.DataFrame(
        {
            "name": names.gather(named).gather(found.surface).str.replace_all(r"\s+", " "),
            "split": splits.gather(tokens.rows[found.first]),
            "tagged": tagged,
            "within": covered & ~tagged,
            "joined": joined & ~covered & ~tagged,
            "untagged": ~joined & ~covered & ~tagged,
        }
    )
    return frame.group_by("name", "split").agg(pl.all().sum()).sort("name", "split").cast(PLACES)  # pyright: ignore[reportArgumentType]


def _spans(tokens: Tokens, mentions: pl.DataFrame) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where the only or first fragment of each mention lies, over all texts."""
    span = mentions["spans"].list.first().struct
    begins = tokens.begins[mentions["row"].to_numpy()]
    return begins + span.field("start").to_numpy(), begins + span.field("end").to_numpy()


def _everywhere(tokens: Tokens, first: NDArray[np.int64], size: NDArray[np.int64]) -> tuple[_Found, NDArray[np.int64]]:
    """All places of the surfaces of some mentions, and of each surface the first mention that has it.

    A run of tokens is a polynomial modulo 2^64, taken from sums of prefixes and divided by the power of its place.
    """
    count = len(tokens.ids)
    powers = np.cumprod(np.full(count, _BASE))
    inverse = np.cumprod(np.full(count, _INVERSE))
    sums = np.concatenate([[np.uint64(0)], np.cumsum((tokens.ids.astype(np.uint64) + np.uint64(1)) * powers)])

    def hashed(place: NDArray[np.int64], length: int | NDArray[np.int64]) -> NDArray[np.uint64]:
        return (sums[place + length] - sums[place]) * inverse[place]

    known = np.empty(len(first), [("tokens", np.int64), ("mark", np.uint64)])
    known["tokens"], known["mark"] = size, hashed(first, size)
    surfaces, named = np.unique(known, return_index=True)
    parts: list[_Found] = []
    for length in np.unique(surfaces["tokens"]):
        chosen = np.flatnonzero(surfaces["tokens"] == length)
        begins = np.zeros(tokens.ids.max() + 1, np.bool_)
        begins[tokens.ids[first[named[chosen]]]] = True
        place = np.flatnonzero(begins[tokens.ids[: count - length + 1]])
        place = place[tokens.rows[place] == tokens.rows[place + length - 1]]
        hashes, wanted = hashed(place, int(length)), surfaces["mark"][chosen]
        at = np.minimum(np.searchsorted(wanted, hashes), len(wanted) - 1)
        equal = wanted[at] == hashes
        parts.append(_Found(place[equal], np.full(equal.sum(), length), chosen[at[equal]]))
    return _Found(*map(np.concatenate, zip(*parts, strict=True))), named


def _pair(start: NDArray[np.int64], end: NDArray[np.int64]) -> NDArray[np.int64]:
    return start * (1 << 24) + np.minimum(end - start, (1 << 24) - 1)


def _covered(
    tokens: Tokens, mentions: pl.DataFrame, begin: NDArray[np.int64], end: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Whether a fragment of any mention has a character of a place."""
    spans = mentions.select("row", "spans").explode("spans", empty_as_null=False).unnest("spans").drop_nulls()
    begins = tokens.begins[spans["row"].to_numpy()]
    starts, ends = begins + spans["start"].to_numpy(), begins + spans["end"].to_numpy()
    order = np.argsort(starts, kind="stable")
    reach = np.maximum.accumulate(ends[order])
    before = np.searchsorted(starts[order], end) - 1
    return (before >= 0) & (reach[np.maximum(before, 0)] > begin)


def _joined(tokens: Tokens, found: _Found) -> NDArray[np.bool_]:
    """Whether a hyphen or slash joins a place to a word before or after it, without white space."""
    none = np.zeros(2, np.bool_)
    touches = np.concatenate(
        [none, tokens.starts[1:] == tokens.ends[:-1], none]
    )  # at n + 1: token n touches the one before
    signs, words = (np.concatenate([none, each, none]) for each in (tokens.joins, tokens.words))
    first, last = found.first + 2, found.first + found.size + 1  # their places in `signs` and `words`
    before = touches[first - 1] & signs[first - 1] & touches[first - 2] & words[first - 2]
    after = touches[last] & signs[last + 1] & touches[last + 1] & words[last + 2]
    return before | after
