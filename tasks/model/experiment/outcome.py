"""What a row of an experiment gave, from the receipts of its training and its evaluation."""

from pathlib import Path

from schemas.evaluation import Evaluation
from schemas.experiment import RowResult
from schemas.trained import Cost, Trained
from tasks.base.predictions.files import RUN
from tasks.model.experiment.plan import Plan, Row
from tasks.model.finetune import checkpoints, loss
from tasks.model.finetune.plan import COST, TRAINED


def outcome(
    plan: Plan, row: Row, evaluation: Path, answer_loss: dict[str, float | None], trained: Path | None = None
) -> RowResult:
    """Put together what a row gave.

    Args:
        plan: the experiment.
        row: which of its rows.
        evaluation: folder of the answers.
        answer_loss: test -> loss of its gold answers.
        trained: folder of the model; None for a model that is not trained.
    """
    asked = Evaluation.model_validate_json((evaluation / RUN).read_bytes())
    result = RowResult(
        system=row.system,
        seed=row.seed,
        share=row.share,
        model=asked.asking.model,
        evaluation=evaluation.relative_to(plan.folder).as_posix(),
        answer_loss=answer_loss,
        samples=asked.asked,
    )
    return result if trained is None else result.model_copy(update=_training(row, trained, result))


def _training(row: Row, folder: Path, result: RowResult) -> dict[str, object]:
    """What the training read and took up to the share of its steps."""
    trained = Trained.model_validate_json((folder / TRAINED).read_bytes())
    cost = Cost.model_validate_json((folder / COST).read_bytes())
    steps = checkpoints.steps(row.share, trained.steps)
    points = [point for point in loss.read(folder / loss.LOG) if point.step <= steps]
    return {
        "mixture": trained.mixture_version,
        "seen": tuple(test for test in result.samples if test in trained.data.tasks),
        "steps": steps,
        "tokens": points[-1].tokens,
        "trained_parameters": trained.trained_parameters,
        "seconds": points[-1].seconds,
        "memory": cost.memory,
        "loss": loss.ends(points),
    }
