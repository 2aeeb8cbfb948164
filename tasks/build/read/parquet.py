"""Parquet files, batch by batch: no more rows are in memory than a batch has."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from schemas.errors import FormatError
from schemas.formats import ParquetDocuments, ParquetRows, ParquetTokens
from schemas.records import Argument, Document, Entity, Link, Reject, Relation
from tasks.build.read import Files, Found, Table, by_place, fault, plain, read
from tasks.build.read.adapted import BATCH, MALFORMED, Row, adapted
from tasks.build.read.each import each_file, sound
from tasks.build.read.placed_tokens import joined, whole
from tasks.build.unpack import Member


@read.register
def _(options: ParquetRows, files: Files) -> Table:
    rejects: list[Reject] = []
    rows = sound(each_file(plain(files), rows_of), rejects)
    return adapted(options, rows, {}, rejects, str.strip)


@read.register
def _(options: ParquetDocuments, files: Files) -> Found:
    yield from each_file(plain(files), partial(_documents, options))


@read.register
def _(options: ParquetTokens, files: Files) -> Found:
    yield from each_file(plain(files), partial(_lines, options))


def rows_of(member: Member) -> Iterator[tuple[str, str, Row]]:
    """The rows of a file, each with the file's name and its place.

    Raises:
        FormatError: it is not Parquet, or damaged.
    """
    number, content = 0, member.content
    try:
        with pq.ParquetFile(pa.BufferReader(content) if isinstance(content, bytes) else content) as file:
            for batch in file.iter_batches(BATCH):
                for row in batch.to_pylist():
                    yield member.name, f"{member.name}#{number}", row
                    number += 1
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise FormatError(
            f"`{member.name}`: expected Parquet, found {error} after {number:,} rows.", file=member.name
        ) from error


def _documents(options: ParquetDocuments, member: Member) -> Found:
    for _, place, row in rows_of(member):
        try:
            yield _document(options, row)
        except MALFORMED as error:
            yield Reject(str(row.get("document_id") or place), "malformed row", f"{place}: {fault(error)}"[:300])


def _document(options: ParquetDocuments, row: Row) -> Document:
    entities = tuple(sorted((entity_of(found, options.databases) for found in row["entities"]), key=by_place))
    known = {entity.id: entity for entity in entities}
    return Document(
        id=row["document_id"],
        text=_text(row["passages"]),
        entities=entities,
        relations=tuple(relation_of(found, known) for found in row["relations"]),
    )


def _text(passages: list[Row]) -> str:
    """The passages at their offsets.

    Raises:
        ValueError: they overlap, or one is of another length than its offsets say.
    """
    text = ""
    for passage in passages:
        for words, (start, end) in zip(passage["text"], passage["offsets"], strict=True):
            if start < len(text) or end - start != len(words):
                raise ValueError(f"expected {len(words)} characters from {len(text)} on, found {start} to {end}")
            text += " " * (start - len(text)) + words
    return text


def entity_of(row: Row, databases: Mapping[str, str]) -> Entity:
    """An entity of a row in the layouts of BigBIO."""
    concepts: list[tuple[str, str]] = [(one["db_name"], one["db_id"]) for one in row["normalized"]]
    links = (Link(databases.get(name, name), identifier) for name, identifier in concepts)
    spans = tuple((int(start), int(end)) for start, end in row["offsets"])
    return Entity(row["id"], row["type"], spans, " ".join(row["text"]), tuple(links))


def relation_of(row: Row, known: Mapping[str, Entity]) -> Relation:
    """A relation of such a row, between entities that are known by their ids."""
    targets: list[Any] = [row["arg1_id"], row["arg2_id"]]
    arguments = tuple(
        Argument(f"Arg{number}", target, "entity", known[target].text) for number, target in enumerate(targets, 1)
    )
    return Relation(row["id"], row["type"], arguments)


def _lines(options: ParquetTokens, member: Member) -> Found:
    for _, place, row in rows_of(member):
        id_ = str(row.get("document_id") or place)
        try:
            text, entities = joined([*_line(options, row)])
            yield whole(options, id_, text, entities)
        except MALFORMED as error:
            yield Reject(id_, "malformed row", f"{place}: {fault(error)}"[:300])


def _line(options: ParquetTokens, row: Row) -> Iterator[str]:
    """The lines that a row was made of; where offsets count bytes, each character is a byte."""

    def told(text: str) -> str:
        return text if options.unit == "characters" else text.encode(codec).decode("latin-1")

    codec = options.taken.replace("-", "_")
    mentions = {found["offsets"][0]: told(found["text"]) for found in row["entities"]}
    for token in row["tokens"]:
        start, end = token["offsets"]
        yield "\t".join((told(token["text"]), str(start), str(end), mentions.get(start, ""), f"|{token['tag']}"))
