"""A fine-tuning without Prefect, in a process that is killed at a chosen moment."""

import importlib
import multiprocessing
import os
import signal
from collections.abc import Sequence
from functools import cache, wraps
from pathlib import Path
from typing import Any, NamedTuple

HEAVY = ("datasets", "peft", "torch", "transformers", "trl", "tests.support.kills")


class Moment(NamedTuple):
    """When a process is killed.

    Attributes:
        place: a function, as `module:name` or `module:class.name`.
        call: at which call of it.
        after: after that call; else before it.
    """

    place: str
    call: int = 1
    after: bool = False


def run(root: str, out: str, settings: Sequence[str], moment: Moment | None = None) -> int:
    """Fine-tune in a process of its own, forked from one that has imported the libraries; returns its exit code."""
    process = _context().Process(target=_finetune, args=(root, out, settings, moment))
    process.start()
    process.join(300)
    if process.is_alive():
        process.kill()
        raise TimeoutError(f"the training has not reached {moment}")
    assert process.exitcode is not None
    return process.exitcode


@cache
def _context() -> Any:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(HEAVY))
    return context


def _finetune(root: str, out: str, settings: Sequence[str], moment: Moment | None) -> None:
    """All that the flow does, in its order."""
    from tasks.base.store.root import Root
    from tasks.model.finetune import base, card, compare
    from tasks.model.finetune.plan import alone, make_plan
    from tasks.model.finetune.recipe import load
    from tasks.model.finetune.train import train

    plan = make_plan(load("tiny_cpu", settings), Root(root), Path(out))
    if moment:
        _kill_at(moment)
    with alone(plan.folder):
        base.make(plan.base, plan.recipe, plan.mixture)
        trained = train(plan)
        comparison = compare.kept(plan)
        if comparison is None:
            before, after = (_answers(plan, model) for model in (plan.base.folder, plan.folder))
            comparison = compare.compare(plan, trained, before, after)
            compare.keep(plan, comparison)
        card.keep(plan, trained, comparison)


def _answers(plan: Any, model: Path) -> Path:
    from tasks.base.predictions.log import Log
    from tasks.model.evaluate.backends import backend
    from tasks.model.evaluate.plan import make_plan, save_run

    exam = plan.recipe.evaluation
    asked = make_plan(plan.asking(model), plan.root, list(exam.tests), exam.limit, str(plan.evaluations))
    save_run(asked)
    local = backend(plan.asking(model), None, 1)
    with Log(asked.predictions) as log, local.opened(log):
        for name in asked.asked:
            local.ask(asked.questions(name))
    return Path(str(asked.folder))


def _kill_at(moment: Moment) -> None:
    module, _, path = moment.place.partition(":")
    *above, name = path.split(".")
    owner: Any = importlib.import_module(module)
    for each in above:
        owner = getattr(owner, each)
    real, calls = getattr(owner, name), 0

    @wraps(real)
    def counted(*given: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == moment.call and not moment.after:
            os.kill(os.getpid(), signal.SIGKILL)
        result = real(*given, **named)
        if calls == moment.call:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(owner, name, counted)
