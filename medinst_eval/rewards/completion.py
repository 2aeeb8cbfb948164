"""The answer in a completion: the last thing an assistant said, without what it thought."""

from collections.abc import Mapping, Sequence

from medinst_eval import reasoning


def answer(completion: object) -> str:
    """The answer in a completion, stripped.

    Args:
        completion: text, a message, or a list of messages, of which the last one of an assistant counts. Anything else
            has no answer.
    """
    split = reasoning.split(_said(completion))
    return split.answer.strip() if split.closed else ""  # one that is still thinking has no answer


def _said(completion: object) -> str:
    if isinstance(completion, str):
        return completion
    if isinstance(completion, Mapping):
        return _content(completion.get("content"))
    if isinstance(completion, Sequence):
        turns = [turn for turn in completion if isinstance(turn, Mapping) and turn.get("role", _SELF) == _SELF]
        return _said(turns[-1]) if turns else ""
    return ""


_SELF = "assistant"


def _content(content: object) -> str:
    """What a message says: text, or a list of parts of which some are text."""
    if not isinstance(content, list | tuple):
        return content if isinstance(content, str) else ""
    texts = [part.get("text") if isinstance(part, Mapping) else part for part in content]
    return "".join(text for text in texts if isinstance(text, str))
