"""Whether predictions answer one version of the benchmark, completely, and nothing else."""

from typing import NamedTuple

from schemas.errors import EvaluationError
from tasks.base.predictions.files import Predictions
from tasks.base.store.frames import read
from tasks.base.store.root import Root
from tasks.base.versions.find import benchmarks
from tasks.model.benchmark.place import find, test_set


class Gap(NamedTuple):
    """Samples of a task that were asked for and have no answer."""

    task: str
    answered: int
    asked: int


def gaps(predictions: Predictions) -> list[Gap]:
    """Where answers are missing."""
    asked = predictions.evaluation.asked if predictions.evaluation else {}
    found = {task: len(answered.predictions) for task, answered in predictions.tasks.items()}
    return [Gap(task, found.get(task, 0), count) for task, count in asked.items() if found.get(task, 0) < count]


def check(predictions: Predictions, root: Root) -> str:
    """Hold the gold answers of predictions against the benchmark that they name.

    Args:
        predictions: of our own layout; the published one names no benchmark, and nothing can be held against it.
        root: where the benchmark should be.

    Returns:
        what could not be checked, in words; empty where all was.

    Raises:
        EvaluationError: the root has benchmarks, but not this one; or an answer is of no sample of it, or its gold
            answer is another one there.
    """
    if predictions.evaluation is None:
        return "The file names no benchmark: its own gold answers were used."
    if not benchmarks(root).names():
        return f"{root.url} has no benchmark: the gold answers in the file were used."
    benchmark = find(root, predictions.benchmark)
    for task, answered in predictions.tasks.items():
        if task not in benchmark.manifest.tasks:
            raise EvaluationError(f"Benchmark {benchmark.version} has no {task}, which the predictions answer.")
        rows = read(test_set(benchmark, task), columns=["id", "output"])
        gold = dict(rows.iter_rows())
        for id_, target in zip(answered.ids, answered.targets, strict=True):
            if gold.get(id_) != target:
                what = "has another gold answer there" if id_ in gold else "is not in this benchmark"
                raise EvaluationError(
                    f"{task}, sample {id_}, {what} (benchmark {benchmark.version}). The predictions were changed or "
                    "are of another version. Ask again: medinst evaluate"
                )
    return ""
