"""Constrained answers: the grammar of a task's answers, in the words of the server that is to obey it."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from medinst_eval.grammar.constraint import Constraint, constraint
from schemas.errors import EvaluationError
from schemas.evaluation import Asking, Constrain
from sources import tasks as declared_tasks
from tasks.build.render.stage import form

FIELDS: Mapping[Constrain, Callable[[Constraint], dict[str, Any]]] = {
    "vllm": lambda found: {
        "structured_outputs": {"choice": list(found.choices)} if found.choices else {"grammar": found.grammar}
    },
    "sglang": lambda found: {"ebnf": found.grammar},
    "llama.cpp": lambda found: {"grammar": found.grammar},
}
"""What each kind of server takes: the fields of a request."""

LOCAL: Constrain = "llguidance"
"""What constrains a local model."""


@cache
def constraint_of(task: str) -> Constraint | None:
    """The constraint of a task's answers; None for free text."""
    declared = declared_tasks()[task][1]
    return constraint(form(declared), declared.labels)


class Constraints:
    """The constraints of an evaluation's requests.

    Args:
        server: the kind of server; empty: answers are free.
    """

    def __init__(self, server: Constrain) -> None:
        self._fields = FIELDS.get(server)

    def fields(self, task: str) -> dict[str, Any]:
        """The fields of a request that constrain its answer; none where it is free."""
        found = constraint_of(task) if self._fields else None
        return self._fields(found) if self._fields and found else {}


def refuse_unfitting(asking: Asking) -> None:
    """Refuse a constraint that the backend does not obey.

    Raises:
        EvaluationError: it does not.
    """
    if asking.constrain and (asking.backend == "openai") != (asking.constrain in FIELDS):
        fitting = ", ".join(FIELDS) if asking.backend == "openai" else LOCAL
        raise EvaluationError(
            f"--backend {asking.backend} does not obey --constrain {asking.constrain}. Choose among: {fitting}."
        )
