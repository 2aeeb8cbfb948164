"""Questions put to an endpoint, and the answers that were kept."""

import json
from pathlib import Path
from typing import Any

from schemas.evaluation import Asking, Prediction, Question
from tasks.base.predictions.log import Log, read
from tasks.model.evaluate.endpoint import Endpoint
from tasks.model.evaluate.engine import Engine
from tasks.model.evaluate.response import Reader, Reply
from tasks.model.evaluate.tally import Progress
from tests.support.chat_server import Chat

MODEL = Asking(model="m")
SECRET = "sk-very-secret"


def questions(count: int) -> list[Question]:
    return [
        Question(key=f"k{n}", id=f"i{n}", task="T", turns=(("u", "a"),), prompt=f"question {n}", target="yes")
        for n in range(count)
    ]


def ask(
    server: Chat | str,
    log: Path,
    count: int = 1,
    concurrency: int = 4,
    options: Asking = MODEL,
    timeout: float = 5,
    key: str = SECRET,
) -> tuple[Progress, dict[str, Prediction]]:
    """Ask questions; what became of them, and all answers in the log by their samples."""
    url = server if isinstance(server, str) else server.url
    with Log(log) as opened, Engine(Endpoint(url, key, options, concurrency, timeout), opened, concurrency) as engine:
        progress = engine.ask(questions(count))
    return progress, {prediction.id: prediction for prediction in read(log)}


def completion(message: object = None, **choice: Any) -> dict[str, Any]:
    """The body of a response with one message of any form."""
    return {"choices": [{"message": message, "finish_reason": "stop", **choice}]}


def reading(body: object, **options: Any) -> Reply:
    """What is made of the body of a response."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Reader("http://chat.example/v1/chat/completions", SECRET, Asking(model="m", **options)).read(data)
