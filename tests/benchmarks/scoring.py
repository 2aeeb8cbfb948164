"""Scoring answers to the tests of a benchmark, half of them those of another sample, on two processes.

`python -m tests.benchmarks.scoring BENCHMARK [ANSWERS]`, 15,000 by default.
"""

import random
import sys
from pathlib import Path

import polars as pl

from tasks.base.predictions.files import Answered, Predictions
from tasks.model.score.scoring import score
from tests.benchmarks.measure import Meter, answer

ANSWERS = 15_000


def work(meter: Meter, arguments: list[str]) -> None:
    """Score the tests in a folder of a benchmark, repeated until there are enough samples."""
    dice = random.Random(1)
    tests = {path.parent.name: pl.read_parquet(path) for path in sorted(Path(arguments[0]).glob("data/*/test.parquet"))}
    tests = {name: rows for name, rows in tests.items() if not name.endswith("-zs")}
    answers = int(arguments[1]) if len(arguments) > 1 else ANSWERS
    times = answers / sum(rows.height for rows in tests.values())
    answered: dict[str, Answered] = {}
    for name, rows in tests.items():
        gold = rows["output"].to_list()
        gold = [gold[n % len(gold)] for n in range(round(len(gold) * times))]
        given = [right if dice.random() < 0.5 else dice.choice(gold) for right in gold]
        answered[name] = Answered([], given, gold, len(gold))
    with meter.measured("score"):
        found = score(Predictions("m", "", answered, None), 2)
    assert found
    sys.stderr.write(f"{sum(len(each.targets) for each in answered.values())} answers\n")


if __name__ == "__main__":
    answer(work)
