"""What a training leaves beside its answers: `baseline.json`, and a card that says the same in words."""

from pathlib import Path

from pydantic import ValidationError

from schemas.baseline import Fitted, Kind, Receipt
from schemas.errors import EvaluationError
from schemas.evaluation import Evaluation
from tasks.base.pages.template import render
from tasks.base.predictions.bucket import fetch, write
from tasks.base.predictions.files import RUN
from tasks.model.baseline.plan import versions
from tasks.model.evaluate.plan import Plan

RECEIPT, CARD = "baseline.json", "README.md"


def keep(plan: Plan, kind: Kind, test: str, fitted: Fitted) -> None:
    """Write what was trained for a test into receipt and card, beside what they say of other tests.

    Raises:
        EvaluationError: the disk is full or the folder cannot be written.
    """
    before = kept(plan.folder)
    tests = {**(before.tests if before else {}), test: fitted}
    receipt = Receipt(
        kind=kind,
        seed=plan.asking.training_seed,
        release=str(plan.asking.extra["release"]),
        benchmark=plan.benchmark.version,
        versions=versions(kind),
        tests=dict(sorted(tests.items())),
    )
    try:
        write(plan.folder / RECEIPT, receipt.model_dump_json(indent=1).encode() + b"\n")
        write(plan.folder / CARD, card(plan, receipt).encode())
    except OSError as error:
        raise EvaluationError(
            f"{plan.folder}: the receipt cannot be written: {error}. What was answered before is kept. Make room, then "
            "run the same command again."
        ) from error


def kept(folder: Path) -> Receipt | None:
    """The receipt of a folder; None if it has none that can be read."""
    fetch(folder / RECEIPT)
    try:
        return Receipt.model_validate_json((folder / RECEIPT).read_bytes())
    except (OSError, ValidationError):
        return None


def card(plan: Plan, receipt: Receipt) -> str:
    """The card of an evaluation of baselines."""
    run = Evaluation.model_validate_json((plan.folder / RUN).read_bytes())
    tests = {name: plan.benchmark.manifest.tasks[name] for name in receipt.tests}
    return render(__file__, "baseline.md.j2", name=run.name, receipt=receipt, original=run.original, tests=tests)
