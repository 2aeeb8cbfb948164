"""All miniatures through the data path, then answers to their tasks scored: many small files, so fixed costs count."""

import random
import tempfile
from pathlib import Path

import polars as pl

from schemas.settings import Settings
from schemas.task import SPLITS
from sources import find, registry
from tasks.base.predictions.files import Answered, Predictions
from tasks.build.fetch.source import fetch_source
from tasks.model.score.scoring import score
from tests.benchmarks import data_path
from tests.benchmarks.measure import Meter, answer
from tests.support.places import DEMO

ANSWERS = 2_000
"""Answers that are scored, all tasks together."""


def work(meter: Meter, _arguments: list[str]) -> None:
    """Take the data path and score answers, half of which are those of another sample."""
    with tempfile.TemporaryDirectory(prefix="medinst-bench-") as name:
        root = Path(name)
        order = data_path.order(root, str(DEMO))
        for source in map(find, registry()):
            with meter.measured("fetch"):
                fetched = fetch_source(source, order, Settings())
            data_path.run(source, fetched, root, meter)
        answered = _answered(root, [task.name for source in map(find, registry()) for task in source.tasks])
    with meter.measured("score"):
        assert score(Predictions("m", "", answered, None))


def _answered(root: Path, tasks: list[str]) -> dict[str, Answered]:
    dice = random.Random(1)
    golds: dict[str, list[str]] = {}
    for path in sorted(path for split in SPLITS for path in root.glob(f"samples/*/*/{split}.parquet")):
        for task, output in pl.read_parquet(path, columns=["task", "output"], glob=False).iter_rows():
            golds.setdefault(task, []).append(output)
    each = ANSWERS // len(golds)
    found = {}
    for task in sorted(set(tasks) & set(golds)):
        gold = [golds[task][n % len(golds[task])] for n in range(each)]
        given = [right if dice.random() < 0.5 else dice.choice(gold) for right in gold]
        found[task] = Answered([], given, gold, len(gold))
    return found


if __name__ == "__main__":
    answer(work)
