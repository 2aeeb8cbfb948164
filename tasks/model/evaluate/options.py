"""From the options of a command to what shapes an answer, with errors that a person understands."""

import json
import re
from typing import Any

from pydantic import ValidationError

from schemas.errors import EvaluationError
from schemas.evaluation import Asking


def asking(extra: str, reasoning: str | None, **options: Any) -> Asking:
    """What shapes an answer.

    Args:
        extra: further fields of each request, as a JSON object.
        reasoning: the pattern of reasoning; None for all known layouts.
        options: the other fields of `Asking`.

    Raises:
        EvaluationError: an option makes no sense.
    """
    try:
        groups = re.compile(reasoning or "").groups
    except re.error as error:
        raise EvaluationError(f"--reasoning {reasoning!r} is not a regular expression: {error}.") from error
    if reasoning and groups != 1:
        raise EvaluationError(f"--reasoning {reasoning!r} has {groups} groups; it needs one, around the reasoning.")
    try:
        return Asking(**options, reasoning=reasoning, extra=json.loads(extra))
    except json.JSONDecodeError as error:
        raise EvaluationError(
            f"--extra {extra!r} is not JSON: {error}. Write an object: '{{\"top_k\": 20}}'"
        ) from error
    except ValidationError as error:
        first = error.errors()[0]
        raise EvaluationError(f"--{'-'.join(map(str, first['loc']))}: {first['msg']}.") from error
