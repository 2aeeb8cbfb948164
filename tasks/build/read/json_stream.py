"""JSON of any size, value by value: only the part of the file that is being looked at is in memory."""

import json
import re
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any, NoReturn

from schemas.errors import FormatError
from schemas.formats import Encoding
from tasks.build.read.text import chunks
from tasks.build.unpack import Member

_NEAR = 16
"""What ends or breaks this close to the end of the text in memory may continue in the file."""

_blanks = re.compile(r"[ \t\n\r]*")

Hook = Callable[[list[tuple[str, Any]]], Any]
Item = tuple[str | int, Any]


def items(member: Member, encoding: Encoding, path: str, hook: Hook) -> Iterator[Item]:
    """The values of the list or object in a file, each with its number or key; a key may come twice.

    Args:
        member: the file.
        encoding: its encoding.
        path: the dotted keys under which the list or object is; empty if it is the whole file.
        hook: what makes an object from its keys and values.

    Raises:
        FormatError: the file is not JSON, or has no list or object there; items before the place have been given.
    """
    text = _Text(member, encoding, hook)
    found = yield from _under(path.split(".") if path else [], text)
    text.end()
    if not found:
        raise FormatError(f"`{member.name}` is not JSON rows: it has no {path!r}.", file=member.name)


def _under(path: list[str], text: "_Text") -> Iterator[Any]:
    """The items under a path; returns whether there is such a place."""
    if not path:
        for key in _keys(text, text.take("{[", "an object or a list")):
            yield key, text.value()
        return True
    found = False
    for key in _keys(text, text.take("{", "an object")):
        if key == path[0]:
            found |= yield from _under(path[1:], text)
        else:
            text.value()
    return found


def _keys(text: "_Text", opening: str) -> Iterator[str | int]:
    """The keys of an object or numbers of a list; take each value before asking for the next."""
    closing = "}" if opening == "{" else "]"
    if text.peek() == closing:
        text.take(closing)
        return
    for number in count():
        yield text.key() if closing == "}" else number
        if text.take(f",{closing}") == closing:
            return


class _Text:
    """The text of a file and how far it has been read."""

    def __init__(self, member: Member, encoding: Encoding, hook: Hook) -> None:
        self.name = member.name
        self.chunks = chunks(member, encoding)
        self.decoder = json.JSONDecoder(object_pairs_hook=hook)
        self.text, self.at, self.line = "", 0, 1

    def peek(self) -> str:
        """The next character that is not white space; empty at the end."""
        while (at := _blanks.match(self.text, self.at).end()) == len(self.text) and self.grow():  # pyright: ignore[reportOptionalMemberAccess]
            pass
        self.at = at
        return self.text[at : at + 1]

    def take(self, wanted: str, name: str = "") -> str:
        """Go past the next character, which must be one of those wanted."""
        found = self.peek()
        if not found or found not in wanted:
            self.fail(f"expected {name or ' or '.join(wanted)}, found {self.text[self.at :][:20]!r}")
        self.at += 1
        return found

    def key(self) -> str:
        """Go past a key and its colon."""
        if self.peek() != '"':
            self.fail(f"expected a key, found {self.text[self.at :][:20]!r}")
        key = self.value()
        self.take(":")
        return key

    def value(self) -> Any:
        """Go past a value."""
        self.peek()
        while True:
            try:
                value, end = self.decoder.raw_decode(self.text, self.at)
                if end <= len(self.text) - _NEAR or not self.grow():
                    self.at = end
                    return value
            except json.JSONDecodeError as error:
                cut = error.msg.startswith("Unterminated") or error.pos > len(self.text) - _NEAR
                if not (cut and self.grow()):
                    self.at = error.pos
                    self.fail(error.msg)
            except (ValueError, RecursionError) as error:
                self.fail(str(error))

    def end(self) -> None:
        """Make sure that nothing follows."""
        if found := self.peek():
            self.fail(f"expected its end, found {found!r}")

    def grow(self) -> bool:
        """Read on, at least as much again as is in memory, and forget what was read before; False at the end."""
        kept = len(self.text) - self.at
        more: list[str] = []
        while sum(map(len, more)) <= kept and (chunk := next(self.chunks, "")):
            more.append(chunk)
        if more:
            self.line += self.text.count("\n", 0, self.at)
            self.text, self.at = "".join([self.text[self.at :], *more]), 0
        return bool(more)

    def fail(self, fault: str) -> NoReturn:
        """Raise the error that names the place."""
        line = self.line + self.text.count("\n", 0, self.at)
        raise FormatError(f"`{self.name}` is not JSON of rows: line {line}: {fault}.", file=self.name, line=line)
