"""`python -m tests.benchmarks.guard [--rows N] [--tests N]`: test texts planted in rows, and what is found.

Words follow Zipf's law, so that sequences of three words recur as they do in prose. One row in 1,000 holds a test text:
as it is, with one word changed, or a passage of it.
"""

import argparse
import json
import tempfile
import time
from pathlib import Path
from random import Random

import numpy as np
from rich.console import Console

from tasks.tools.guard.guard import guard, training
from tasks.tools.guard.tests import folder_tests
from tests.benchmarks.measure import Meter

WORDS, PER_ROW, ONE_IN, SEED = 30_000, 150, 1_000, 7
LENGTHS = (9, 16, 30, 80, 200)
"""Words of the test texts, in turn."""

console = Console(width=120)


def main() -> None:
    """Plant, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--tests", type=int, default=15_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="medinst-bench-") as name:
        folder = Path(name)
        planted = write(folder, asked.rows, asked.tests)
        meter, started = Meter(), time.perf_counter()
        with meter.measured("guard"):
            data = training("train", folder / "train.jsonl", ())
            outcome = guard(data, [folder_tests(folder / "tests.jsonl", ())])
        wall = time.perf_counter() - started
        size = (folder / "train.jsonl").stat().st_size
        found = outcome.unclean.get("train.jsonl", set())
        console.print(f"{asked.rows:,} rows ({size / 1e9:.2f} GB) against {asked.tests:,} tests: {wall:.1f} s")
        cost = meter.costs["guard"]
        console.print(f"{cost.cpu:.1f} CPU s, {cost.peak / 1e6:,.0f} MB at most")
        console.print(f"planted {len(planted):,}, found {len(found & planted):,}; other rows {len(found - planted):,}")


def write(folder: Path, rows: int, tests: int) -> set[int]:
    """Write the tests and the training set.

    Returns:
        the numbers of the rows with a test text, from 1.
    """
    draw, random = np.random.default_rng(SEED), Random(SEED)
    vocabulary = np.array([_word(number) for number in range(WORDS)])
    often = np.cumsum(1 / np.arange(1, WORDS + 1))
    asked = [_text(draw, vocabulary, often, LENGTHS[number % len(LENGTHS)]) for number in range(tests)]
    with (folder / "tests.jsonl").open("w") as file:
        file.writelines(f"{json.dumps({'question': ' '.join(text), 'options': {'A': 'x'}})}\n" for text in asked)
    planted: set[int] = set()
    with (folder / "train.jsonl").open("w") as file:
        for number in range(1, rows + 1):
            text = _text(draw, vocabulary, often, PER_ROW)
            if number % ONE_IN == 0:
                text[40:40] = _planted(random, asked[random.randrange(tests)])
                planted.add(number)
            turns = [{"role": "user", "content": " ".join(text)}, {"role": "assistant", "content": "yes"}]
            file.write(f"{json.dumps({'messages': turns})}\n")
    return planted


def _word(number: int) -> str:
    return "".join("etaoinshrd"[int(digit)] for digit in f"{number:05d}")


def _text(draw: np.random.Generator, vocabulary: np.ndarray, often: np.ndarray, length: int) -> list[str]:
    """Words by their frequency, from the cumulated frequencies of all."""
    return vocabulary[np.searchsorted(often, draw.random(length) * often[-1])].tolist()


def _planted(random: Random, text: list[str]) -> list[str]:
    """A test text as it is, with one word changed, or 30 words of it."""
    way = random.choice(("whole", "changed", "passage"))
    if way == "changed":
        text = [*text]
        text[random.randrange(len(text))] = "changed"
    return text[:30] if way == "passage" else text


if __name__ == "__main__":
    main()
