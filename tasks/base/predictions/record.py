"""Scores beside their predictions, and all evaluations of a benchmark together."""

from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import TypeAdapter, ValidationError

from schemas.evaluation import Evaluation, Score
from tasks.base.predictions import log
from tasks.base.predictions.files import PREDICTIONS, RUN

EVALUATIONS = "evaluations"
SCORES = "scores.json"
TABLE = "predictions.parquet"

_SCORES = TypeAdapter(tuple[Score, ...])


class Kept(NamedTuple):
    """An evaluation that has been scored."""

    folder: Path
    evaluation: Evaluation
    scores: tuple[Score, ...]


PREDICTION = pa.schema(
    [
        *((name, pa.string()) for name in ("evaluation", "model", "benchmark", "task", "id", "prediction", "target")),
        *((name, pa.string()) for name in ("outcome", "reasoning")),
        *((name, pa.int64()) for name in ("prompt_tokens", "answer_tokens")),
    ]
)
"""Columns of `predictions.parquet`, which the catalogue shows."""


def keep_scores(folder: Path, scores: list[Score]) -> None:
    """Write the scores of an evaluation beside its predictions, and these as Parquet, sorted by task and sample."""
    _keep_predictions(folder)
    path = folder / SCORES
    fresh = path.with_name(f".{SCORES}.part")
    fresh.write_bytes(_SCORES.dump_json(tuple(scores), indent=1) + b"\n")
    fresh.replace(path)


def kept_scores(folder: Path) -> list[Score]:
    """The scores that lie beside predictions."""
    return list(_SCORES.validate_json((folder / SCORES).read_bytes()))


def _keep_predictions(folder: Path) -> None:
    evaluation = Evaluation.model_validate_json((folder / RUN).read_bytes())
    facts = {"evaluation": evaluation.name, "model": evaluation.asking.model, "benchmark": evaluation.benchmark}
    rows = [facts | prediction.model_dump(exclude={"key"}) for prediction in log.read(folder / PREDICTIONS)]
    rows.sort(key=lambda row: (row["task"], row["id"]))
    fresh = folder / f".{TABLE}.part"
    pq.write_table(pa.Table.from_pylist(rows, schema=PREDICTION), fresh)
    fresh.replace(folder / TABLE)


def kept(place: Path, benchmark: str | None = None) -> list[Kept]:
    """The scored evaluations in a folder, sorted by name; what is not an evaluation is passed over.

    Args:
        place: holds `<benchmark>/<evaluation>/`.
        benchmark: only those of this version.
    """
    found: list[Kept] = []
    for path in sorted(place.glob(f"{benchmark or '*'}/*/{SCORES}")):
        try:
            evaluation = Evaluation.model_validate_json((path.parent / RUN).read_bytes())
            found.append(Kept(path.parent, evaluation, _SCORES.validate_json(path.read_bytes())))
        except (OSError, ValidationError):
            continue
    return found


def tables(place: Path) -> tuple[list[tuple[object, ...]], list[Path]]:
    """The rows of the catalogue's table `scores`, and the files of its view `predictions`."""
    found = kept(place)
    rows = [_row(each.evaluation, score) for each in found for score in each.scores]
    return rows, [each.folder / TABLE for each in found]


def _row(evaluation: Evaluation, score: Score) -> tuple[object, ...]:
    return (
        evaluation.name, evaluation.asking.model, evaluation.benchmark, score.task, score.category, score.kind,
        score.metric, score.main, score.value, score.low, score.high, score.samples, score.unread,
    )  # fmt: skip
