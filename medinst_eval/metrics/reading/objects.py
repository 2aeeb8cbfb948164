"""Items written as JSON: objects with the obvious keys, lists of texts, mentions by their type."""

import re
from collections.abc import Iterator
from itertools import product
from typing import Any

from medinst_eval.grammar.answers import Concepts
from medinst_eval.metrics.reading import structured
from medinst_eval.metrics.reading.shapes import LONGEST, UNREAD, Item, Shape

_ROLE = re.compile(r"(?:^|[,;|])\s{0,3}[*\"`]*(\w[\w ]{0,20})[*\"`]*\s{0,3}[:=]\s{0,3}([^,;|]+)")
_DATABASE = ("database", "db", "vocabulary", "ontology", "source")
_ANSWER = ("answer", "final_answer", "output", "result", "response")


def in_values(shape: Shape, text: str) -> list[Item]:
    """The items in the JSON of a text."""
    return [item for value in structured.values(text) for item in _items(shape, value)]


def empty(text: str) -> bool:
    """Whether a text has JSON and nothing stands in it."""
    waiting = structured.values(text)
    found = bool(waiting)
    while waiting:
        value = waiting.pop()
        if not isinstance(value, list | dict):
            return False
        waiting += value.values() if isinstance(value, dict) else value
    return found


def by_roles(shape: Shape, line: str) -> list[Item]:
    """The item whose texts a line names: `Trigger: binds, Theme: OSTRAP`."""
    roles = _ROLE.findall(line) if len(line) <= LONGEST and len(shape.keys) > 1 else []
    return _of_keys(shape, _lowered(dict(roles))) if len(roles) >= len(shape.keys) else []


def _items(shape: Shape, value: Any) -> Iterator[Item]:
    waiting: list[tuple[Any, bool]] = [(value, False)]  # and whether it is one of a list
    while waiting:
        value, listed = waiting.pop()
        inner: list[Any] = []
        if isinstance(value, str):
            yield shape.of_text(value.strip().removeprefix("[").removesuffix("]")) or (UNREAD, value)
        elif isinstance(value, list):
            item = _of_texts(shape, value, listed)
            inner = [] if item else value
            yield from [item] if item else []
        elif isinstance(value, dict):
            found = _of_keys(shape, _lowered(value)) or _of_pairs(shape, value)
            inner = [] if found else _within(value)
            yield from found
        waiting += [(each, isinstance(value, list)) for each in reversed(inner)]


def _of_texts(shape: Shape, texts: list[Any], listed: bool) -> Item | None:
    """The item that a list of texts is: one for each part, and its name is known or it is one of a list."""
    count = len(shape.keys)
    texts = texts[:count] if count == 2 and all(isinstance(each, int) for each in texts[count:]) else texts  # offsets
    if count == 1 or len(texts) != count or not all(isinstance(each, str) for each in texts):
        return None
    known = shape.is_name(texts[shape.named or 0])
    whole = any(shape.of_text(text) for text in texts)
    return shape.item(texts) if known or (listed and not whole) else None


def _lowered(value: dict[str, Any]) -> dict[str, Any]:
    return {str(key).strip().lower().replace(" ", "_").replace("-", "_"): each for key, each in value.items()}


def _of_keys(shape: Shape, value: dict[str, Any]) -> list[Item]:
    """The items of an object that has all their keys; more than one where a value is a list."""
    columns = [next((_texts(value[key]) for key in keys if key in value), []) for keys in shape.keys]
    database = next((f"{value[key]}/" for key in _DATABASE if key in value), "")
    if isinstance(shape.form, Concepts) and database:
        columns[1] = [each if "/" in each else database + each for each in columns[1]]
    return [item for parts in product(*columns) if (item := shape.item(parts))]


def _of_pairs(shape: Shape, value: dict[str, Any]) -> list[Item]:
    """The items of an object from mentions to types, or from types to mentions."""
    if len(shape.keys) != 2:
        return []
    pairs = [(key, each) for key, each in value.items() if isinstance(each, str) and shape.is_name(each)]
    pairs += [(text, key) for key, each in value.items() if shape.is_name(key) for text in _texts(each)]
    return [item for pair in pairs if (item := shape.item(pair))]


def _within(value: dict[str, Any]) -> list[Any]:
    """What else in an object may hold items."""
    lowered = _lowered(value)
    texts = [lowered[key] for key in _ANSWER if isinstance(lowered.get(key), str)]
    return texts + [each for each in value.values() if isinstance(each, list | dict)]


def _texts(value: Any) -> list[str]:
    """The texts that one value of an object stands for."""
    if isinstance(value, list):
        return [str(each) for each in value if isinstance(each, str | int)]
    return [str(value)] if isinstance(value, str | int) else []
