"""Answers written as JSON, or as Python writes lists and tuples."""

import json
import re
from collections.abc import Iterator
from typing import Any

_START = re.compile(r"""[\[{(]\s{0,20}["'\[{(]|\[\s{0,20}\]|\{\s{0,20}\}|\[\s{0,20}-?\d""")
_BETWEEN = re.compile(r"[\s,;]*")
_PYTHON = re.compile(
    r""""(?:[^"\\]|\\.?)*(?:"|\Z)|'(?:[^'\\]|\\.?)*(?:'|\Z)|[()]|\b(?:None|True|False)\b|,(?=\s{0,20}[\]})])""",
    re.DOTALL,
)
_JSON = {"(": "[", ")": "]", "None": "null", "True": "true", "False": "false", ",": ""}

_decoder = json.JSONDecoder()


def values(text: str) -> list[Any]:
    """The lists and objects that a text holds from its first on, one behind the other; none where it is no JSON.

    Args:
        text: an answer, perhaps with prose around the JSON.
    """
    start = _START.search(text)
    if start is None:
        return []
    text = text[start.start() :]
    return list(_decoded(text)) or list(_decoded(_PYTHON.sub(_as_json, text)))


def _decoded(text: str) -> Iterator[Any]:
    place = 0
    while text[place : place + 1] in ("[", "{"):
        try:
            value, place = _decoder.raw_decode(text, place)
        except (ValueError, RecursionError):
            return
        yield value
        if match := _BETWEEN.match(text, place):
            place = match.end()


def _as_json(match: re.Match[str]) -> str:
    found = match.group()
    if found[0] == "'":
        return json.dumps(found[1:-1].replace("\\'", "'"))
    return _JSON.get(found, found)
