"""BioC XML: documents of passages, with annotations whose offsets count from the document's first character.

Passages are joined by line breaks, the sentences of a passage by single spaces, both in the order of their offsets
where all differ; an annotation keeps its place within its passage, whatever the gaps between the offsets are. The
annotations may also stand in a table; its offsets then count in the joined text.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cache, partial
from operator import itemgetter

from lxml import etree

from schemas.errors import FormatError
from schemas.formats import BioC, BioCTable
from schemas.records import Argument, Document, Entity, Link, Reject, Relation
from tasks.build.read import Files, Found, by_role, fault, one, plain, read
from tasks.build.read.check import in_text
from tasks.build.read.concepts import concepts
from tasks.build.read.each import each_file
from tasks.build.read.quoted import scan_table
from tasks.build.read.xml import exact_text, parse
from tasks.build.unpack import Member

_Links = Callable[[str, str], tuple[Link, ...]]


@read.register
def _(options: BioC, files: Files) -> Found:
    links = cache(partial(_links, options))
    yield from each_file(
        plain(files),
        lambda member: (
            _document(options, links, element, member, number)
            for number, element in enumerate(parse(member).iter("document"))
        ),
    )


def _document(options: BioC, links: _Links, element: etree._Element, member: Member, number: int) -> Document | Reject:
    id_ = (element.findtext("id") or "").strip()
    try:
        if not id_:
            raise ValueError("a document has no <id>")
        text, entities = _passages(options, links, element)
        mentions = {entity.id: entity.text for entity in entities}
        return Document(id_, text, tuple(entities), tuple(_relations(options, element, mentions)))
    except (ValueError, KeyError) as error:
        return Reject(id_ or f"{member.name}#{number}", "malformed document", f"{member.name}: {fault(error)}")


def _passages(options: BioC, links: _Links, element: etree._Element) -> tuple[str, list[Entity]]:
    """The joined text, and the annotations moved to where it has their passage."""
    text = ""
    entities: list[Entity] = []
    met = 0
    for between, passage in _texts(element):
        text += between if text else ""
        shift = len(text) - int(passage.findtext("offset") or 0)
        text += exact_text(passage.find("text"))
        for found in passage.iterfind("annotation"):
            met += 1
            entity = _entity(options, links, found, shift, met)
            if entity.type not in options.placeless:
                entities.append(in_text(text, _moved(text, entity, options.slack) if options.slack else entity))
    if met != sum(1 for _ in element.iter("annotation")):
        raise ValueError("an annotation stands neither in a passage with a text nor in a sentence")
    return text, entities


def _moved(text: str, entity: Entity, slack: int) -> Entity:
    """An entity of one piece that is not at its place, at the nearest place where it is."""
    if len(entity.spans) != 1:
        return entity
    start, end = entity.spans[0]
    if abs(end - start - len(entity.text)) > slack:
        return entity
    for place in sorted(range(max(0, start - slack), start + slack + 1), key=lambda place: abs(place - start)):
        if text.startswith(entity.text, place):
            return entity._replace(spans=((place, place + len(entity.text)),))
    return entity


def _texts(element: etree._Element) -> Iterator[tuple[str, etree._Element]]:
    """The passages, or their sentences, each with what separates it; in the order of their offsets if all differ."""
    pieces: list[tuple[int, int, etree._Element]] = []
    for number, passage in enumerate(element.iterfind("passage")):
        sentences = passage.findall("sentence")
        texts = sentences if sentences and passage.find("text") is None else [passage]
        pieces += [(int(text.findtext("offset") or 0), number, text) for text in texts]
    if len({offset for offset, _, _ in pieces}) == len(pieces):
        pieces.sort(key=itemgetter(0))
    before = -1
    for _, number, text in pieces:
        yield " " if number == before else "\n", text
        before = number


def _entity(options: BioC, links: _Links, element: etree._Element, shift: int, number: int) -> Entity:
    infons: dict[str, list[str]] = defaultdict(list)
    spans: list[tuple[int, int]] = []
    text = ""
    for child in element:
        match child.tag:
            case "infon":
                infons[child.attrib["key"]].append((child.text or "").strip())
            case "location":
                start = int(child.attrib["offset"]) + shift
                spans.append((start, start + int(child.attrib["length"])))
            case "text":
                text = exact_text(child)
            case _:
                pass
    found = [link for key in options.links for cell in infons.get(key, ()) for link in links(key, cell)]
    type_ = _only(options.type_key, infons.get(options.type_key, []))
    return Entity(element.get("id") or f"T{number}", type_, tuple(spans), text, tuple(found))


def _only(key: str, values: list[str]) -> str:
    """The value of an infon that must be there and say one thing."""
    if len(set(values)) != 1:
        raise ValueError(f"expected one infon {key!r}, found {values}" if values else f"no {key!r}")
    return values[0]


def _infons(element: etree._Element) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for infon in element.iterfind("infon"):
        found[infon.attrib["key"]].append((infon.text or "").strip())
    return found


def _links(options: BioC, key: str, cell: str) -> tuple[Link, ...]:
    return concepts(
        cell,
        options.links[key],
        separators=options.separators,
        nothing=options.nothing,
        patterns=options.patterns,
    )


def _relations(options: BioC, element: etree._Element, mentions: dict[str, str]) -> Iterator[Relation]:
    for number, found in enumerate(element.iter("relation"), 1):
        arguments = tuple(
            Argument(node.get("role") or f"Arg{place}", ref := node.attrib["refid"], "entity", mentions.get(ref, ""))
            for place, node in enumerate(found.iterfind("node"), 1)
        )
        type_ = _only(options.relation_key, _infons(found).get(options.relation_key, []))
        yield Relation(found.get("id") or f"R{number}", type_, by_role(arguments))


_Rows = list[dict[str, str | None]]


@read.register
def _(options: BioCTable, files: Files) -> Found:
    table = one(files, "annotations")
    rows: dict[tuple[str | None, ...], _Rows] = defaultdict(list)
    for row in _table(options, table):
        rows[tuple(row[column] for column in options.documents)].append(row)
    yield from each_file(files.get("texts", ()), partial(_captions, options, rows))
    for key, found in rows.items():
        detail = f"{table.name}: {len(found)} rows, first {list(found[0].values())}"
        yield Reject(" ".join(name or "" for name in key).strip() or table.name, "annotations without a text", detail)


def _captions(options: BioCTable, rows: dict[tuple[str | None, ...], _Rows], member: Member) -> Found:
    for number, element in enumerate(parse(member).iter("document")):
        infons = _infons(element)
        key = tuple(next(iter(infons.get(name, ())), None) or None for name in options.documents.values())
        id_ = " ".join(name or "" for name in key).strip() or f"{member.name}#{number}"
        try:
            if None in key:
                raise ValueError(f"a document has no infon {[*options.documents.values()][key.index(None)]!r}")
            for name in options.documents.values():
                _only(name, infons[name])
            text = "".join(f"{between}{exact_text(each.find('text'))}" for between, each in _texts(element))[1:]
            yield Document(id_, text, tuple(_entities(options, rows.pop(key, []))))
        except ValueError as error:
            yield Reject(id_, "malformed document", f"{member.name}: {fault(error)}")


def _table(options: BioCTable, table: Member) -> Iterator[dict[str, str | None]]:
    columns = [*options.documents, options.start, options.end, options.text, options.concept]
    frame = scan_table(table, options.encoding).collect()
    if missing := [column for column in columns if column not in frame.columns]:
        raise FormatError(f"`{table.name}` has no column {missing[0]!r}; it has {frame.columns[:20]}.", file=table.name)
    return frame.select(columns).iter_rows(named=True)


def _entities(options: BioCTable, rows: _Rows) -> Iterator[Entity]:
    for number, row in enumerate(rows, 1):
        try:
            span = int(row[options.start] or ""), int(row[options.end] or "")
        except ValueError as error:
            raise ValueError(f"annotation {number}: {fault(error)}") from error
        found = concepts(row[options.concept] or "", None, separators=options.separators, patterns=options.patterns)
        yield Entity(f"T{number}", options.type, (span,), row[options.text] or "", found)
