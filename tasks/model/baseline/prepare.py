"""Everything that a baseline needs of one test, read once for all seeds."""

from typing import NamedTuple

from medinst_eval.definitions import Definition
from schemas.errors import EvaluationError
from sources import tasks as declared_tasks
from tasks.base.store.frames import read as read_frame
from tasks.model.baseline.choice import Choice
from tasks.model.baseline.gold import Rows, read
from tasks.model.baseline.rows import Training, training
from tasks.model.baseline.shapes import Shape, shape_of
from tasks.model.benchmark.place import test_set
from tasks.model.score.declared import definition


class Prepared(NamedTuple):
    """A test with its training samples.

    Attributes:
        shape: its form of answers.
        training: what is learned from.
        rows: the test's samples.
    """

    name: str
    definition: Definition
    shape: Shape
    training: Training
    rows: Rows


def prepare(name: str, choice: Choice) -> Prepared:
    """Read a test and its training samples.

    Raises:
        EvaluationError: the benchmark is of another build, or nothing is left to train on.
    """
    test, samples = choice.benchmark.manifest.tasks[name], choice.samples[name]
    frame = read_frame(test_set(choice.benchmark, name), columns=["id", "record_id", "input", "output"])
    known = set(samples.every(test.splits).select("id").collect()["id"])
    if foreign := sum(id_ not in known for id_ in frame["id"]):
        raise EvaluationError(
            f"{name}: {foreign:,} of {frame.height:,} samples of benchmark {choice.benchmark.version} are not in the "
            f"build of release {choice.build.state.release}, so what leaks into it is not known. "
            "Make it anew: medinst benchmark"
        )
    shape = shape_of(test.form, test.labels)
    learning = training(name, test, shape, choice.build, samples)
    rows = read(frame, declared_tasks()[name][1], shape, choice.build)
    return Prepared(name, definition(name), shape, learning, rows)
