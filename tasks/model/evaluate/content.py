"""Texts out of what a server sends in the place of one: strings, lists of parts, objects.

Mistral and Anthropic send content as parts, OpenRouter sends reasoning as a list of details, and some proxies wrap
either in an object. Whatever holds no text says nothing; nothing here raises.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

DEEPEST = 16
"""Levels of nesting that are looked into."""

_THOUGHTS = ("thinking", "reasoning")
_TEXTS = ("text", "content", "summary", "value")
_FIELDS = ("reasoning_content", "reasoning", "thinking", "thoughts", "reasoning_details")
"""Where servers put reasoning beside the content; several of them say the same in two."""

_LONE = re.compile("[\ud800-\udfff]")


class Said(NamedTuple):
    """What a message says.

    Attributes:
        answer: its content without parts that are reasoning.
        thought: those parts, and the field with reasoning.
    """

    answer: str
    thought: str


def said(message: Mapping[str, Any]) -> Said:
    """What a message of a model says, in whatever form."""
    parts = list(_parts(message.get("content")))
    answer = "".join([text for thinks, text in parts if not thinks])
    thought = "".join([text for thinks, text in parts if thinks]).strip()
    for name in _FIELDS:
        if not thought and message.get(name):
            thought = text_of(message[name]).strip()
    return Said(answer, thought)


def text_of(value: object) -> str:
    """All text of a value."""
    return "".join(text for _, text in _parts(value))


def whole(text: str) -> str:
    """A text whose lone surrogates, which no file can hold, are replaced by U+FFFD."""
    return text if text.isascii() else _LONE.sub("\ufffd", text)


def _parts(value: object, thinks: bool = False, depth: int = 0) -> Iterator[tuple[bool, str]]:
    """The texts of a value in their order, each with whether it is reasoning."""
    if isinstance(value, str):
        yield thinks, whole(value)
    elif depth < DEEPEST and isinstance(value, list):
        for each in value:
            yield from _parts(each, thinks, depth + 1)
    elif depth < DEEPEST and isinstance(value, dict):
        kind = value.get("type")
        thinks = thinks or (isinstance(kind, str) and any(word in kind for word in _THOUGHTS))
        name = next((name for name in (*_THOUGHTS, *_TEXTS) if value.get(name)), None)
        yield from _parts(value.get(name), thinks or name in _THOUGHTS, depth + 1)
