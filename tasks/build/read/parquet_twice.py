"""Parquet of what two annotators said of the same documents: what both say becomes the record."""

from collections.abc import Mapping

from schemas.formats import ParquetTwice
from schemas.records import Argument, Document, Entity, Event, Mention, Reject
from tasks.build.read import Files, Found, by_place, fault, read
from tasks.build.read.adapted import MALFORMED, Row
from tasks.build.read.agreed import agreement
from tasks.build.read.each import each_file
from tasks.build.read.parquet import entity_of, relation_of, rows_of
from tasks.build.read.twice import resolved
from tasks.build.unpack import Member


@read.register
def _(_: ParquetTwice, files: Files) -> Found:
    second = list(each_file(files.get("second", ()), _documents))
    others = {item.id: item for item in second if isinstance(item, Document)}
    yield from (item for item in second if isinstance(item, Reject))
    for item in each_file(files.get("first", ()), _documents):
        other = others.pop(item.id, None)
        if isinstance(item, Reject):
            yield item
        elif other is None:
            yield Reject(item.id, "not annotated twice", "expected a row of this id in the file of the role `second`")
        else:
            yield agreement(item, other)
    for id_ in others:
        yield Reject(id_, "not annotated twice", "expected a row of this id in the file of the role `first`")


def _documents(member: Member) -> Found:
    for _, place, row in rows_of(member):
        try:
            document, aside = resolved(_document(row))
        except MALFORMED as error:
            yield Reject(str(row.get("document_id") or place), "malformed row", f"{place}: {fault(error)}"[:300])
        else:
            yield document
            yield from aside


def _document(row: Row) -> Document:
    entities = tuple(sorted((entity_of(found, {}) for found in row["entities"]), key=by_place))
    known = {entity.id: entity for entity in entities}
    triggers = {found["id"]: " ".join(found["trigger"]["text"]) for found in row["events"]}
    return Document(
        id=row["document_id"],
        text=row["text"],
        entities=entities,
        relations=tuple(relation_of(found, known) for found in row["relations"]),
        events=tuple(_event(found, known, triggers) for found in row["events"]),
        chains=tuple(_chain(found, known) for found in row["coreferences"]),
    )


def _event(row: Row, known: Mapping[str, Entity], triggers: Mapping[str, str]) -> Event:
    start = min(start for start, _ in row["trigger"]["offsets"])
    arguments = tuple(_argument(found, known, triggers) for found in row["arguments"])
    return Event(row["id"], row["type"], triggers[row["id"]], start, arguments)


def _argument(row: Row, known: Mapping[str, Entity], triggers: Mapping[str, str]) -> Argument:
    role, target = row["role"], row["ref_id"]
    if target in known:
        return Argument(role, target, "entity", known[target].text)
    return Argument(role, target, "event", triggers[target])


def _chain(row: Row, known: Mapping[str, Entity]) -> tuple[Mention, ...]:
    members = sorted((known[name] for name in row["entity_ids"]), key=by_place)
    return tuple(Mention(entity.id, entity.text) for entity in members)
