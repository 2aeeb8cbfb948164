"""JSON lines of texts with their words and a tag for each, of which each begins (B-), goes on with (I-) or is none (O).

{"words": ["xyl1", "binds"], "labels": ["B-GENE", "O"], "text": "xyl1 binds"}
"""

import json
from collections.abc import Iterator
from functools import partial

from schemas.formats import JsonTags
from schemas.records import Document, Entity, Reject
from tasks.build.read import Files, Found, fault, plain, read
from tasks.build.read.each import each_file
from tasks.build.read.json_texts import Row, text_of
from tasks.build.read.text import lines
from tasks.build.unpack import Member

Place = tuple[int, int]


@read.register
def _(options: JsonTags, files: Files) -> Found:
    yield from each_file(plain(files), partial(_documents, options))


def _documents(options: JsonTags, member: Member) -> Found:
    for number, line in enumerate(lines(member, options.encoding)):
        id_ = f"{member.name.rpartition('/')[2].partition('.')[0]}-{number}"
        try:
            yield _document(options, id_, json.loads(line))
        except (KeyError, TypeError, ValueError, RecursionError) as error:
            yield Reject(id_, "malformed line", f"{member.name}:{number + 1}: {fault(error)}"[:300])


def _document(options: JsonTags, id_: str, row: Row) -> Document:
    text, words, tags = text_of(row[options.text]), row[options.words], row[options.tags]
    text.encode()  # half of a surrogate pair is not text
    places = _places(text, words)
    entities = (
        Entity(f"T{number}", type_, ((start, end),), text[start:end])
        for number, (type_, start, end) in enumerate(_tagged(places, tags), 1)
    )
    return Document(id=id_, text=text, entities=tuple(entities))


def _places(text: str, words: list[str]) -> list[Place]:
    """Where the words are in the text: each is looked for after the one before it."""
    found: list[Place] = []
    end = 0
    for word in words:
        start = text.index(text_of(word), end)
        end = start + len(word)
        found.append((start, end))
    return found


def _tagged(places: list[Place], tags: list[str]) -> Iterator[tuple[str, int, int]]:
    """The entities: type, start and end. A tag that goes on with another type begins an entity of its own."""
    open_: tuple[str, int, int] | None = None
    for (start, end), tag in zip(places, tags, strict=True):
        position, _, type_ = text_of(tag).partition("-")
        if open_ and position == "I" and type_ == open_[0]:
            open_ = (type_, open_[1], end)
            continue
        if open_:
            yield open_
        open_ = (type_, start, end) if type_ else None
    if open_:
        yield open_
