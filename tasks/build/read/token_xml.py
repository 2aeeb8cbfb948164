"""XML of tokenised sentences with terms, their concepts, and relations between the concepts of two terms.

    <sentence id="s1">
      <umlsterms><umlsterm id="t1" from="w1" to="w2"><concept id="t1.1" cui="C0000000"/></umlsterm></umlsterms>
      <semrels><semrel id="r1" term1="t1.1" term2="t2.1" reltype="treats"/></semrels>
      <text><token id="w1">knee</token> …</text>
    </sentence>

Ids of terms, concepts and tokens count within a sentence; sentences and tokens come in the order of their numbers.
Relations between two concepts of one term are not between mentions and not read; those that agree in type and terms
are one. A file without a byte is rejected by itself.
"""

from collections.abc import Iterator
from functools import partial

from lxml import etree

from schemas.formats import TokenXml
from schemas.records import Argument, Document, Entity, Reject, Relation
from tasks.build.read import Files, Found, by_place, fault, plain, read
from tasks.build.read.concepts import concepts
from tasks.build.read.each import each_file
from tasks.build.read.xml import in_order, parse
from tasks.build.unpack import Member


@read.register
def _(options: TokenXml, files: Files) -> Found:
    yield from each_file(plain(files), partial(_documents, options))


def _documents(options: TokenXml, member: Member) -> Found:
    if not member.size:
        yield Reject(member.name, "empty file", "expected a document, found no byte")
        return
    root = parse(member, None if options.encoding == "utf-8" else options.encoding)
    id_ = root.get("id") or member.name
    try:
        yield _document(options, id_, root)
    except (ValueError, KeyError) as error:
        yield Reject(id_, "malformed document", f"{member.name}: {fault(error)}")


def _document(options: TokenXml, id_: str, root: etree._Element) -> Document:
    text = ""
    entities: list[Entity] = []
    relations: list[Relation] = []
    for sentence in in_order(root.findall("sentence"), "id"):
        words, places = _tokens(sentence, len(text) + bool(text))
        text += " " if text and words else ""
        text += " ".join(words)
        found, owners = _terms(options, sentence, places, text)
        entities += found
        relations += _relations(sentence, owners)
    if not text:
        raise ValueError(f"<{root.tag}> has no token")
    return Document(id_, text, tuple(sorted(entities, key=by_place)), tuple(relations))


def _tokens(sentence: etree._Element, start: int) -> tuple[list[str], dict[str, tuple[int, int]]]:
    """The words of a sentence that begins at `start`, and where each token is."""
    words: list[str] = []
    places: dict[str, tuple[int, int]] = {}
    for token in in_order(sentence.findall("text/token"), "id"):
        if word := (token.text or "").strip():
            words.append(word)
            places[token.attrib["id"]] = (start, start + len(word))
            start += len(word) + 1
    return words, places


def _terms(
    options: TokenXml, sentence: etree._Element, places: dict[str, tuple[int, int]], text: str
) -> tuple[list[Entity], dict[str, Entity]]:
    """The terms of a sentence, and the term of each concept."""
    entities: list[Entity] = []
    owners: dict[str, Entity] = {}
    for term in sentence.iterfind("umlsterms/umlsterm"):
        start, end = places[term.attrib["from"]][0], places[term.attrib["to"]][1]
        found = term.findall("concept")
        cells = ((name, concept.get(key, "")) for concept in found for key, name in options.links.items())
        links = dict.fromkeys(link for name, cell in cells for link in concepts(cell, name))
        id_ = f"{sentence.get('id')}-{term.attrib['id']}"
        entities.append(Entity(id_, "term", ((start, end),), text[start:end], tuple(links)))
        owners |= {concept.attrib["id"]: entities[-1] for concept in found}
    return entities, owners


def _relations(sentence: etree._Element, owners: dict[str, Entity]) -> Iterator[Relation]:
    known: set[tuple[str, str, str]] = set()
    for relation in sentence.iterfind("semrels/semrel"):
        first, second = owners[relation.attrib["term1"]], owners[relation.attrib["term2"]]
        type_ = relation.attrib["reltype"]
        if first.id == second.id or (type_, first.id, second.id) in known:
            continue
        known.add((type_, first.id, second.id))
        arguments = (
            Argument("Arg1", first.id, "entity", first.text),
            Argument("Arg2", second.id, "entity", second.text),
        )
        yield Relation(f"{sentence.get('id')}-{relation.attrib['id']}", type_, arguments)
