"""The requests that ask questions: their bodies, the same whether they are sent one by one or written into a file."""

from typing import Any

from schemas.evaluation import Asking, Question
from tasks.model.evaluate.constrain import Constraints
from tasks.model.evaluate.questions import messages


class Requests:
    """Makes the bodies of the requests of one evaluation.

    Args:
        asking: what shapes the answers.
    """

    def __init__(self, asking: Asking) -> None:
        self.system = asking.system
        self.constraints = Constraints(asking.constrain)
        optional = {"top_p": asking.top_p, "seed": asking.seed, "stop": list(asking.stop) or None}
        body = {"model": asking.model, "temperature": asking.temperature, "max_tokens": asking.max_tokens} | optional
        self.extra = asking.extra
        self.same = {name: value for name, value in body.items() if value is not None}

    def body(self, question: Question) -> dict[str, Any]:
        """The body of the request that asks a question; what `--extra` says goes before all else, null leaves out."""
        body = self.same | self.constraints.fields(question.task) | self.extra
        asked = {name: value for name, value in body.items() if value is not None}
        return asked | {"messages": messages(question, self.system)}
