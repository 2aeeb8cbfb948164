"""Text files with one sentence a line, and label files that hold the labels of each sentence of the same text.

    texts/7.txt      First sentence .            labels/7.txt      < <Some class--Finer class ANDOther class<
                     Second sentence .
                     Third sentence .

The numbers of sentences and of labels have to agree. A list of file names says what belongs to the split; without one
all of them do.
"""

import re

import polars as pl

from schemas.formats import LabelledSentences
from schemas.records import Reject
from tasks.build.read import UNLISTED, Files, Table, one, read
from tasks.build.read.each import each, sound
from tasks.build.read.text import decode, lines
from tasks.build.unpack import Member

_Row = tuple[str, str, list[str]]


@read.register
def _(options: LabelledSentences, files: Files) -> Table:
    rejects: list[Reject] = []
    texts, labels = ({_name(member): member for member in files.get(role, ())} for role in ("texts", "labels"))
    names = _listed(options, one(files, "documents")) if "documents" in files else sorted(set(texts) | set(labels))

    def document(name: str) -> list[_Row | Reject]:
        if name in texts and name in labels:
            return _document(options, name.partition(".")[0], texts[name], labels[name])
        missing = [role for role, there in (("text", texts), ("labels", labels)) if name not in there]
        return [Reject(name, "listed but not there", f"no file with its {' or '.join(missing)}")]

    found = list(sound(each(names, document, str), rejects))
    others = sorted((set(texts) | set(labels)).difference(names))
    rejects += [Reject(name, UNLISTED, "no list of a split names the file") for name in others]
    schema = {"id": pl.String, "text": pl.String, "labels": pl.List(pl.String)}
    return Table(pl.LazyFrame(found, schema=schema, orient="row"), rejects)


def _name(member: Member) -> str:
    return member.name.rsplit("/", 1)[-1]


def _listed(options: LabelledSentences, member: Member) -> list[str]:
    names = (name.strip() for name in re.split(r"[,\r\n]", decode(member, options.encoding)))
    return list(dict.fromkeys(name for name in names if name))


def _document(options: LabelledSentences, id_: str, text: Member, labels: Member) -> list[_Row | Reject]:
    sentences = lines(text, options.encoding)
    before, *found = decode(labels, options.encoding).split(options.begins)
    if before.strip():
        fault = f"{labels.name}: expected {options.begins!r} first, found {before[:80]!r}"
        return [Reject(id_, "malformed document", fault)]
    if len(sentences) != len(found) or not found:
        return [Reject(id_, "malformed document", f"{len(sentences)} sentences have {len(found)} sets of labels")]
    return [
        (f"{id_}_{number}", sentence.strip(), _labels(options, cell))
        for number, (sentence, cell) in enumerate(zip(sentences, found, strict=True))
    ]


def _labels(options: LabelledSentences, cell: str) -> list[str]:
    """The labels of one sentence at the top of their hierarchy, each once and in the order of the file."""
    heads = (label.strip().partition(options.deeper)[0].strip() for label in cell.split(options.between))
    return list(dict.fromkeys(head for head in heads if head not in options.nothing)) or [options.none]
