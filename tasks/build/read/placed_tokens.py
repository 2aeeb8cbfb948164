"""Tokens with their places: a text is what they make when each stands at its offset.

    ### 90000001
    glucose<TAB>10<TAB>17<TAB>glucose oxide<TAB>|B-TRIVIAL
    oxide<TAB>18<TAB>23<TAB><TAB>|I-TRIVIAL

Tokens are separated by spaces. Some files lack tokens; where a mention says what stands there, it is filled in.
"""

import re
from collections.abc import Iterator
from functools import partial
from itertools import groupby

from schemas.formats import Encoding, PlacedTokens
from schemas.records import Document, Entity, Reject
from tasks.build.read import Files, Found, fault, plain, read
from tasks.build.read.each import each_file
from tasks.build.read.text import lines
from tasks.build.unpack import Member

_TAG = re.compile(r"\|(?:O|[BI]-(\S+))")
_LETTERS = re.compile(r"[A-Za-z0-9][A-Za-z]")
_HOLE = 1000
"""Offsets that skip more characters than this are wrong."""


@read.register
def _(options: PlacedTokens, files: Files) -> Found:
    encoding = "latin-1" if options.unit == "bytes" else options.encoding
    yield from each_file(plain(files), partial(_documents, options, encoding))


def _documents(options: PlacedTokens, encoding: Encoding, member: Member) -> Found:
    for number, rows in _blocks(lines(member, encoding)):
        place = f"{member.name}:{number}"
        head, _, id_ = rows[0].partition(" ")
        if head != "###" or not id_.strip():
            yield Reject(place, "no document", f"expected `### id`, found {rows[0][:80]!r}")
            continue
        try:
            text, entities = joined(rows[1:])
            yield whole(options, id_.strip(), text, entities)
        except ValueError as error:
            yield Reject(id_.strip(), "malformed line", f"{place}: {fault(error)}")


def _blocks(rows: list[str]) -> Iterator[tuple[int, list[str]]]:
    """The lines of each document with the number of the first; `###` begins one even without a blank line."""
    number = 0

    def block(numbered: tuple[int, str]) -> int:
        nonlocal number
        number += numbered[1].startswith("###") or not numbered[1].strip()
        return number

    for _, found in groupby(enumerate(rows, 1), block):
        if numbered := [(place, row) for place, row in found if row.strip()]:
            yield numbered[0][0], [row for _, row in numbered]


def joined(rows: list[str]) -> tuple[str, list[Entity]]:
    """The tokens in their places, and the mentions.

    Raises:
        ValueError: a line is not a token, or its place is not after the previous one.
    """
    text: list[str] = []
    entities: list[Entity] = []
    tokens = [_token(row) for row in rows]
    for number, (token, place, mention, type_) in enumerate(tokens):
        behind = tokens[number + 1][1] if number + 1 < len(tokens) else place + len(token) + 2
        glued = text and place == len(text) and _LETTERS.fullmatch(text[-1] + token[0]) is not None
        start = place + 1 if glued and place + len(token) + 2 <= behind else place
        if not len(text) <= start <= len(text) + _HOLE:
            raise ValueError(f"a token at {start} cannot follow one that ends at {len(text)}: {rows[number][:80]!r}")
        text += " " * (start - len(text)) + token
        if mention:
            entities.append(Entity(f"T{len(entities) + 1}", type_, ((start, start + len(mention)),), mention))
    for entity in entities:
        ((start, end),) = entity.spans
        text += " " * min(end - len(text), _HOLE)
        for place, character in enumerate(entity.text, start):
            if place < len(text) and text[place] == " ":
                text[place] = character
    return "".join(text), entities


def _token(row: str) -> tuple[str, int, str, str]:
    """A token, its place, the mention that begins with it, if one does, and the type of that."""
    cells = row.split("\t")
    tag = _TAG.fullmatch(cells[4].strip()) if len(cells) == 5 else None
    if tag is None:
        raise ValueError(f"expected token, start, end, mention and |tag, found {row[:80]!r}")
    token, start, end, mention = cells[0], int(cells[1]), int(cells[2]), cells[3]
    if not token or end - start != len(token):
        raise ValueError(f"{token!r} is not as long as from {start} to {end}")
    if tag[0].startswith("|B") and not mention.strip():
        raise ValueError(f"a mention begins, but is not told: {row[:80]!r}")
    start += len(mention) - len(mention.lstrip()) if mention.strip() else 0
    return token, start, mention.strip(), tag[1] or "O"


def whole(options: PlacedTokens, id_: str, text: str, entities: list[Entity]) -> Document:
    """A document; where the offsets count bytes, as the characters that the bytes are."""
    if options.unit == "characters":
        return Document(id_, text, tuple(entities))
    codec = options.encoding.replace("-", "_")

    def decoded(part: str) -> str:
        return part.encode("latin-1").decode(codec)

    def moved(entity: Entity) -> Entity:
        ((start, end),) = entity.spans
        return entity._replace(
            spans=((len(decoded(text[:start])), len(decoded(text[:end]))),), text=decoded(entity.text)
        )

    return Document(id_, decoded(text), tuple(map(moved, entities)))
