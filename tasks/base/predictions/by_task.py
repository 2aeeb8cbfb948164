"""Predictions by task. Of each, memory holds where its line begins in the log: eight bytes, however long the answer."""

from array import array
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from schemas.evaluation import Prediction
from tasks.base.predictions import log
from tasks.base.predictions.thoughts import Thinking, cut, thought


class ByTask(NamedTuple):
    """Where the predictions of an evaluation are.

    Attributes:
        path: the log.
        lines: task -> where its lines begin, in bytes, in the order of the log; tasks sorted by name.
        thinks: whether the model thought before each whole answer.
    """

    path: Path
    lines: dict[str, "array[int]"]
    thinks: bool

    def only(self, task: str) -> "ByTask":
        """The predictions of one task alone."""
        return self._replace(lines={task: self.lines[task]})

    def predictions(self, task: str) -> Iterator[Prediction]:
        """The last prediction of each sample of a task, sorted by the sample's id.

        Where the model thought before each whole answer, one cut off without a thought is itself a thought.
        """
        with log.Reader(self.path) as reader:
            last = {reader.at(place).id: place for place in self.lines[task]}
            for id_ in sorted(last):
                found = reader.at(last[id_])
                yield thought(found) if self.thinks and cut(found) else found


def by_task(path: Path) -> ByTask:
    """Find the predictions of each task in a log.

    Raises:
        EvaluationError: a line is not a prediction.
    """
    thinking, lines = Thinking(), dict[str, "array[int]"]()
    for place, each in log.placed(path):
        thinking.saw(each)
        lines.setdefault(each.task, array("q")).append(place)
    return ByTask(path, dict(sorted(lines.items())), thinking.always)
