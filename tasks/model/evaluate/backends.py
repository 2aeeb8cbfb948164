"""What answers questions: an endpoint or a local model, behind one interface."""

import os
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

from schemas.errors import EvaluationError
from schemas.evaluation import Asking, Question
from tasks.base.predictions.log import Log
from tasks.model.adapters import ADAPTERS, CONFIG
from tasks.model.evaluate.endpoint import Endpoint
from tasks.model.evaluate.engine import Engine
from tasks.model.evaluate.tally import Progress
from tasks.model.pretrained.find import known

KEYS = ("MEDINST_API_KEY", "OPENAI_API_KEY")
"""Environment variables of the key, the first that is set."""


class Backend(Protocol):
    """Answers questions, and writes each answer into a log as soon as it is there.

    Attributes:
        together: whether the questions of all tasks are asked in one step, as its batches are of any tasks.
    """

    together: bool
    progress: Progress

    def opened(self, log: Log) -> AbstractContextManager[None]:
        """Hold the backend open as long as the block runs."""
        ...

    def ask(self, questions: Iterable[Question]) -> Progress:
        """Ask questions; those in the log already are skipped."""
        ...


class Remote:
    """An endpoint that speaks OpenAI's protocol."""

    together = False

    def __init__(self, asking: Asking, base_url: str, concurrency: int) -> None:
        key = next((os.environ[name] for name in KEYS if os.environ.get(name)), "")
        self.endpoint = Endpoint(base_url, key, asking, concurrency)
        self.concurrency = concurrency
        self.progress = Progress()

    @contextmanager
    def opened(self, log: Log) -> Iterator[None]:
        """Open the connections."""
        with Engine(self.endpoint, log, self.concurrency) as self.engine:
            self.engine.progress = self.progress  # goes on over the variants of an evaluation
            yield

    def ask(self, questions: Iterable[Question]) -> Progress:
        """Ask questions; those in the log already are skipped."""
        return self.engine.ask(questions)


def refuse_unusable(asking: Asking, base_url: str | None) -> None:
    """Refuse what cannot answer, before anything is begun.

    Raises:
        EvaluationError: the endpoint cannot be reached or rejects the key, or the folder has no model.
        ModelError: the local model is not there.
    """
    if asking.backend == "transformers":
        folder = known(asking.model).folder
        if not any((folder / name).is_file() for name in (CONFIG, ADAPTERS)):
            raise EvaluationError(f"{folder} has no {CONFIG}, so it holds no model. Name the folder that has it.")
        return
    remote = backend(asking, base_url, 1)
    assert isinstance(remote, Remote)
    remote.endpoint.refuse_unusable()


def backend(asking: Asking, base_url: str | None, concurrency: int) -> Backend:
    """The backend that is asked for.

    Raises:
        EvaluationError: it cannot be opened.
        ModelError: the local model is not there.
    """
    if asking.backend == "transformers":
        from tasks.model.evaluate.local import Local

        return Local(asking.model_copy(update={"model": str(known(asking.model).folder)}))
    if not base_url:
        raise EvaluationError(
            "No endpoint was given. Pass --base-url (vLLM's is http://localhost:8000/v1), or load a folder or a "
            "fetched model with --backend transformers."
        )
    return Remote(asking, base_url, concurrency)
