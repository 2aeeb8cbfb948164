"""Answers out of files of replies, as OpenAI's Batch API and `vllm run-batch` write them.

One JSON object a line: `custom_id`, and `response` with `status_code` and `body`, or `error`. The order is of no
account. What a row failed at stays unanswered, so that the next file of requests asks it again.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from schemas.errors import EvaluationError
from schemas.evaluation import Asking, Question
from tasks.base.predictions.log import Log
from tasks.model.evaluate.failures import Passing, Refused
from tasks.model.evaluate.plan import Plan
from tasks.model.evaluate.response import Reader, Reply, decoded
from tasks.model.evaluate.tally import Progress, tell

SHOWN = 3
"""Rows that a message names as examples."""


class Row(NamedTuple):
    """Where a reply is: its file, line number and bytes from the start."""

    path: Path
    line: int
    start: int

    @property
    def place(self) -> str:
        """For messages."""
        return f"{self.path}, line {self.line}"


class Replies:
    """The replies to a batch, as a backend: each question is answered by its row.

    Several rows may answer one question, as when a failed request was sent again: the first answer counts.

    Args:
        paths: of the files; a file of errors may be among them.
        asking: what the requests held.
        known: keys of all questions of the evaluation.

    Raises:
        EvaluationError: a file is not there or holds no replies, or no row answers one of the questions.
    """

    together = False

    def __init__(self, paths: Sequence[Path], asking: Asking, known: frozenset[str]) -> None:
        self.progress, self.notes = Progress(), list[str]()
        self.reader = Reader(", ".join(path.name for path in paths), "", asking)
        self.rows: dict[str, list[Row]] = {}
        self.unread: list[Row] = []
        for path in paths:
            for row, said in _rows(path):
                if isinstance(said, Mapping) and isinstance(said.get("custom_id"), str):
                    self.rows.setdefault(str(said["custom_id"]), []).append(row)
                else:
                    self.unread.append(row)
        self._refuse_others(paths, known)

    def _refuse_others(self, paths: Sequence[Path], known: frozenset[str]) -> None:
        strange = [rows[0] for key, rows in self.rows.items() if key not in known]
        if len(strange) == len(self.rows):
            found = f"{strange[0].place} answers another question" if strange else "no row has a custom_id"
            raise EvaluationError(
                f"{', '.join(map(str, paths))}: none of {len(self.rows):,} replies answers a question of this "
                f"evaluation; {found}. Pass the options with which the requests were written (--batch-out), and the "
                "same benchmark."
            )
        twice = [rows[1] for rows in self.rows.values() if len(rows) > 1]
        for rows, what in (
            (self.unread, "no JSON object with a custom_id: cut off or changed"),
            (strange, "reply to none of these questions, left out"),
            (twice, "second reply to a question; the first answer counts"),
        ):
            if rows:
                where = "; ".join(row.place for row in rows[:SHOWN]) + ("; …" if len(rows) > SHOWN else "")
                self.notes.append(f"{len(rows):,} × {what} ({where})")

    @contextmanager
    def opened(self, log: Log) -> Iterator[None]:
        """Write into a log."""
        self.log = log
        yield

    def ask(self, questions: Iterable[Question]) -> Progress:
        """Look up the answers to questions; those in the log already are skipped."""
        mine = Progress()
        for question in questions:
            if question.key in self.log.known:
                mine.there += 1
                self.progress.there += 1
            else:
                self._one(question, mine)
            tell(self.progress)
        return mine

    def _one(self, question: Question, mine: Progress) -> None:
        why = "no reply in the file"
        for row in self.rows.get(question.key, ()):
            try:
                reply = self._reply(row)
            except (Passing, Refused, EvaluationError) as error:
                why = str(error)
            else:
                self.log.append(reply.prediction(question))
                for progress in (mine, self.progress):
                    progress.answer(reply.outcome, reply.prompt_tokens, reply.answer_tokens, reply.reasoning_tokens)
                return
        for progress in (mine, self.progress):
            progress.fail(why)

    def _reply(self, row: Row) -> Reply:
        with row.path.open("rb") as file:
            file.seek(row.start)
            said: Any = json.loads(file.readline())
        response = said.get("response")
        if not isinstance(response, Mapping):
            raise self.reader.failure(0, _bytes(said.get("error") or "no response"))
        status, body = response.get("status_code", 200), response.get("body", response)
        if status == 200 and not said.get("error"):
            return self.reader.read(_bytes(body))
        raise self.reader.failure(status if isinstance(status, int) else 0, _bytes(said.get("error") or body))


def _bytes(value: object) -> bytes:
    return value.encode() if isinstance(value, str) else json.dumps(value).encode()


def _rows(path: Path) -> Iterator[tuple[Row, object]]:
    """The rows of a file, decoded.

    Raises:
        EvaluationError: it is not there, or holds requests.
    """
    if not path.is_file():
        raise EvaluationError(f"{path} is not there. Pass the file with the replies to --batch-out's requests.")
    start = 0
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                said = decoded(line)
                if isinstance(said, Mapping) and "method" in said and "response" not in said:
                    raise EvaluationError(
                        f"{path} holds requests (line {number}), not the replies to them. Send it to the provider, or "
                        f"to vllm run-batch -i {path} -o REPLIES, and pass what comes back."
                    )
                yield Row(path, number, start), said
            start += len(line)


def replies(plans: Iterable[Plan], asking: Asking, paths: Sequence[Path]) -> Replies:
    """The replies to the questions of some evaluations.

    Raises:
        EvaluationError: a file is not there or holds no replies, or no row answers one of the questions.
    """
    keys = frozenset(question.key for plan in plans for task in plan.asked for question in plan.questions(task))
    return Replies(paths, asking, keys)
