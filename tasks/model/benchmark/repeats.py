"""Tests that share samples or texts with other tests, so that a mean need not count them twice."""

from collections.abc import Mapping
from itertools import combinations
from typing import NamedTuple

import polars as pl

from tasks.base.store.hashing import digest
from tasks.base.store.normal import normalised


class Repeated(NamedTuple):
    """What a test shares with others.

    Attributes:
        shares: other test -> the number of samples of this one that it has too, with the same input and answer.
        texts: other test -> the number of samples of this one whose document it has too, or whose input is, lies in or
            holds one of its inputs; whatever is asked.
        repeats: a larger test that has more than half of this one's samples; None if there is none.
    """

    shares: dict[str, int]
    texts: dict[str, int]
    repeats: str | None


def repeats(tests: Mapping[str, pl.DataFrame]) -> dict[str, Repeated]:
    """Compare tests by the inputs, answers and documents of their samples; texts normalised as duplicates are.

    The largest test of those that share samples counts (of equal ones the first by name), the others repeat it.

    Args:
        tests: their samples, by name; `document` is empty where none is known.
    """
    keys = {name: rows.select(*_KEYS) for name, rows in tests.items()}
    texts = _texts(keys)
    found: dict[str, Repeated] = {}
    for name in sorted(keys, key=lambda name: (-len(keys[name]), name)):
        shares = _common(name, keys, "key")
        larger = {other: count for other, count in shares.items() if other in found and found[other].repeats is None}
        most = max(larger, key=lambda other: larger[other], default=None)
        half = most is not None and 2 * larger[most] > len(keys[name])
        found[name] = Repeated(shares, texts[name], most if half else None)
    return found


SHORTEST, LONGEST = 40, 1_000
"""Characters without white space of an input that is looked for within others: shorter ones are phrases that stand
anywhere, longer ones whole abstracts, which are found by their document."""

_INPUT = normalised(pl.col("input"))
_KEYS = (
    digest(pl.concat_str(_INPUT, normalised(pl.col("output")), separator="\x1f")).alias("key"),
    _INPUT.str.replace_all(r"\s+", "").alias("text"),
    pl.when(pl.col("document") != "").then("document").alias("document"),
)


def _common(name: str, keys: Mapping[str, pl.DataFrame], column: str) -> dict[str, int]:
    """Other test -> the number of samples of a test that have a value in common with it, if there are."""
    counts = {other: int(_there(keys[name], rows, column).sum()) for other, rows in keys.items() if other != name}
    return {other: count for other, count in counts.items() if count}


def _there(mine: pl.DataFrame, theirs: pl.DataFrame, column: str) -> pl.Series:
    return mine[column].is_in(theirs[column].drop_nulls().implode()).fill_null(value=False)


def _texts(keys: Mapping[str, pl.DataFrame]) -> dict[str, dict[str, int]]:
    """Test -> other test -> the number of samples of the first whose document or text the other has."""
    found: dict[str, dict[str, int]] = {name: {} for name in keys}
    for one, other in combinations(keys, 2):
        mine, yours = keys[one], keys[other]
        inside, around = _within(mine["text"], yours["text"])
        within, holding = _within(yours["text"], mine["text"])
        for name, other_name, rows, others, parts in (
            (one, other, mine, yours, inside | holding),
            (other, one, yours, mine, around | within),
        ):
            same = _there(rows, others, "document") | _there(rows, others, "text") | parts
            if count := int(same.sum()):
                found[name][other_name] = count
    return found


def _within(parts: pl.Series, texts: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Which of some texts lie in others, and which of these others hold one of them."""
    size = parts.str.len_chars()
    wanted = parts.filter((size >= SHORTEST) & (size <= LONGEST)).unique()
    wanted = wanted.filter(wanted.str.len_chars() < (texts.str.len_chars().max() or 0))
    if wanted.is_empty():
        return pl.repeat(False, len(parts), eager=True), pl.repeat(False, len(texts), eager=True)
    hits = texts.str.extract_many(wanted.implode(), overlapping=True)
    return parts.is_in(hits.explode().drop_nulls().implode()), hits.list.len() > 0
