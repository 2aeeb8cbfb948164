"""`eval.yaml`: what makes a dataset of the Hub a benchmark there, whose tests Inspect runs.

The Hub takes scorers of Inspect alone, so its scores are not those of `strict`; `inspect eval medinst_eval/…` has
these.
"""

from collections.abc import Iterable
from typing import Any

import yaml

from schemas.benchmark import TestSet
from tasks.model.benchmark.place import ZERO_SHOT
from tasks.model.score.declared import definition

EVAL = "eval.yaml"

_EXACT = ("label", "exact", "score")
"""Kinds of strict metrics whose answers Inspect's exact match scores; elsewhere the F1 of words is nearest."""

_ABOUT = (
    "32 held-out biomedical tasks as instructions. One label or number is scored by exact match, any other by the "
    "F1 of its words. That is coarser than MedINST's own metrics: `inspect eval medinst_eval/<task>` of the wheel "
    "medinst-eval."
)


def evaluation(tests: Iterable[TestSet]) -> str:
    """The text of `eval.yaml`; the tests are asked without examples."""
    said = {
        "name": "MedINST32",
        "description": _ABOUT,
        "evaluation_framework": "inspect-ai",
        "tasks": [_task(test.task) for test in tests],
    }
    return yaml.safe_dump(said, sort_keys=False, allow_unicode=True, width=120)


def _task(name: str) -> dict[str, Any]:
    scorer = "exact" if definition(name).strict in _EXACT else "f1"
    return {
        "id": name,
        "config": name + ZERO_SHOT,
        "split": "test",
        "field_spec": {"input": "input", "target": "output", "metadata": ["instruction"]},
        "solvers": [
            {"name": "prompt_template", "args": {"template": "{instruction}\n{prompt}"}},
            {"name": "generate"},
        ],
        "scorers": [{"name": scorer}],
    }
