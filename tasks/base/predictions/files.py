"""Predictions in files: ours (`predictions.jsonl` beside `run.json`), and the published JSON layout."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ValidationError

from schemas.errors import EvaluationError
from schemas.evaluation import Evaluation
from sources import tasks as declared_tasks
from tasks.base.predictions.bucket import fetch, fetch_answers
from tasks.base.predictions.by_task import ByTask, by_task
from tasks.base.predictions.order import in_order

PREDICTIONS = "predictions.jsonl"
RUN = "run.json"


class Answered(NamedTuple):
    """The answers of one model to one task.

    Attributes:
        ids: of the samples; empty where the layout has none.
        predictions: what the model answered.
        targets: the gold answers.
        asked: samples that there should be; 0 where nothing says so.
    """

    ids: list[str]
    predictions: list[str]
    targets: list[str]
    asked: int


class Predictions(NamedTuple):
    """The answers of one model.

    Attributes:
        name: what tables call the model.
        benchmark: version of the benchmark; empty where the layout does not say.
        tasks: task -> answers, sorted by name; of our own layout each sorted by the sample's id, and read when they are
            asked for, so that those of one task are in memory.
        evaluation: of our own layout, what was asked and how.
    """

    name: str
    benchmark: str
    tasks: Mapping[str, Answered]
    evaluation: Evaluation | None


def load(path: Path) -> Predictions:
    """Read predictions, whichever of the two layouts they have.

    Args:
        path: a folder of ours, its `predictions.jsonl`, or a JSON file in the published layout.

    Raises:
        EvaluationError: it is neither, or is cut off; the message names the place.
    """
    path = path / PREDICTIONS if path.is_dir() else path
    fetch_answers(path)
    fetch(path.with_name(RUN))
    if not path.is_file():
        raise EvaluationError(f"{path} is not there. Ask a model first: medinst evaluate --model M --base-url URL")
    return _ours(path) if path.suffix == ".jsonl" else _published(path)


def _ours(path: Path) -> Predictions:
    run = path.with_name(RUN)
    if not run.is_file():
        raise EvaluationError(f"{run} is not there, so nothing says what {path.name} answers. Copy the whole folder.")
    try:
        evaluation = Evaluation.model_validate_json(run.read_bytes())
    except ValidationError as error:
        raise EvaluationError(f"{run} is not a description of an evaluation: {error.errors()[0]['msg']}.") from error
    return Predictions(evaluation.name, evaluation.benchmark, Logged(by_task(path), evaluation), evaluation)


class Logged(Mapping[str, Answered]):
    """The answers of an evaluation, those of a task read from its log when they are asked for.

    Args:
        found: where they are.
        evaluation: what was asked, and how.
    """

    def __init__(self, found: ByTask, evaluation: Evaluation) -> None:
        self.found, self.evaluation = found, evaluation

    def __iter__(self) -> Iterator[str]:
        return iter(self.found.lines)

    def __len__(self) -> int:
        return len(self.found.lines)

    def __getitem__(self, task: str) -> Answered:
        """The answers to a task, sorted by the sample's id."""
        answered = Answered([], [], [], self.evaluation.asked.get(task, 0))
        targets: dict[str, str] = {}
        for each in self.found.predictions(task):
            answered.ids.append(each.id)
            answered.predictions.append(each.prediction)
            answered.targets.append(targets.setdefault(each.target, each.target))  # of most tests there are a few
        return _put_back(task, answered) if self.evaluation.asking.options_seed else answered

    def only(self, task: str) -> "Logged":
        """The answers to one task alone."""
        return Logged(self.found.only(task), self.evaluation)


def _put_back(task: str, answered: Answered) -> Answered:
    """Answers with the labels that they list in the order of the gold answers, which the instruction had changed."""
    labels = declared_tasks()[task][1].labels if task in declared_tasks() else ()
    return answered._replace(predictions=[in_order(text, labels) for text in answered.predictions])


def _published(path: Path) -> Predictions:
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise EvaluationError(
            f"{path}: line {error.lineno}, column {error.colno}: {error.msg}. The file is cut off or no JSON; nothing "
            "was scored. Copy it again from where it came."
        ) from error
    except UnicodeDecodeError as error:
        raise EvaluationError(f"{path}: byte {error.start} is not UTF-8. Nothing was scored.") from error
    tasks = dict(sorted(_tasks(path, said)))
    if not tasks:
        raise EvaluationError(f"{path} holds no task with answers. {_LAYOUT}")
    return Predictions(path.stem, "", tasks, None)


_LAYOUT = 'Expected: {category: {task: {"generated": [{"prediction": …, "target": …}, …]}}}.'


def _tasks(path: Path, said: Any) -> Iterator[tuple[str, Answered]]:
    if not isinstance(said, dict):
        raise EvaluationError(f"{path} holds a {type(said).__name__}. {_LAYOUT}")
    for category, tasks in said.items():
        if not isinstance(tasks, dict):
            raise EvaluationError(f"{path}: {category!r} holds a {type(tasks).__name__}. {_LAYOUT}")
        for task, answers in tasks.items():
            rows = answers.get("generated") if isinstance(answers, dict) else None
            if not isinstance(rows, list):
                raise EvaluationError(f"{path}: {category!r}, {task!r} has no list `generated`. {_LAYOUT}")
            for number, row in enumerate(rows):
                if not isinstance(row, dict) or not all(isinstance(row.get(k), str) for k in ("prediction", "target")):
                    raise EvaluationError(
                        f"{path}: {category!r}, {task!r}, answer {number} has no texts `prediction` and `target`. "
                        f"{_LAYOUT}"
                    )
            yield task, Answered([], [row["prediction"] for row in rows], [row["target"] for row in rows], len(rows))
