"""The unit of the ratios: a fixed loop of what the product's Python and its libraries do."""

import hashlib

import polars as pl

from tests.benchmarks.measure import Meter, answer

WORDS = 600_000


def work(meter: Meter, _arguments: list[str]) -> None:
    """Build strings in Python, then hash, sort and count them in Polars: about a CPU second."""
    with meter.measured("unit"):
        words = [f"{n * 2_654_435_761 % 1_000_003:x}" for n in range(WORDS)]
        counts: dict[str, int] = {}
        for word in words:
            counts[word[:3]] = counts.get(word[:3], 0) + len(word)
        hashed = hashlib.sha256("".join(words * 10).encode()).digest()
        frame = pl.DataFrame({"word": words, "key": [word[::-1] for word in words]})
        sorted_ = frame.sort("key").group_by(pl.col("word").str.slice(0, 3)).agg(pl.col("key").n_unique())
    assert len(hashed) == 32
    assert sorted_.height == len(counts)


if __name__ == "__main__":
    answer(work)
