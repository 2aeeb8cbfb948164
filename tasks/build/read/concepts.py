"""Identifiers of concepts: what a cell or an attribute says, as links to databases, each once."""

import re
from collections.abc import Container, Iterator, Mapping
from functools import lru_cache

from schemas.records import Link

_PREFIX = re.compile(r"[A-Za-z][\w.-]*:")
"""How an identifier begins that names a database."""

_SEVERAL = re.compile(r"[|,;+]\s*[A-Za-z][\w.-]*:")
"""What an identifier holds that is several: a prefix after a separator."""

NOTHING = ("-", "")
"""What stands for no concept in every format."""


def concepts(
    cell: str,
    database: str | None,
    *,
    separators: str = "",
    nothing: Container[str] = NOTHING,
    patterns: Mapping[str, str] | None = None,
    prefixes: Mapping[str, str] | None = None,
) -> tuple[Link, ...]:
    """The concepts that a cell names, each once, in its order.

    An identifier belongs to the database of the first pattern that it fits as a whole; else to that of its prefix; else
    to the given one, whose own name may stand before it. The case of the letters of prefixes and patterns is ignored.
    What follows a slash in the name of a database (`dbSNP/rs`) is put before identifiers that lack it.

    Args:
        cell: the identifiers.
        database: the database of those that say nothing else; None: they are not concepts.
        separators: the characters that separate identifiers.
        nothing: identifiers that mean "no concept", with or without a prefix.
        patterns: regular expression -> database; its first group is the identifier.
        prefixes: beginning of an identifier, not part of it -> database.

    Raises:
        ValueError: an identifier names a database that is not declared, or is several.
    """
    found: dict[Link, None] = {}
    for name in _split(cell, separators):
        link = None if name in nothing else _read(name, database, patterns or {}, prefixes or {})
        if link is not None and _SEVERAL.search(link.identifier):
            raise ValueError(f"expected one identifier, found {name!r}; declare what separates them: `separators=`")
        if link is not None and link.identifier not in nothing and link.identifier not in NOTHING:
            found[link] = None
    return tuple(found)


def _split(cell: str, separators: str) -> Iterator[str]:
    cells = re.split(f"[{re.escape(separators)}]", cell) if separators else [cell]
    return (name for name in map(str.strip, cells) if name)


def _read(name: str, database: str | None, patterns: Mapping[str, str], prefixes: Mapping[str, str]) -> Link | None:
    for pattern, other in patterns.items():
        if (found := _compiled(pattern).fullmatch(name)) is not None and found[1]:
            return _link(other, found[1])
    for prefix, other in (*prefixes.items(), (f"{(database or '').partition('/')[0]}:", database)):
        if other and name[: len(prefix)].lower() == prefix.lower():
            return _link(other, name[len(prefix) :].strip())
    if database and (beginning := _PREFIX.match(name)):
        if beginning[0] == name:
            return None
        raise ValueError(
            f"expected an identifier of {database} or of a declared prefix, found {name!r}; declare its database by "
            "`prefixes=` or `patterns=` of the format"
        )
    return _link(database, name) if database else None


def _link(database: str, identifier: str) -> Link:
    name, _, beginning = database.partition("/")
    has_it = identifier.lower().startswith(beginning.lower())
    return Link(name, beginning + (identifier[len(beginning) :] if has_it else identifier))


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)
