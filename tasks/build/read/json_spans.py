"""JSON of texts with the places of their entities.

[{"id": "x1", "text": "xyl1 binds bux", "entities": [{"start": 0, "end": 4, "text": "xyl1", "type": "protein"}]}]
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
    return texts(member, options.encoding, options.id, partial(_document, options))


def _document(options: JsonSpans, id_: str, row: Row) -> Document:
    entities = (
        Entity(
            f"T{number}",
            text_of(each[options.type]),
            ((int(each[options.start]), int(each[options.end])),),
            text_of(each[options.mention]),
        )
        for number, each in enumerate(row[options.entities], 1)
    )
    return Document(id=id_, text=text_of(row[options.text]), entities=tuple(sorted(entities, key=by_place)))
