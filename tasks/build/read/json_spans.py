"""JSON of texts with the places of their entities.

[{"id": "x1", "text": "xyl1 binds bux", "entities": [{"start": 0, "end": 4, "text": "xyl1", "type": "protein"}]}]

In JSON lines the objects stand alone, one in each line.
"""

from functools import partial

from schemas.formats import JsonSpans
from schemas.records import Document, Entity
from tasks.build.read import Files, Found, by_place, plain, read
from tasks.build.read.each import each_file
from tasks.build.read.json_texts import Row, text_of, texts
from tasks.build.unpack import Member


@read.register
def _(options: JsonSpans, files: Files) -> Found:
    yield from each_file(plain(files), partial(_documents, options))


def _documents(options: JsonSpans, member: Member) -> Found:
    return texts(member, options.encoding, options.id, partial(_document, options), lines=options.lines)


def _document(options: JsonSpans, id_: str, row: Row) -> Document:
    text = text_of(row[options.text])
    entities = (_entity(options, text, each, number) for number, each in enumerate(row[options.entities], 1))
    return Document(id=id_, text=text, entities=tuple(sorted(entities, key=by_place)))


def _entity(options: JsonSpans, text: str, row: Row, number: int) -> Entity:
    type_, start, end = text_of(row[options.type]), int(row[options.start]), int(row[options.end])
    mention = text_of(row[options.mention]) if options.mention else text[max(start, 0) : end]
    return Entity(f"T{number}", type_, ((start, end),), mention)
