"""Tests that share samples with other tests, by input and answer, so that a mean need not count them twice."""

from collections.abc import Mapping
from typing import NamedTuple

import polars as pl

from tasks.base.store.hashing import digest, normalised


class Repeated(NamedTuple):
    """The samples that a test shares with others.

    Attributes:
        shares: other test -> the number of samples of this one that it has too.
        repeats: a larger test that has more than half of this one's samples; None if there is none.
    """

    shares: dict[str, int]
    repeats: str | None


def repeats(tests: Mapping[str, pl.DataFrame]) -> dict[str, Repeated]:
    """Compare tests by the inputs and answers of their samples, normalised as duplicates are.

    The largest test of those that share samples counts (of equal ones the first by name), the others repeat it.

    Args:
        tests: their samples, by name.
    """
    key = digest(pl.concat_str(normalised(pl.col("input")), normalised(pl.col("output")), separator="\x1f"))
    keys = {name: rows.select(key.alias("key")).to_series() for name, rows in tests.items()}
    found: dict[str, Repeated] = {}
    for name in sorted(keys, key=lambda name: (-len(keys[name]), name)):
        common = {other: int(keys[name].is_in(keys[other].implode()).sum()) for other in tests if other != name}
        shares = {other: count for other, count in common.items() if count}
        larger = {other: count for other, count in shares.items() if other in found and found[other].repeats is None}
        most = max(larger, key=lambda other: larger[other], default=None)
        half = most is not None and 2 * larger[most] > len(keys[name])
        found[name] = Repeated(shares, most if half else None)
    return found
