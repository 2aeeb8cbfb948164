"""The responses of a chat endpoint: an answer taken apart, or the error that it is."""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from medinst_eval.reasoning import splitter
from schemas.evaluation import Asking, Outcome, Prediction, Question
from tasks.model.evaluate.content import said, text_of
from tasks.model.evaluate.failures import Passing, failure
from tasks.model.evaluate.trouble import trouble
from tasks.model.evaluate.usage import usage

_CUT = {"length", "max_tokens", "max_output_tokens", "max_length", "model_length", "token_limit"}
_CUT |= {"model_context_window_exceeded"}
_WITHHELD = {
    "content_filter",
    "refusal",
    "safety",
    "recitation",
    "prohibited_content",
    "blocklist",
    "spii",
    "sensitive",
}
_FAILED = {"error", "abort", "aborted", "cancelled", "canceled", "failed", "network_error", "internal_error"}
_FAILED |= {"insufficient_system_resource"}
"""How servers name the end of an answer that was cut off, that they withheld, and that they failed to make."""


class Reply(NamedTuple):
    """What an endpoint answered."""

    text: str
    reasoning: str
    outcome: Outcome
    prompt_tokens: int
    answer_tokens: int
    reasoning_tokens: int

    def prediction(self, question: Question) -> Prediction:
        """What is kept of it."""
        return Prediction(
            key=question.key,
            id=question.id,
            task=question.task,
            prediction=self.text,
            target=question.target,
            outcome=self.outcome,
            reasoning=self.reasoning,
            prompt_tokens=self.prompt_tokens,
            answer_tokens=self.answer_tokens,
            reasoning_tokens=self.reasoning_tokens,
        )


class Reader:
    """Reads the responses of one endpoint.

    Args:
        url: that is asked, for messages.
        key: masked in the endpoint's own words.
        asking: what the requests hold.
    """

    def __init__(self, url: str, key: str, asking: Asking) -> None:
        self.url, self.key, self.asking = url, key, asking
        self.split = splitter(asking.reasoning)

    def read(self, data: bytes) -> Reply:
        """Read the body of a response with status 200.

        Raises:
            Passing: it is not a chat completion, or an error that may pass.
            Refused: it is an error about this question.
            EvaluationError: it is an error about all questions.
        """
        body = decoded(data)
        choices = body.get("choices") if isinstance(body, dict) else None
        choice = choices[0] if isinstance(choices, list) and choices else None
        message = choice.get("message") if isinstance(choice, dict) else None
        if not isinstance(body, dict) or not isinstance(choice, dict) or not isinstance(message, dict):
            raise self._no_completion(body)
        finish = choice.get("finish_reason")
        finish = finish.lower() if isinstance(finish, str) else ""
        if (error := choice.get("error") or body.get("error")) or finish in _FAILED:
            raise self._broken(error or f"finish_reason {finish}")
        return self._reply(message, finish, body.get("usage"))

    def failure(self, status: int, data: bytes, retry_after: str | None = None) -> Exception:
        """What a status other than 200 means, as the exception to raise."""
        return failure(self.url, trouble(decoded(data), self.key, status), self.asking, retry_after)

    def _reply(self, message: Mapping[str, Any], finish: str, counted: object) -> Reply:
        if isinstance(content := message.get("content"), int | float):
            raise Passing(
                f"{self.url} answered something that is not a chat completion: its content is {content!r:.50}"
            )
        spoken = said(message)
        found = self.split(spoken.answer)
        thought = _both(spoken.thought, found.thought)
        tokens = usage(counted, thought, found.answer)
        refused = finish in _WITHHELD or bool(text_of(message.get("refusal")).strip())
        ended: Outcome = "answer" if found.answer else "empty"
        ended = "length" if finish in _CUT or not found.closed else ended
        return Reply(found.answer, thought, "refusal" if refused else ended, *tokens)

    def _no_completion(self, body: object) -> Exception:
        met = trouble(body, self.key)
        if isinstance(body, dict) and (body.get("error") or met.status):
            return failure(self.url, met, self.asking)
        return Passing(f"{self.url} answered something that is not a chat completion: {met.words}")

    def _broken(self, error: object) -> Passing:
        met = trouble(error, self.key)
        return Passing(f"{self.url} broke off its answer: {met.named}", overload=met.status == 429)


def _both(one: str, other: str) -> str:
    """Two thoughts, or one where a server sends it twice or there is no other."""
    return f"{one}\n{other}" if one and other and one != other else one or other


def decoded(data: bytes) -> object:
    """JSON as what it says; anything else as the bytes that it is."""
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return data
