"""One of several processes that train a model together: `python -m tasks.model.finetune.worker REQUEST`.

Accelerate's launcher starts it on each device. What the parent must know is JSON on standard output, one line each:
points of the loss from the main process, and why a process failed.
"""

import json
import sys
from pathlib import Path

from schemas.base import Model
from schemas.errors import MedinstError
from schemas.finetune import Recipe
from tasks.base.store.root import Root
from tasks.model.finetune import loss, processes
from tasks.model.finetune.loss import Logged
from tasks.model.finetune.plan import make_plan
from tasks.model.finetune.train import train


class Request(Model):
    """A training that several processes share.

    Attributes:
        root: where mixtures and benchmark are.
        out: folder of the models; None for that of the root.
    """

    recipe: Recipe
    root: str
    out: str | None = None


def main(path: str) -> int:
    """Train; gives the exit code."""
    request = Request.model_validate_json(Path(path).read_bytes())
    if processes.is_main():
        loss.listen(_tell)
    try:
        train(make_plan(request.recipe, Root(request.root), Path(request.out) if request.out else None))
    except MedinstError as error:
        _say({"error": str(error)})
        return 1
    return 0


def _tell(point: Logged, steps: int) -> None:
    _say({"point": point._asdict(), "steps": steps})


def _say(what: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
