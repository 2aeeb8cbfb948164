"""Questions as a file of requests in the layout of OpenAI's Batch API, which `vllm run-batch` reads too.

One JSON object a line: `custom_id` (the key of the question), `method`, `url` and `body`, the very request that an
endpoint would get. A file has at most 50,000 requests and 200 MB, which are OpenAI's limits; more are spread over
numbered files.
"""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from schemas.errors import EvaluationError
from schemas.evaluation import Question
from tasks.base.predictions.log import Log
from tasks.model.evaluate.plan import Plan, save_run
from tasks.model.evaluate.requests import Requests

URL = "/v1/chat/completions"
MOST, LARGEST = 50_000, 200_000_000
"""Requests and bytes in a file."""


def write_requests(plans: Iterable[Plan], path: Path) -> dict[Path, int]:
    """Write the questions that have no answer yet.

    Args:
        plans: of the evaluations.
        path: of the file; of several, each has its number before the suffix (`ask-001.jsonl`).

    Returns:
        the files with the number of their requests; none if all questions are answered.

    Raises:
        EvaluationError: a file of that name is there, or another run is writing the answers.
    """
    refuse_there(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    parts: dict[Path, int] = {}
    lines = (line for plan in plans for line in _lines(plan))
    try:
        left = next(lines, None)
        while left is not None:
            part = path.with_name(f".{path.name}.{len(parts) + 1}.part")
            parts[part] = 0
            parts[part], left = _fill(part, left, lines)
    except BaseException:
        for part in parts:
            part.unlink(missing_ok=True)
        raise
    names = [path] if len(parts) == 1 else [_numbered(path, number) for number in range(1, len(parts) + 1)]
    return {part.replace(name): requests for (part, requests), name in zip(parts.items(), names, strict=True)}


def _fill(part: Path, left: bytes | None, lines: Iterator[bytes]) -> tuple[int, bytes | None]:
    """Write lines until a file is full; returns how many, and the line that no longer fits."""
    count = 0
    with part.open("wb") as file:
        while left is not None and count < MOST and (not count or file.tell() + len(left) <= LARGEST):
            file.write(left)
            count, left = count + 1, next(lines, None)
    return count, left


def refuse_there(path: Path) -> None:
    """Refuse to write over requests, which may be on their way to somebody who will answer them.

    Raises:
        EvaluationError: a file of that name, or a numbered one, is there.
    """
    there = [each for each in (path, _numbered(path, 1)) if each.exists()]
    if there:
        raise EvaluationError(f"{there[0]} is there already. Choose another name for --batch-out, or move it away.")


def _numbered(path: Path, number: int) -> Path:
    return path.with_name(f"{path.stem}-{number:03}{path.suffix}")


def _lines(plan: Plan) -> Iterator[bytes]:
    requests = Requests(plan.asking)
    with Log(plan.predictions) as log:
        save_run(plan)  # a run that is refused changes nothing
        for task in plan.asked:
            for question in plan.questions(task):
                if question.key not in log.known:
                    yield _line(question, requests)


def _line(question: Question, requests: Requests) -> bytes:
    said = {"custom_id": question.key, "method": "POST", "url": URL, "body": requests.body(question)}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace") + b"\n"
