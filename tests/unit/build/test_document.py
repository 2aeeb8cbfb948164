"""Documents: how the publication of a record is known, and that a sample carries it without being known by it."""

from typing import Any

import polars as pl
import pytest
from pydantic import ValidationError

from schemas.formats import Delimited, InteractionXml, JsonClusters
from schemas.receipts import Fetched
from schemas.records import Argument, Document, Event, Link, Relation
from schemas.source import Part
from schemas.task import Ee, Ned, Ner, Re, Task, TxtClass
from tasks.base.store.root import Root
from tasks.build.read import stage as reading
from tasks.build.render import stage
from tasks.build.render.document import document
from tests.support.declared import NER, source
from tests.support.reading import documents, put, rows
from tests.support.rendering import COREF, chain, entity, records_of, root, samples, table

__all__ = ["root"]

PMID, OWN = {r"(\d+)": "pmid"}, {"(.+)": "own"}


def named(declared: Any, id_: str, origin: str = "", **part: Any) -> str:
    """The document of a record of the source `tea`."""
    tea = source(documents=declared, parts={"main": Part(train="a", **part)})
    return pl.DataFrame({"id": [id_], "origin": [origin]}).select(document(tea, "main")).item()


# What a document is called


@pytest.mark.parametrize(
    ("declared", "id_", "called"),
    [
        (PMID, "10491763", "pmid:10491763"),
        (PMID, "00227508", "pmid:227508"),
        ({r"PMID-(\d+)": "pmid"}, "PMID-227508", "pmid:227508"),
        ({r"PMC(\d+)-.+": "pmcid"}, "PMC1913099-02-Results-01", "pmcid:PMC1913099"),
        ({r"doi:(.+)": "doi"}, "doi:10.1000/J.Tea(2)", "doi:10.1000/j.tea(2)"),
        ({r"(.+)-\d+": "own"}, "Green-Tea-07", "tea:Green-Tea"),
        ({"a|(b)": "own"}, "b", "tea:b"),
    ],
)
def test_a_document_is_called_by_its_namespace(declared: Any, id_: str, called: str) -> None:
    assert named(declared, id_) == called


@pytest.mark.parametrize(
    ("declared", "id_"),
    [
        (PMID, "0"),
        (PMID, "123456789"),
        ({r"(\w+)": "pmid"}, "PMC12"),
        ({r"(\w+)": "pmcid"}, "PMC12"),
        ({r"(.+)": "doi"}, "www.example.org"),
        (PMID, "227508.title"),
        (PMID, "x227508"),
        (PMID, "227508\n"),
        ({r"(\d+)|x(\d+)": "own"}, "x7"),
        ("Rows are numbered.", "227508"),
        (None, "227508"),
        ({}, "227508"),
    ],
)
def test_what_does_not_fit_is_no_document(declared: Any, id_: str) -> None:
    assert named(declared, id_) == ""


def test_the_first_that_fits_counts() -> None:
    forms = {r"PMC(\d+)": "pmcid", r"(\d{8})": "pmid", r"(\d+)": "pmcid", "(.+)": "own"}
    found = [named(forms, id_) for id_ in ("PMC9", "10491763", "1049", "tea")]
    assert found == ["pmcid:PMC9", "pmid:10491763", "pmcid:PMC1049", "tea:tea"]


def test_what_the_file_says_comes_before_the_id() -> None:
    assert named(PMID, "7", "227508") == "pmid:227508"
    assert named(PMID, "7", "none") == "", "the id must not stand in for an origin that does not fit"


def test_a_part_may_differ_from_its_source() -> None:
    assert named(PMID, "7", documents="Sentences are numbered.") == ""
    assert named("Sentences are numbered.", "7", documents=PMID) == "pmid:7"
    assert named(PMID, "7", documents={}) == ""


@pytest.mark.parametrize("wrong", [{r"\d+": "pmid"}, {"(": "pmid"}, {r"(\d+)": "isbn"}, "", " blank"])
def test_a_declaration_that_says_nothing_is_refused(wrong: Any) -> None:
    with pytest.raises(ValidationError):
        source(documents=wrong)


# What a reader finds of it


def test_readers_find_what_the_file_says() -> None:
    xml = '<c><document id="C.d0" origId="227508"><sentence id="C.d0.s0" text="tea"/></document></c>'
    for per in ("sentence", "document"):
        (found,) = documents(InteractionXml(per=per, origin="origId"), put("x", xml))
        assert found.origin == "227508"
        assert documents(InteractionXml(per=per), put("x", xml))[0].origin == ""
        assert documents(InteractionXml(per=per, origin="PMID"), put("x", xml))[0].origin == ""
    row = '[{"id": "a", "text": "tea", "entities": [], "interactions": [], "url": "u/7"}]'
    assert documents(JsonClusters(databases={}, origin="url"), put("x", row))[0].origin == "u/7"
    assert documents(JsonClusters(databases={}, origin="doi"), put("x", row))[0].origin == ""
    columns = {"text": 0, "labels": 1, "origin": 2}
    (cells,) = rows(Delimited(record="Text", header=False, fields=columns), put("x", "tea,1, 227508 \n"))
    assert cells["origin"] == "227508"


# What becomes of it

LINKED = entity("T1", 0, "tea", links=(Link("DB", "1"),))
ENDS = (Argument("Arg1", "T1", "entity", "tea"), Argument("Arg2", "T1", "entity", "tea"))
FULL = Document(
    "227508",
    "tea",
    (LINKED,),
    (Relation("R1", "is", ENDS),),
    (Event("E1", "brew", "tea", 0, (Argument("Theme", "T1", "entity", "tea"),)),),
    (chain("tea", "it"),),
)
TEXT = table("Text", id=["227508"], text=["tea"], labels=[["1"]])
KINDS: list[tuple[Task, Any]] = [
    (NER, [FULL]),
    (Ned(name="T", databases=("DB",)), [FULL]),
    (Re(name="T", types={"is": "is"}), [FULL]),
    (Ee(name="T", types={"brew": "brewing"}), [FULL]),
    (COREF, [FULL]),
    (Ner(name="T", answer="bio", types={"X": "x"}), table("Sentence", id=["227508"], tokens=[["a"]], tags=[["B-X"]])),
    (Ned(name="T", per="phrase", databases=("DB",)), TEXT),
    (TxtClass(name="T", classes={"1": "one", "2": "two"}), TEXT),
]


@pytest.mark.parametrize(
    ("task", "records"), KINDS, ids=[f"{type(task).__name__}-{n}" for n, (task, _) in enumerate(KINDS)]
)
def test_every_sample_carries_its_document_and_is_not_known_by_it(task: Task, records: Any, root: Root) -> None:
    made: dict[str, pl.DataFrame] = {}
    marks: set[str] = set()
    for called, declared in {"": "Nothing names it.", "pmid:227508": PMID, "tea:227508": OWN}.items():
        batch = records_of(root, "m", {"train": records})
        rendered = stage.render_task(source(documents=declared, tasks=(task,)), task, [batch], root)
        found = samples(root, rendered)
        assert found["document"].to_list() == [called]
        made[called] = found.drop("document")
        marks.add(rendered.fingerprint)
    first, *others = made.values()
    assert all(other.equals(first) for other in others), "ids and keys must not depend on the document"
    assert len(marks) == 3, "another declaration renders anew"


def test_why_there_is_no_document_renders_nothing_anew(root: Root) -> None:
    batch = records_of(root, "m", {"train": [FULL]})
    marks = {stage.plan(source(documents=words), NER, [batch]).fingerprint for words in ("One.", "Other.", None)}
    assert len(marks) == 1


def test_the_order_of_the_forms_renders_anew(root: Root) -> None:
    batch = records_of(root, "m", {"train": [FULL]})
    both = [{**PMID, **OWN}, {**OWN, **PMID}]
    assert len({stage.plan(source(documents=each), NER, [batch]).fingerprint for each in both}) == 2


def test_a_declaration_reads_nothing_anew(root: Root) -> None:
    fetched = Fetched(source="tea", blobs=())
    marks = {reading.plan(source(documents=each), "main", fetched).fingerprint for each in (PMID, OWN, None)}
    assert len(marks) == 1
