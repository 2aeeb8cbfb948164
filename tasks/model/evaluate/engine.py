"""The engine: many questions at once, no more than agreed, each answer in the log as soon as it is there."""

import asyncio
import threading
from collections.abc import Coroutine, Iterable, Iterator
from concurrent.futures import Future
from types import TracebackType
from typing import Any, Self

from schemas.errors import EvaluationError
from schemas.evaluation import Question
from tasks.base.predictions.log import Log
from tasks.model.evaluate.endpoint import Endpoint
from tasks.model.evaluate.failures import Passing, Refused
from tasks.model.evaluate.response import Reply
from tasks.model.evaluate.tally import Progress, tell

FAILURES_IN_A_ROW = 8
"""Questions that fail one after the other, with no answer between them, before all is stopped."""


class Engine:
    """Asks questions of any number of tasks over one endpoint, from a thread with a loop of its own.

    Args:
        endpoint: the endpoint.
        log: where answers go.
        concurrency: requests at once, over all tasks.
    """

    def __init__(self, endpoint: Endpoint, log: Log, concurrency: int) -> None:
        self.endpoint, self.log, self.concurrency = endpoint, log, concurrency
        self.progress = Progress()
        self.failed_in_a_row = self.refused = 0
        self.stop: Exception | None = None

    def __enter__(self) -> Self:
        """Start the thread and open the connections."""
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, name="ask", daemon=True)
        self.thread.start()
        self._do(self._open())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give up what is on its way, close the connections and end the thread."""
        self._do(self._close())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()

    async def _open(self) -> None:
        self.slots = asyncio.Semaphore(self.concurrency)
        await self.endpoint.__aenter__()

    async def _close(self) -> None:
        going = asyncio.all_tasks() - {asyncio.current_task()}
        for each in going:
            each.cancel()
        await asyncio.gather(*going, return_exceptions=True)
        await self.endpoint.__aexit__(None, None, None)

    def _do(self, work: Coroutine[Any, Any, object]) -> None:
        asyncio.run_coroutine_threadsafe(work, self.loop).result()

    def ask(self, questions: Iterable[Question]) -> Progress:
        """Ask questions and wait for the answers; several threads may do so at once.

        Args:
            questions: what is asked; those in the log already are skipped.

        Returns:
            what became of these questions.

        Raises:
            EvaluationError: the endpoint cannot be used; answers that came are in the log.
        """
        mine = Progress()
        asked: Future[None] = asyncio.run_coroutine_threadsafe(self._all(iter(questions), mine), self.loop)
        asked.result()
        return mine

    async def _all(self, questions: Iterator[Question], mine: Progress) -> None:
        """As many workers as requests at once, each taking the next question: no queue builds up."""
        await asyncio.gather(*(self._worker(questions, mine) for _ in range(self.concurrency)))
        if self.stop is not None:
            raise self.stop

    async def _worker(self, questions: Iterator[Question], mine: Progress) -> None:
        try:
            while self.stop is None and (question := next(questions, None)) is not None:
                if question.key in self.log.known:
                    mine.there += 1
                    self.progress.there += 1
                    await asyncio.sleep(0)
                else:
                    await self._one(question, mine)
                tell(self.progress)
        except Exception as error:  # one that ends all, raised when all workers have seen it; what came is kept
            self.stop = self.stop or error

    async def _one(self, question: Question, mine: Progress) -> None:
        request = self.endpoint.request(question)
        try:
            async with self.slots:
                if self.stop is not None:
                    return
                reply = await self.endpoint.ask(request)
        except (Passing, Refused) as error:
            self._count_failure(error, mine)
        else:
            self._keep(question, reply, mine)

    def _keep(self, question: Question, reply: Reply, mine: Progress) -> None:
        self.log.append(reply.prediction(question))
        self.failed_in_a_row = 0
        for progress in (mine, self.progress):
            progress.answer(reply.outcome, reply.prompt_tokens, reply.answer_tokens, reply.reasoning_tokens)

    def _count_failure(self, error: Passing | Refused, mine: Progress) -> None:
        for progress in (mine, self.progress):
            progress.fail(str(error))
        self.failed_in_a_row += isinstance(error, Passing)
        self.refused += isinstance(error, Refused) and not error.alone
        if self.failed_in_a_row >= min(FAILURES_IN_A_ROW, self.concurrency):
            self.stop = self.stop or EvaluationError(
                f"{self.failed_in_a_row} questions in a row have no answer, the last: {error}. What was answered is "
                "kept. See that the endpoint works, then run the same command again."
            )
        elif self.refused >= FAILURES_IN_A_ROW and not self.log.known:
            self.stop = self.stop or EvaluationError(
                f"The endpoint refused each of the first {self.refused} questions, the last: {error}. If it does not "
                "take a field of the request, leave that out: --extra '{\"FIELD\": null}'"
            )
