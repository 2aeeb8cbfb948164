"""What a server says instead of an answer, read out of errors of any form."""

from collections.abc import Iterator
from typing import NamedTuple

from tasks.model.evaluate.content import whole

LONGEST = 300
"""Characters of a server's message that are shown."""

SECRET = 8
"""Characters from which on a key is masked: shorter ones, such as "EMPTY" for a local server, are ordinary words."""

_WORDS = ("message", "msg", "detail", "error", "description", "title")
_CODES = ("code", "status", "status_code")
_READ = 2000


class Trouble(NamedTuple):
    """What a server said instead of an answer.

    Attributes:
        status: of the response, or of the error in its body; 0 where neither says.
        words: its own words, for people.
        all: every string of the error on a line of its own, in small letters, for patterns.
        field: the field of the request that it names, if any.
    """

    status: int
    words: str
    all: str
    field: str

    @property
    def named(self) -> str:
        """Status and words, as they are shown."""
        return f"status {self.status}: {self.words}" if self.status else self.words


def trouble(said: object, key: str, status: int = 0) -> Trouble:
    """Read an error.

    Args:
        said: the body of the response, decoded where it is JSON, or the error in it.
        key: masked in the words.
        status: of the response, unless it is 200.
    """
    error = (said.get("error") or said) if isinstance(said, dict) else said
    facts = error if isinstance(error, dict) else {}
    field = facts.get("param")
    words = "".join(each if each.isprintable() else " " for each in whole(_words(error) or _words(said)))
    words = " ".join(words.split())
    return Trouble(
        status=status or next((found for name in _CODES if (found := _status(facts.get(name)))), 0),
        words=(words.replace(key, "***") if len(key) >= SECRET else words)[:LONGEST] or "it said nothing",
        all="\n".join(_strings(said))[: 2 * _READ].lower(),
        field=field if isinstance(field, str) else "",
    )


def _words(said: object, depth: int = 0) -> str:
    """The message in an error; behind a router's message that of the server that it asked."""
    if isinstance(said, bytes):
        return said[:_READ].decode("utf-8", "replace")
    if isinstance(said, str | int | float):
        return str(said)[:_READ]
    if depth > 4 or not isinstance(said, dict | list):
        return ""
    if isinstance(said, list):
        return "; ".join(filter(None, (_words(each, depth + 1) for each in said[:3])))
    own = next((words for name in _WORDS if (words := _words(said.get(name), depth + 1))), "")
    routed = said.get("metadata")
    upstream = _words(routed.get("raw"), depth + 1) if isinstance(routed, dict) else ""
    return ": ".join(filter(None, (own, upstream))) or ", ".join(_strings(said))[:_READ]


def _strings(said: object, depth: int = 0) -> Iterator[str]:
    """All strings and numbers of a value that is not too deep."""
    if isinstance(said, bytes | str | int | float):
        yield _words(said)
    elif depth < 6 and isinstance(said, list):
        for each in said[:20]:
            yield from _strings(each, depth + 1)
    elif depth < 6 and isinstance(said, dict):
        for each in list(said.values())[:50]:
            yield from _strings(each, depth + 1)


def _status(code: object) -> int:
    """The HTTP status that a code is, also as text; 0 where it is none."""
    if isinstance(code, str) and code.isdecimal() and len(code) == 3:
        code = int(code)
    return code if isinstance(code, int) and 400 <= code < 600 else 0
