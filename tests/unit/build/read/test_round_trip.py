"""What is written in a format is read as it was, whatever the texts hold."""

import csv
import io
import json
from collections.abc import Callable
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from schemas.formats import (
    BioC,
    Delimited,
    InteractionXml,
    Iob,
    JsonRows,
    ParallelText,
    PubTator,
    Standoff,
    StandoffTables,
)
from schemas.records import Argument, Document, Entity, Event, Link, Mention, Relation
from tasks.build.read.check import checked
from tests.support.reading import documents, put, rows

often = settings(deadline=None, max_examples=60)

PLAIN = "ab é😀[]<>&|\"',;:\\\u2028\x85\u00a0\ufeff"
LINE = PLAIN + "\x0b\x0c\r\t"  # also what XML cannot hold


def text_in(alphabet: str, **sizes: int) -> st.SearchStrategy[str]:
    return st.text(st.sampled_from(alphabet), **sizes)


@st.composite
def spans_in(draw: Callable[..., Any], text: str, pieces: int) -> tuple[tuple[int, int], ...]:
    """Places in a text, in any order, each of which is not blank."""
    wanted = [
        (start, end)
        for start in range(len(text))
        for end in range(start + 1, min(start + 5, len(text)) + 1)
        if text[start:end].strip() == text[start:end]
    ]
    return tuple(draw(st.lists(st.sampled_from(wanted), min_size=1, max_size=pieces, unique=True))) if wanted else ()


@st.composite
def annotated(draw: Callable[..., Any], alphabet: str, pieces: int = 1) -> tuple[str, list[Entity]]:
    """A text with up to four entities in text order, nested, overlapping and equal ones among them."""
    text = draw(text_in(alphabet, min_size=1, max_size=25))
    found = [spans for _ in range(draw(st.integers(0, 4))) if (spans := draw(spans_in(text, pieces)))]
    found.sort(key=sorted)
    return text, [
        Entity(f"T{number}", draw(st.sampled_from(["A", "B-b"])), spans, joined(text, spans))
        for number, spans in enumerate(found, 1)
    ]


def joined(text: str, spans: tuple[tuple[int, int], ...]) -> str:
    return " ".join(text[start:end] for start, end in spans)


def linked(entities: list[Entity]) -> list[Relation]:
    """Each neighbour with each."""
    return [
        Relation(
            f"R{number}",
            "with",
            (Argument("Arg1", one.id, "entity", one.text), Argument("Arg2", other.id, "entity", other.text)),
        )
        for number, (one, other) in enumerate(pairwise(entities), 1)
    ]


def same(found: list[Document], expected: Document) -> None:
    """A mention of several pieces is read in the order of the text, and so is all that repeats it."""
    text = expected.text
    ordered = {
        entity.id: entity
        if len(entity.spans) == 1
        else entity._replace(spans=(spans := tuple(sorted(entity.spans))), text=" ".join(joined(text, spans).split()))
        for entity in expected.entities
    }

    def arguments(given: tuple[Argument, ...]) -> tuple[Argument, ...]:
        return tuple(
            each._replace(text=ordered[each.target].text) if each.target in ordered else each for each in given
        )

    record = Document(
        expected.id,
        text,
        tuple(ordered.values()),
        tuple(each._replace(arguments=arguments(each.arguments)) for each in expected.relations),
        tuple(each._replace(arguments=arguments(each.arguments)) for each in expected.events),
        tuple(tuple(Mention(each.entity, ordered[each.entity].text) for each in chain) for chain in expected.chains),
    )
    assert found == [record]
    assert checked(record) == record


marks = st.sampled_from(["", "\ufeff"])
ends = st.sampled_from(["\n", "\r\n"])


@often
@given(annotated(PLAIN + "\x0b\x0c\t"), text_in(PLAIN), marks, ends)
def test_pubtator(found, title, mark, end):
    abstract, entities = found
    shift = len(title) + 1
    moved = [
        entity._replace(
            spans=((entity.spans[0][0] + shift, entity.spans[0][1] + shift),),
            links=(Link("X", f"{number}"), Link("X", f"C{number}")),
        )
        for number, entity in enumerate(entities)
        if "\t" not in entity.text
    ]
    moved = [entity._replace(id=f"T{number}") for number, entity in enumerate(moved, 1)]
    lines = [f"7|t|{title}", f"7|a|{abstract}"]
    lines += [
        f"7\t{start}\t{stop}\t{entity.text}\t{entity.type}\t{'|'.join(link.identifier for link in entity.links)}"
        for entity in moved
        for start, stop in entity.spans
    ]
    relations = [
        Relation(
            f"R{n}",
            "r",
            (Argument("Arg1", e.links[1].identifier, "concept", e.text), Argument("Arg2", "no", "concept", "")),
        )
        for n, e in enumerate(moved, 1)
    ]
    lines += [f"7\tr\t{relation.arguments[0].target}\tno" for relation in relations]
    expected = Document("7", f"{title}\n{abstract}", tuple(moved), tuple(relations))
    same(documents(PubTator(vocabulary="X"), put("x", mark + end.join([*lines, "", ""]))), expected)


@often
@given(annotated(LINE.replace("\ufeff", "") + "\n", pieces=3), marks, ends, st.booleans())
def test_standoff(found, mark, end, has_events):
    text, entities = found
    text = text.replace("\r\n", "\n")
    entities = (
        [entity for entity in entities if all("\r" not in text[a:b] for a, b in entity.spans)]
        if text == found[0]
        else []
    )
    entities = [
        entity._replace(id=f"T{number}", text=entity.text.replace("\n", " "))
        for number, entity in enumerate(entities, 1)
    ]
    relations = linked(entities)
    chains = (tuple(Mention(entity.id, entity.text) for entity in entities),)
    lines = [
        f"{entity.id}\t{entity.type} {';'.join(f'{a} {b}' for a, b in entity.spans)}\t{entity.text}"
        for entity in entities
    ]
    lines += [f"{each.id}\twith Arg1:{each.arguments[0].target} Arg2:{each.arguments[1].target}" for each in relations]
    lines += ["*\tEquiv " + " ".join(entity.id for entity in reversed(entities))]
    events: tuple[Event, ...] = ()
    if has_events and text[:1].strip():
        lines += [f"T9\tBind 0 1\t{text[0]}", "E1\tBind:T9 " + " ".join(f"Theme:{entity.id}" for entity in entities)]
        themes = tuple(Argument("Theme", entity.id, "entity", entity.text) for entity in entities)
        events = (Event("E1", "Bind", text[0], 0, themes),)
    expected = Document("7", text, tuple(entities), tuple(relations), events, chains)
    files = put("d/7.txt", mark + text), put("d/7.ann", mark + end.join([*lines, ""]))
    same(documents(Standoff(annotations=(".ann",)), *files), expected)


@often
@given(annotated("ab é\r\n", pieces=2))
def test_standoff_of_texts_with_crlf(found):
    text, entities = found
    lines = [
        f"{entity.id}\tX {';'.join(f'{a} {b}' for a, b in entity.spans)}\t{' '.join(entity.text.split())}"
        for entity in entities
    ]
    (document,) = documents(Standoff(annotations=(".ann",)), put("7.txt", text), put("7.ann", "\n".join(lines)))
    assert document.text == text.replace("\r\n", "\n")
    for before, after in zip(entities, document.entities, strict=True):
        pieces = [text[a:b].replace("\r\n", "\n").strip("\r") for a, b in sorted(before.spans)]
        assert [document.text[a:b].strip("\r") for a, b in after.spans] == pieces


@often
@given(annotated(PLAIN + "\n\t", pieces=3), text_in(PLAIN), st.integers(0, 50))
def test_bioc(found, title, gap):
    text, entities = found
    shift = len(title) + 1 if title else 0
    root = etree.Element("collection")
    document = etree.SubElement(root, "document")
    etree.SubElement(document, "id").text = "7"
    for offset, words in ((0, title), (100 + gap, text)):
        passage = etree.SubElement(document, "passage")
        etree.SubElement(passage, "offset").text = str(offset)
        etree.SubElement(passage, "text").text = words
    for entity in entities:
        element = etree.SubElement(passage, "annotation", id=entity.id)
        etree.SubElement(element, "infon", key="type").text = entity.type
        etree.SubElement(element, "infon", key="db").text = f"{entity.id};-;x"
        for start, end in entity.spans:
            etree.SubElement(element, "location", offset=str(start + 100 + gap), length=str(end - start))
        etree.SubElement(element, "text").text = entity.text
    relations = linked(entities)
    for relation in relations:
        element = etree.SubElement(document, "relation", id=relation.id)
        etree.SubElement(element, "infon", key="type").text = relation.type
        for argument in relation.arguments:
            etree.SubElement(element, "node", refid=argument.target, role=argument.role)
    moved = tuple(
        entity._replace(
            spans=tuple((start + shift, end + shift) for start, end in entity.spans),
            links=(Link("D", entity.id), Link("D", "x")),
        )
        for entity in entities
    )
    expected = Document("7", f"{title}\n{text}" if title else text, moved, tuple(relations))
    same(documents(BioC(links={"db": "D"}), put("x", etree.tostring(root, encoding="utf-8"))), expected)


@often
@given(annotated(PLAIN + "\n\t", pieces=3), st.booleans())
def test_interaction_xml(found, inclusive):
    text, entities = found
    root = etree.Element("corpus")
    sentence = etree.SubElement(root, "sentence", id="7", text=text)
    for entity in reversed(entities):
        offsets = ",".join(f"{start}-{end - inclusive}" for start, end in entity.spans)
        etree.SubElement(sentence, "entity", id=entity.id, charOffset=offsets, type=entity.type, text=entity.text)
    relations = linked(entities)
    for relation in relations:
        one, other = relation.arguments
        for interaction in ("True", "False"):
            etree.SubElement(sentence, "pair", id=relation.id, e1=one.target, e2=other.target, interaction=interaction)
    expected = Document("7", text, tuple(entities), tuple(relations))
    options = InteractionXml(relation="with", inclusive=inclusive)
    same(documents(options, put("x", etree.tostring(root, encoding="utf-8"))), expected)


@often
@given(annotated(PLAIN + "\x0b\x0c"), text_in(PLAIN), marks, ends)
def test_standoff_tables(found, title, mark, end):
    abstract, entities = found
    shift = len(title) + 1
    entities = [
        entity._replace(spans=tuple((start + shift, stop + shift) for start, stop in entity.spans))
        for entity in entities
    ]
    relations = linked(entities)
    tables = {
        "abstracts": [f"7\t{title}\t{abstract}"],
        "entities": [f"7\t{e.id}\t{e.type}\t{e.spans[0][0]}\t{e.spans[0][1]}\t{e.text}" for e in reversed(entities)],
        "relations": [f"7\twith\tArg1:{r.arguments[0].target}\tArg2:{r.arguments[1].target}" for r in relations],
    }
    roles = {role: put(role, mark + end.join([*lines, ""])) for role, lines in tables.items()}
    same(documents(StandoffTables(), **roles), Document("7", f"{title}\n{abstract}", tuple(entities), tuple(relations)))


words = text_in(PLAIN.replace("\ufeff", "") + "\x0b\r", min_size=1, max_size=4).filter(lambda word: word.strip())
tagged = st.lists(st.tuples(words, st.sampled_from(["O", "B-X", "I-[y]", "B-[y]"])), min_size=1, max_size=4)


@often
@given(st.lists(tagged, max_size=4), marks, ends)
def test_iob(sentences, mark, end):
    text = end.join("".join(f"{token}\t{tag}{end}" for token, tag in sentence) for sentence in sentences)
    expected = [
        {
            "tokens": [token for token, _ in sentence],
            "tags": [
                "B-[y]" if tag == "I-[y]" and before != tag and before != "B-[y]" else tag
                for (_, before), (_, tag) in pairwise([("", "O"), *sentence])
            ],
        }
        for sentence in sentences
    ]
    assert rows(Iob(), put("x", mark + text)) == expected


cells = text_in(PLAIN.replace("\ufeff", "") + "\x0b\x0c", max_size=6)  # a mark that begins a file is none of its text
pairs = st.lists(st.tuples(cells, cells), min_size=1, max_size=5)


def stripped(found: list[tuple[str, str]], *names: str) -> list[dict[str, str]]:
    return [dict(zip(names, (cell.strip() for cell in row), strict=True)) for row in found]


@often
@given(pairs, marks, ends)
def test_parallel_text(found, mark, end):
    sides = {
        role: put(role, mark + "".join(row[place] + end for row in found))
        for place, role in enumerate(("source", "target"))
    }
    assert rows(ParallelText(), **sides) == stripped(found, "text", "translation")


@often
@given(pairs, marks, ends)
def test_tables_without_quotes(found, mark, end):
    options = Delimited(record="Pair", separator="\t", quote=None, fields={"first": "one", "label": "other"})
    text = end.join(["one\tother", *map("\t".join, found), ""])
    assert rows(options, put("x", mark + text)) == stripped(found, "first", "label")


@often
@given(st.lists(st.tuples(*[text_in(PLAIN + "\n\t\x0b", max_size=6)] * 2), min_size=1, max_size=5), marks, ends)
def test_tables_with_quotes(found, mark, end):
    file = io.StringIO()
    csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator=end).writerows(
        [("one", "other"), *((one.replace("\n", end), other.replace("\n", end)) for one, other in found)]
    )
    options = Delimited(record="Pair", fields={"first": "one", "label": "other"})
    assert rows(options, put("x", mark + file.getvalue())) == stripped(found, "first", "label")


texts = text_in(LINE + "\n\0", max_size=6)
questions = st.lists(
    st.fixed_dictionaries({"id": texts, "text": texts, "answers": st.lists(texts, max_size=3)}), min_size=1, max_size=4
)


@often
@given(questions, st.booleans(), marks, ends)
def test_json(found, ascii_only, mark, end):
    fields = {"id": "id", "text": "in.text", "answers": "answers"}
    written = [{"id": row["id"], "in": {"text": row["text"]}, "answers": row["answers"]} for row in found]
    lines = end.join(json.dumps(row, ensure_ascii=ascii_only) for row in written)
    for options, data in (
        (JsonRows(record="Question", lines=True, fields=fields), lines),
        (JsonRows(record="Question", fields=fields), json.dumps(written, ensure_ascii=ascii_only)),
    ):
        assert rows(options, put("x", mark + data)) == [
            {name: row[name] for name in ("id", "text", "answers")} for row in found
        ]
