"""JSON files: an object in each line, a list of objects, or an object whose keys are ids."""

import io
import json
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from schemas.settings import Settings
from tasks.tools.guard.lines import Piece, decoded, fault, lines
from tasks.tools.guard.places import File


def json_lines(file: File, data: Any) -> Iterator[Piece]:
    """The lines of a file; empty ones are no rows."""
    for number, line in lines(file, data):
        text = decoded(file, number, line)
        if not text.strip():
            yield Piece(line)
            continue
        try:
            value = json.loads(text.rstrip())
        except (ValueError, RecursionError) as error:
            raise fault(file, number, "a JSON object in each line", _reason(error)) from error
        yield Piece(line, _object(file, lambda number=number: number, value))


def json_pieces(file: File, data: Any) -> Iterator[Piece]:
    """The items of a list, or the values of an object whose keys are ids; or lines, where each is an object."""
    most = Settings().file_bytes
    raw = data.read(most + 1)
    if len(raw) > most:
        raise fault(file, 1, f"at most {most:,} bytes if not one object a line", "more. Write it as .jsonl")
    text = decoded(file, 1, raw)
    start = _blank(text, 0)
    if text[start : start + 1] == "{" and _is_lines(text):
        yield from json_lines(file, io.BytesIO(raw))
    elif text[start : start + 1] in ("[", "{"):
        yield Piece(text[: start + 1].encode())
        yield from _items(file, text, start)
    elif text.strip():
        raise fault(file, 1, "a JSON list, an object, or an object in each line", f"`{text.strip()[:20]}`")


def _is_lines(text: str) -> bool:
    """Whether the first line is an object of its own, and not a whole file whose keys are ids."""
    line, _, rest = text.lstrip().partition("\n")
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return False
    return bool(rest.strip()) or not all(isinstance(each, dict) for each in value.values())


class _Item(NamedTuple):
    """Where an item lies: after its separator, with its key, and where it ends."""

    begin: int
    end: int
    key: str
    value: Any


def _items(file: File, text: str, start: int) -> Iterator[Piece]:
    """The items of the list or object that begins at a position, and what is after it."""
    keyed, at = text[start] == "{", start + 1
    try:
        while text[(next_ := _blank(text, at)) : next_ + 1] != ("}" if keyed else "]"):
            comma = at if at == start + 1 else _past(text, at, ",")
            item = _item(text, comma, keyed)
            row = _object(file, lambda begin=item.begin: text.count("\n", 0, begin) + 1, item.value)
            value = {"id": item.key, **row} if keyed else row
            yield Piece(text[comma : item.end].encode(), value, text[at:comma].encode())
            at = item.end
        end = _past(text, at, "}" if keyed else "]")
        if (rest := _blank(text, end)) < len(text):
            raise json.JSONDecodeError("Extra data", text, rest)
        yield Piece(text[at:].encode())
    except json.JSONDecodeError as error:
        raise fault(file, error.lineno, "JSON", _reason(error)) from error
    except RecursionError as error:
        raise fault(file, text.count("\n", 0, at) + 1, "JSON", _reason(error)) from error


def _item(text: str, at: int, keyed: bool) -> _Item:
    decoder = json.JSONDecoder()
    begin = at = _blank(text, at)
    key = ""
    if keyed:
        key, at = decoder.raw_decode(text, at)
        at = _blank(text, _past(text, at, ":"))
    value, end = decoder.raw_decode(text, at)
    return _Item(begin, end, str(key), value)


def _past(text: str, at: int, sign: str) -> int:
    at = _blank(text, at)
    if text[at : at + 1] != sign:
        raise json.JSONDecodeError(f"Expecting '{sign}'", text, at)
    return at + 1


def _blank(text: str, at: int) -> int:
    while text[at : at + 1] in (" ", "\t", "\n", "\r"):
        at += 1
    return at


def _reason(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} at character {error.colno}. Correct or remove it"
    return "values nested too deeply" if isinstance(error, RecursionError) else str(error)


def _object(file: File, line: Callable[[], int], value: Any) -> dict[str, Any]:
    """A row; the number of its line is asked for only where it is none, since it is counted from the beginning."""
    if not isinstance(value, dict):
        raise fault(file, line(), "a JSON object", f"{type(value).__name__}: {json.dumps(value)[:60]}")
    return value
