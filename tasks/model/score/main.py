"""The main metrics of a task alone, which cost a fraction of all of them."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from medinst_eval.definitions import Definition
from medinst_eval.measure import Kind, strictly
from medinst_eval.metrics import paper, reading
from medinst_eval.metrics.statistics import Draws, Metric
from tasks.base.predictions.files import Answered
from tasks.model.score.scoring import seed_of


def main_metrics(task: Definition, answered: Answered) -> dict[Kind, Metric]:
    """The main metric of a task in each set, equal to the first that `measure` gives.

    Args:
        task: the task.
        answered: predictions and gold answers.
    """
    texts = (answered.predictions, answered.targets)
    if task.strict == "text":  # the others of its metrics take minutes
        read = [reading.text(given) for given in answered.predictions]
        return {"paper": paper.rouge(*texts), "strict": paper.rouge(read, answered.targets)}
    return {
        "paper": paper.METRICS.get(task.paper, paper.rouge)(*texts),
        "strict": strictly(task, *texts).metrics[0],
    }


def some(metric: Metric, samples: Sequence[int]) -> Metric:
    """A metric on some of its samples, by their places: the same as if these had been measured alone."""
    return replace(metric, parts=metric.parts[np.asarray(samples, dtype=np.intp)])


def draws(task: str, samples: int) -> Draws:
    """How often each sample of a task is drawn in each resample: the same for every model."""
    return Draws(samples, seed_of(task))
