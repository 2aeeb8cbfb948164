"""What annotated documents may hold, and what is wrong in them, is taken alike by the readers of all their formats."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import quoteattr

import polars as pl
import pytest

from schemas.formats import BioC, Encoding, Format, InteractionXml, PubTator, Standoff, StandoffTables
from tests.support.reading import Reader

Files = dict[str, bytes]
Mention = tuple[tuple[tuple[int, int], ...], str]
"""Spans and what the file says stands there."""


class Doc(NamedTuple):
    """A document; its text begins with a title of one word and a blank, which some formats hold apart."""

    id: str
    text: str
    mentions: tuple[Mention, ...] = ()

    @property
    def title(self) -> tuple[str, str]:
        title, _, rest = self.text.partition(" ")
        return title, rest


def found(text: str, *mentions: str, shift: Callable[[str], int] = len) -> tuple[Mention, ...]:
    """Each mention where it first stands; a tilde parts the pieces of a discontinuous one.

    Args:
        text: the text.
        mentions: the mentions.
        shift: how far a text moves what comes after it.
    """
    placed: list[Mention] = []
    for mention in mentions:
        starts = [(text.index(piece), piece) for piece in mention.split("~")]
        spans = tuple((shift(text[:start]), shift(text[: start + len(piece)])) for start, piece in starts)
        placed.append((spans, mention.replace("~", " ")))
    return tuple(placed)


def lines(*rows: str, end: str = "\n") -> str:
    return "".join(row + end for row in rows)


def pubtator(docs: Sequence[Doc], end: str) -> dict[str, str]:
    rows: list[str] = []
    for doc in docs:
        title, rest = doc.title
        rows += [f"{doc.id}|t|{title}", f"{doc.id}|a|{rest}"]
        rows += [f"{doc.id}\t{start}\t{stop}\t{text}\tX\t1" for ((start, stop),), text in doc.mentions]
        rows.append("")
    return {"x": lines(*rows, end=end)}


def standoff(docs: Sequence[Doc], end: str) -> dict[str, str]:
    files: dict[str, str] = {}
    for number, doc in enumerate(docs):
        rows = [
            f"T{place}\tX {';'.join(f'{start} {stop}' for start, stop in spans)}\t{' '.join(text.split())}"
            for place, (spans, text) in enumerate(doc.mentions)
        ]
        folder = f"{number}/" if doc.id in {other.id for other in docs[:number]} else ""
        files |= {f"{folder}{doc.id}.txt": doc.text, f"{folder}{doc.id}.ann": lines(*rows, end=end)}
    return files


def tables(docs: Sequence[Doc], end: str) -> dict[str, str]:
    entities = [
        f"{doc.id}\tT{place}\tX\t{start}\t{stop}\t{text}"
        for doc in docs
        for place, (((start, stop),), text) in enumerate(doc.mentions)
    ]
    abstracts = ["\t".join((doc.id, *doc.title)) for doc in docs]
    return {"abstracts": lines(*abstracts, end=end), "entities": lines(*entities, end=end), "relations": ""}


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def bioc(docs: Sequence[Doc], end: str) -> dict[str, str]:
    rows = ["<collection>"]
    for doc in docs:
        rows += [f"<document><id>{doc.id}</id>", f"<passage><offset>0</offset><text>{escaped(doc.text)}</text>"]
        for place, (spans, text) in enumerate(doc.mentions):
            where = "".join(f"<location offset='{start}' length='{stop - start}'/>" for start, stop in spans)
            rows.append(f"<annotation id='T{place}'><infon key='type'>X</infon>{where}<text>{escaped(text)}</text>")
            rows.append("</annotation>")
        rows += ["</passage>", "</document>"]
    return {"x": lines(*rows, "</collection>", end=end)}


def interactions(docs: Sequence[Doc], end: str) -> dict[str, str]:
    rows = ["<corpus>"]
    for doc in docs:
        rows.append(f"<sentence id='{doc.id}' text={quoteattr(doc.text)}>")
        for place, (spans, text) in enumerate(doc.mentions):
            where = ",".join(f"{start}-{stop}" for start, stop in spans)
            rows.append(f"<entity id='T{place}' charOffset='{where}' type='X' text={quoteattr(text)}/>")
        rows.append("</sentence>")
    return {"x": lines(*rows, "</corpus>", end=end)}


class Kind(NamedTuple):
    """A format, how documents are written in it, and what of its files a split names."""

    options: Format
    write: Callable[[Sequence[Doc], str], dict[str, str]]
    pieces: bool = True
    breaks: bool = True
    repeats: bool = True


KINDS = {
    "pubtator": Kind(PubTator(vocabulary="V"), pubtator, pieces=False, breaks=False),
    "standoff": Kind(Standoff(annotations=(".ann",)), standoff),
    "tables": Kind(StandoffTables(), tables, pieces=False, breaks=False),
    "bioc": Kind(BioC(), bioc),
    "interactions": Kind(InteractionXml(), interactions),
}
every_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)


class Read:
    """Reads documents in a format and looks at what became of them."""

    def __init__(self, folder: Path) -> None:
        self.reader = Reader(folder)

    def __call__(
        self, kind: Kind, docs: Sequence[Doc], end: str = "\n", mark: str = "", encoding: str = "utf-8"
    ) -> None:
        files = {name: (mark + text).encode(encoding) for name, text in kind.write(docs, end).items()}
        named: dict[str, str] | tuple[str, ...] = (
            {name: name for name in files} if "abstracts" in files else tuple(files)
        )
        self.reader(kind.options, files, train=named)

    def texts(self) -> list[tuple[str, str, list[str]]]:
        """Id, text and the texts at the spans of the entities."""
        frame = pl.read_parquet(self.reader.root.local(f"{self.reader.batch.place}/main-train.parquet"))
        return [
            (
                row["id"],
                row["text"].replace("Title\n", "Title ").replace("Titlé\n", "Titlé "),  # one line in PubTator
                [" ".join(row["text"][at["start"] : at["end"]] for at in each["spans"]) for each in row["entities"]],
            )
            for row in frame.to_dicts()
        ]

    def reasons(self) -> list[tuple[str, str]]:
        return [(id_, reason) for _, id_, reason in self.reader.rejects()]


@pytest.fixture
def read(tmp_path):
    return Read(tmp_path)


TEXT = "Title [b] of p53] <c> 🧪 é𝛽 & p53 q"


@every_kind
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_brackets_astral_characters_nested_and_crossing_mentions(read, kind, end, mark):
    mentions = ("[b] of p53]", "[b]", "p53]", "of p53] <c>", "<c>", "🧪 é𝛽", "𝛽 &", "q")
    read(kind, [Doc("7", TEXT, found(TEXT, *mentions))], end, mark)
    ((id_, text, there),) = read.texts()
    assert (id_, text) == ("7", TEXT)
    assert sorted(there) == sorted(mentions)


@every_kind
def test_offsets_that_count_halves_of_surrogate_pairs_are_no_offsets(read, kind):
    """Whoever counted in UTF-16 is told so by a mismatch, and nothing is cut in the wrong place."""
    text = "Title 🧪 p53"
    good = Doc("7", text, found(text, "p53"))
    bad = Doc("8", text, found(text, "p53", shift=lambda before: len(before.encode("utf-16-le")) // 2))
    before = Doc("9", text, found(text, "Title", shift=lambda before: len(before.encode("utf-16-le")) // 2))
    read(kind, [good, bad, before])
    assert [(id_, there) for id_, _, there in read.texts()] == [("7", ["p53"]), ("9", ["Title"])]
    assert read.reasons() == [("8", "span mismatch")]


@pytest.mark.parametrize("kind", [kind for kind in KINDS.values() if kind.pieces], ids=lambda kind: kind.write.__name__)
def test_discontinuous_mentions(read, kind):
    text = "Title of left and right lobes] here"
    read(kind, [Doc("7", text, found(text, "left~lobes]", "right lobes]", "left", "Title~here"))])
    ((_, _, there),) = read.texts()
    assert sorted(there) == sorted(["left lobes]", "right lobes]", "left", "Title here"])


@pytest.mark.parametrize("kind", [kind for kind in KINDS.values() if kind.breaks], ids=lambda kind: kind.write.__name__)
def test_a_mention_across_lines(read, kind):
    text = "Title of blood\nvessels here"
    read(kind, [Doc("7", text, found(text, "blood\nvessels"))])
    ((_, found_text, (there,)),) = read.texts()
    assert (found_text, there) == (text, "blood\nvessels")


@every_kind
def test_a_document_comes_twice(read, kind):
    docs = [Doc("7", "Title a", found("Title a", "a")), Doc("8", "Title b"), Doc("7", "Title c")]
    read(kind, docs)
    assert [(id_, text) for id_, text, _ in read.texts()] == [("7", "Title a"), ("8", "Title b")]
    assert read.reasons() == [("7", "repeated record")]


@every_kind
def test_documents_of_nothing(read, kind):
    """One with a text and no mention is a record; one without a text is a record or a reject, not lost."""
    read(kind, [Doc("7", "Title a"), Doc("8", ""), Doc("9", "Title b")])
    assert {id_ for id_, *_ in read.texts()} >= {"7", "9"}
    assert sorted({id_ for id_, *_ in read.texts()} | {id_ for id_, _ in read.reasons()}) == ["7", "8", "9"]
    read.reader.tally("train")


@every_kind
@pytest.mark.parametrize(
    ("spans", "mention"),
    [
        (((0, 900),), "Title p53"),
        (((6, 6),), ""),
        (((9, 6),), "p53"),
        (((-3, 9),), "p53"),
        (((6, 9),), "p54"),
        (((5, 8),), "p53"),
        (((99999999999999999999, 99999999999999999999),), "p53"),
    ],
)
def test_a_span_that_does_not_hold_its_mention(read, kind, spans, mention):
    good = Doc("7", "Title p53", found("Title p53", "p53"))
    read(kind, [good, Doc("8", "Title p53", ((spans, mention),)), good._replace(id="9")])
    assert [id_ for id_, *_ in read.texts()] == ["7", "9"]
    assert [id_ for id_, _ in read.reasons()] == ["8"]


@pytest.mark.parametrize(("encoding", "text"), [("latin-1", "Titlé ñ p53 ÿ"), ("mac-roman", "Titlé ñ p53 ÿ Ω ∑")])
@pytest.mark.parametrize("name", [name for name in KINDS if name in ("pubtator", "standoff", "tables")])
def test_declared_encodings_of_one_byte_a_character(read, name, encoding: Encoding, text):
    kind = KINDS[name]._replace(options=KINDS[name].options.model_copy(update={"encoding": encoding}))
    read(kind, [Doc("7", text, found(text, "p53", text.split()[-1]))], "\r\n", encoding=encoding)
    assert read.texts() == [("7", text, ["p53", text.split()[-1]])]


def test_annotations_of_one_id_and_two_texts_belong_to_neither(read):
    """Tables tell by the id alone to which text an annotation belongs."""
    docs = [Doc("7", "Title a", found("Title a", "a")), Doc("8", "Title b"), Doc("7", "Title c", found("Title c", "c"))]
    read(KINDS["tables"], docs)
    assert [id_ for id_, *_ in read.texts()] == ["8"]
    assert sorted(read.reasons()) == [("7", "repeated record"), ("7", "span mismatch")]
