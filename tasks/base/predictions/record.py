"""Scores beside their predictions, and all evaluations of a benchmark together."""

from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Generic, NamedTuple, TypeVar

import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import TypeAdapter, ValidationError

from schemas.base import Model
from schemas.evaluation import Evaluation, Score, Spread, StratumScore
from tasks.base.predictions.bucket import fetch_scored, send, write
from tasks.base.predictions.by_task import by_task
from tasks.base.predictions.files import PREDICTIONS, RUN

EVALUATIONS = "evaluations"
SCORES = "scores.json"
PARQUET = "predictions.parquet"

_SCORES = TypeAdapter(tuple[Score, ...])
T = TypeVar("T", bound=Model)


class Table(NamedTuple, Generic[T]):
    """Rows that lie beside scores, in a file of that name."""

    file: str
    rows: TypeAdapter[tuple[T, ...]]


STRATA = Table("strata.json", TypeAdapter(tuple[StratumScore, ...]))
"""The scores of parts of the tests."""
SPREADS = Table("spread.json", TypeAdapter(tuple[Spread, ...]))
"""How much scores differ between the variants of an evaluation, beside the first of them."""


class Kept(NamedTuple):
    """An evaluation that has been scored."""

    folder: Path
    evaluation: Evaluation
    scores: tuple[Score, ...]


PREDICTION = pa.schema(
    [
        *((name, pa.string()) for name in ("evaluation", "model", "benchmark", "task", "id", "prediction", "target")),
        *((name, pa.string()) for name in ("outcome", "reasoning")),
        *((name, pa.int64()) for name in ("prompt_tokens", "answer_tokens", "reasoning_tokens")),
    ]
)
"""Columns of `predictions.parquet`, which the catalogue shows."""

ROWS = 20_000
"""Rows of a group of it, which are in memory at once with their thoughts."""


def keep(folder: Path, table: Table[T], rows: Sequence[T]) -> None:
    """Write rows beside the predictions of an evaluation."""
    write(folder / table.file, table.rows.dump_json(tuple(rows), indent=1) + b"\n")


def read(folder: Path, table: Table[T]) -> tuple[T, ...]:
    """What lies beside the predictions of an evaluation; nothing where that was not worked out."""
    try:
        return table.rows.validate_json((folder / table.file).read_bytes())
    except (OSError, ValidationError):
        return ()


def keep_scores(folder: Path, scores: list[Score]) -> None:
    """Write the scores of an evaluation beside its predictions, and these as Parquet, sorted by task and sample."""
    _keep_predictions(folder)
    write(folder / SCORES, _SCORES.dump_json(tuple(scores), indent=1) + b"\n")


def kept_scores(folder: Path) -> list[Score]:
    """The scores that lie beside predictions."""
    return list(_SCORES.validate_json((folder / SCORES).read_bytes()))


def _keep_predictions(folder: Path) -> None:
    evaluation = Evaluation.model_validate_json((folder / RUN).read_bytes())
    facts = {"evaluation": evaluation.name, "model": evaluation.asking.model, "benchmark": evaluation.benchmark}
    found, fresh = by_task(folder / PREDICTIONS), folder / f".{PARQUET}.part"
    with pq.ParquetWriter(fresh, PREDICTION) as writer:
        for task in found.lines:
            predictions = found.predictions(task)
            while rows := list(islice(predictions, ROWS)):
                said = [facts | each.model_dump(exclude={"key"}) for each in rows]
                writer.write_table(pa.Table.from_pylist(said, schema=PREDICTION))
    send(fresh.replace(folder / PARQUET))


def kept(place: Path, benchmark: str | None = None) -> list[Kept]:
    """The scored evaluations in a folder, sorted by name; what is not an evaluation is passed over.

    Args:
        place: holds `<benchmark>/<evaluation>/`.
        benchmark: only those of this version.
    """
    found: list[Kept] = []
    fetch_scored(place, benchmark, (RUN, SCORES, STRATA.file, SPREADS.file))
    for path in sorted(place.glob(f"{benchmark or '*'}/*/{SCORES}")):
        try:
            evaluation = Evaluation.model_validate_json((path.parent / RUN).read_bytes())
            found.append(Kept(path.parent, evaluation, _SCORES.validate_json(path.read_bytes())))
        except (OSError, ValidationError):
            continue
    return found


def families(found: Sequence[Kept]) -> list[list[Kept]]:
    """Evaluations with their variants: that which asks as usual first, the others by name.

    Of two that ask alike (an older version named variants in another way) the one with more answers counts.
    """
    alike: dict[str, dict[str, Kept]] = {}
    for each in sorted(found, key=lambda each: (len(each.evaluation.asking.varied) > 0, each.evaluation.name)):
        asking = each.evaluation.asking
        family = alike.setdefault(asking.as_usual().model_dump_json(), {})
        variant = str(asking.varied)
        if variant not in family or _answers(each) > _answers(family[variant]):
            family[variant] = each
    return [list(family.values()) for family in alike.values()]


def family_of(folder: Path) -> list[Path]:
    """The scored evaluations beside one that are variants of it, and itself; none if it is not scored."""
    here = folder.absolute()
    for family in families(kept(here.parent.parent, here.parent.name)):
        if here in (folders := [each.folder for each in family]):
            return folders
    return []


def _answers(each: Kept) -> int:
    return sum(score.samples for score in each.scores if score.main)


def tables(place: Path) -> tuple[list[tuple[object, ...]], list[Path]]:
    """The rows of the catalogue's table `scores`, and the files of its view `predictions`."""
    found = kept(place)
    rows = [_row(each.evaluation, score) for each in found for score in each.scores]
    return rows, [each.folder / PARQUET for each in found]


def _row(evaluation: Evaluation, score: Score) -> tuple[object, ...]:
    return (
        evaluation.name, evaluation.asking.model, evaluation.benchmark, score.task, score.category, score.kind,
        score.metric, score.main, score.value, score.low, score.high, score.samples, score.unread,
    )  # fmt: skip
