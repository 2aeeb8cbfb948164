"""The responses of a chat endpoint: an answer taken apart, or an error that passes, refuses or ends everything."""

import json
import re
from collections.abc import Mapping
from typing import Any, NamedTuple, NoReturn

from schemas.errors import EvaluationError
from schemas.evaluation import Outcome

_WRONG_KEY = (401, 403)
_NOT_THERE = (404, 405)
_BUSY = 429


class Passing(Exception):
    """An error that another attempt may not meet.

    Attributes:
        wait: seconds that the endpoint asks to wait; None where it does not say.
        overload: whether the endpoint has too much to do, so that all requests should wait.
    """

    def __init__(self, what: str, wait: float | None = None, overload: bool = False) -> None:
        super().__init__(what)
        self.wait, self.overload = wait, overload


class Refused(Exception):
    """The endpoint will not answer this question, however often it is asked (too long for the model, say)."""


class Reply(NamedTuple):
    """What an endpoint answered."""

    text: str
    reasoning: str
    outcome: Outcome
    prompt_tokens: int
    answer_tokens: int


def fail(url: str, status: int, retry_after: str | None, message: str) -> NoReturn:
    """Raise what a status other than 200 means.

    Args:
        url: that was asked.
        status: of the response.
        retry_after: the header of that name.
        message: what the endpoint says of the error.
    """
    if status in _WRONG_KEY:
        raise EvaluationError(
            f"{url} refuses the key (status {status}: {message}). Put the right one into MEDINST_API_KEY."
        )
    if status in _NOT_THERE:
        raise EvaluationError(
            f"{url} has no such model or path (status {status}: {message}). See --model and --base-url; the "
            "address ends with /v1 as a rule."
        )
    if status == _BUSY:
        raise Passing(f"status 429: {message}", _seconds(retry_after), overload=True)
    if status >= 500 or status == 408:
        raise Passing(f"status {status}: {message}", _seconds(retry_after), overload=status == 503)
    raise Refused(f"status {status}: {message}")


def message_of(data: bytes, key: str) -> str:
    """The endpoint's own message about an error, shortened and without the key."""
    text = data[:2000].decode("utf-8", "replace")
    try:
        error = json.loads(text)["error"]
        text = error["message"] if isinstance(error, dict) else str(error)
    except (ValueError, KeyError, TypeError):
        pass
    text = " ".join(text.split())[:200]
    return text.replace(key, "***") if key else text


def parse(url: str, data: bytes, reasoning: re.Pattern[str] | None) -> Reply:
    """Parse a response.

    Args:
        url: that was asked, for the message.
        data: the body of the response.
        reasoning: finds the reasoning in an answer; its first group is the text.

    Raises:
        Passing: it is not a chat completion.
    """
    try:
        answer = json.loads(data)
        choice = answer["choices"][0]
        message = choice["message"]
        text = message.get("content") or ""
        if not isinstance(text, str):
            raise TypeError("its content is not text")
    except (ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
        raise Passing(f"{url} answered something that is not a chat completion: {error}") from error
    usage = answer.get("usage") or {}
    thought, final = _without_reasoning(text, reasoning)
    return Reply(
        text=final,
        reasoning=thought or message.get("reasoning_content") or message.get("reasoning") or "",
        outcome=_outcome(final, message, choice),
        prompt_tokens=int(usage.get("prompt_tokens") or 0),
        answer_tokens=int(usage.get("completion_tokens") or 0),
    )


def _without_reasoning(text: str, reasoning: re.Pattern[str] | None) -> tuple[str, str]:
    if reasoning is None:
        return "", text.strip()
    thoughts = [match.group(1).strip() for match in reasoning.finditer(text)]
    return "\n".join(thoughts), reasoning.sub("", text).strip()


def _outcome(text: str, message: Mapping[str, Any], choice: Mapping[str, Any]) -> Outcome:
    if message.get("refusal") or choice.get("finish_reason") == "content_filter":
        return "refusal"
    if choice.get("finish_reason") == "length":
        return "length"
    return "answer" if text else "empty"


def _seconds(retry_after: str | None) -> float | None:
    """Seconds of a Retry-After header; dates and nonsense count as not said."""
    try:
        seconds = float(retry_after or "")
    except ValueError:
        return None
    return seconds if seconds >= 0 else None
