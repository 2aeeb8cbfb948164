"""Invented declarations of a source for every task of Table 11, for the tests of the report."""

import csv
import re
from types import MappingProxyType
from zlib import crc32

from schemas.formats import Iob
from schemas.licence import Licence
from schemas.source import Evidence, Part
from schemas.task import (
    SPLITS,
    Coref,
    Ee,
    Ned,
    Ner,
    Qa,
    Re,
    Sts,
    Sum,
    Task,
    Te,
    TextPairClass,
    Transl,
    TxtClass,
)
from tests.support.declared import source as declare
from tests.support.places import CHECKOUT

TABLE = CHECKOUT / "expectations" / "paper.csv"
LICENCES = tuple(Licence)
CLASSES = {"a": "a", "b": "b"}
PAIR = {"classes": CLASSES, "first": "A", "second": "B"}
MAKE = {
    "NER": lambda name: Ner(name=name, types={"Gene": "gene"}),
    "NED": lambda name: Ned(name=name, databases=("MeSH",)),
    "RE": lambda name: Re(name=name, types={"I": "interaction"}),
    "COREF": lambda name: Coref(name=name),
    "EE": lambda name: Ee(name=name, types={"P": "phosphorylation"}),
    "QA": lambda name: Qa(name=name),
    "TE": lambda name: Te(name=name, **PAIR),
    "STS": lambda name: Sts(name=name, scale=(0, 4)),
    "TXTCLASS": lambda name: TxtClass(name=name, classes=CLASSES),
    "TEXTPAIRCLASS": lambda name: TextPairClass(name=name, **PAIR),
    "TRANSL": lambda name: Transl(name=name),
    "SUM": lambda name: Sum(name=name),
}


def table():
    """Task -> (category, rows of train, dev and test), as Table 11 has them."""
    with TABLE.open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    return {row["task"]: (row["category"], tuple(int(row[split]) for split in SPLITS)) for row in rows}


def chance(*key, up_to):
    """A number from 0 up to a limit that depends on the key alone."""
    return crc32("|".join(map(str, key)).encode()) % up_to


def source_id(task):
    """The source that a task is made from, going by its name."""
    return re.sub(r"[^a-z0-9]", "_", re.sub(r"-(NED|RE|COREF|EE)$", "", task).lower())


def source_title(source):
    return source.replace("_", " ").title() + " corpus"


def sources():
    """The declarations by id."""
    by_source: dict[str, list[Task]] = {}
    for name, (category, _) in table().items():
        by_source.setdefault(source_id(name), []).append(MAKE[category](name))
    return MappingProxyType({source: _source(source, tuple(made)) for source, made in sorted(by_source.items())})


def _source(source, tasks):
    access = ("open", "open", "open", "registration", "agreement")[chance(source, "access", up_to=5)]
    return declare(
        id=source,
        title=source_title(source),
        about="Invented for a test.",
        homepage=f"https://example.org/{source}",
        citation=source,
        licence=LICENCES[chance(source, "licence", up_to=len(LICENCES))],
        evidence=Evidence(url="https://example.org/licence", words="Invented.", about=("all",)),
        access=access,
        apply="https://example.org/apply",
        files={"data.zip": "https://example.org/data.zip"},
        format=Iob(),
        parts={"main": Part(train="data.zip!train.txt")},
        tasks=tasks,
        verified=chance(source, "verified", up_to=3) > 0,
    )
