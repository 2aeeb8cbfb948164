"""Scoring an evaluation, half of whose answers are those of another sample, on two processes.

`python -m tests.benchmarks.scoring BENCHMARK [ANSWERS]`, 15,000 by default.
"""

import random
import resource
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from schemas.evaluation import Asking, Evaluation, Prediction
from tasks.base.predictions.files import PREDICTIONS, RUN, load
from tasks.model.score.scoring import score
from tests.benchmarks.measure import Meter, answer

ANSWERS = 15_000


def work(meter: Meter, arguments: list[str]) -> None:
    """Answer the tests in a folder of a benchmark, repeated until there are enough samples, and score the answers."""
    answers = int(arguments[1]) if len(arguments) > 1 else ANSWERS
    with tempfile.TemporaryDirectory() as folder:
        evaluation = Evaluation(
            name="m", asking=Asking(model="m"), benchmark="", profile="local", original=True, asked={}
        )
        (Path(folder) / RUN).write_text(evaluation.model_dump_json())
        with (Path(folder) / PREDICTIONS).open("w") as log:
            log.writelines(f"{each.model_dump_json()}\n" for each in _answered(Path(arguments[0]), answers))
        before = _memory(resource.RUSAGE_SELF)
        with meter.measured("score"):
            found = score(load(Path(folder)), 2)
    asked = {each.task: each.samples for each in found}
    sys.stderr.write(f"{sum(asked.values())} answers to {len(asked)} tests, at most {max(asked.values())} to one\n")
    sys.stderr.write(
        f"memory: {before} MB before, then {_memory(resource.RUSAGE_SELF)} MB; a process that measures at most "
        f"{_memory(resource.RUSAGE_CHILDREN)} MB\n"
    )


def _answered(benchmark: Path, answers: int) -> Iterator[Prediction]:
    dice = random.Random(1)
    tests = {path.parent.name: pl.read_parquet(path) for path in sorted(benchmark.glob("data/*/test.parquet"))}
    tests = {name: rows["output"].to_list() for name, rows in tests.items() if not name.endswith("-zs")}
    times = answers / sum(map(len, tests.values()))
    for name, gold in tests.items():
        for number in range(round(len(gold) * times)):
            right, id_ = gold[number % len(gold)], f"{number:032x}"
            given = right if dice.random() < 0.5 else dice.choice(gold)
            yield Prediction(key=f"{name} {id_}", id=id_, task=name, prediction=given, target=right)


def _memory(who: int) -> int:
    return resource.getrusage(who).ru_maxrss // 1024


if __name__ == "__main__":
    answer(work)
