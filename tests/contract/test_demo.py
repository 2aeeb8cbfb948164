"""The demo holds every declared file, and every source makes records and samples from it."""

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from schemas.receipts import Batch, Fetched, Order
from schemas.settings import Settings
from schemas.source import Source
from schemas.task import Classes, Ee, Ned, Ner, Re, Task
from sources import registry
from tasks.base.store.rejects import rejects_place
from tasks.base.store.root import Root
from tasks.build.fetch.source import fetch_source
from tasks.build.read.files import available, members_of
from tasks.build.read.stage import read_part
from tasks.build.render.document import document, patterns
from tasks.build.render.stage import render_task
from tasks.tools.why.place import holding, locate
from tests.support.places import DEMO


def listed(name: str) -> dict[tuple[str, ...], str]:
    """The rows of a table beside this file: its last column, why, by the others."""
    with (Path(__file__).parent / name).open(encoding="utf-8", newline="") as file:
        return {tuple(row[:-1]): row[-1] for row in list(csv.reader(file))[1:]}


EXPECTED = listed("rejects.csv")
"""Rejects on purpose (source, part, split, record, reason), with the reason why they are there."""

WITHOUT_SAMPLES = listed("no_samples.csv")
"""Splits with records of which the real source fills none of the task (task, split), with the reason."""

DOCUMENT = r"^(pmid:[1-9]\d*|pmcid:PMC[1-9]\d*|doi:10\.\d+/\S+|{}:\S(.*\S)?)$"
"""What a document is called; the last is a source's own."""

ENOUGH = 2
"""Samples that a task has in each split at least."""


EDGES = {
    "CRLF": ("biored/BIORED.zip/BioRED/Train.PubTator", b"\r\n"),
    "CR alone": ("bioinfer/BioInfer-train.xml", b"\r  <document"),
    "line break in a CSV field": ("mqp/mqp.csv", b"high tide.\r\nWhat"),
    "cp1252": (
        "ask_a_patient/datasets.zip/datasets/AskAPatient/AskAPatient.fold-0.train.txt",
        b"\x92s pallor",
    ),
    "combining character": ("ncbi_disease/NCBItrainset_corpus.zip/NCBItrainset_corpus.txt", b"o\xcc\x88"),
    "AppleDouble": ("scifact/data.tar.gz/._data", b"\x00\x05\x16\x07"),
    "empty FAQ": (
        "mediqa_rqe/master.zip/MEDIQA2019-master/MEDIQA_Task2_RQE/MEDIQA2019-Task2-RQE-TrainingSet-AMIA2016.xml",
        b"<faq>\n   \n</faq>",
    ),
    "discontinuous entity": (
        "anem/AnEM-1.0.4.tar.gz/AnEM-1.0.4/standoff/PMC-90000031-caption-01.ann",
        b"Tissue 0 5;16 26\tUpper epithelium\n",
    ),
    "unknown concept": (
        "bc5cdr/CDR_Data.zip/CDR_Data/CDR.Corpus.v010516/CDR_TestSet.PubTator.txt",
        b"\tChemical\t-1\n",
    ),
}
"""Bytes that an editor or Git may lose without a test of records failing."""

Built = tuple[Source, Fetched, dict[str, Batch]]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Root:
    return Root(str(tmp_path_factory.mktemp("root")))


@pytest.fixture(scope="module", params=registry())
def built(request: pytest.FixtureRequest, root: Root) -> Built:
    source = registry()[request.param]
    settings = Settings()
    fetched = fetch_source(source, Order(mirrors=(str(DEMO),), root=root.url), settings)
    return source, fetched, {part: read_part(source, part, fetched, root, settings) for part in source.parts}


def test_every_file_is_there(built: Built) -> None:
    source, fetched, _ = built
    assert fetched.withheld == {}
    assert [blob.name for blob in fetched.blobs] == source.own_files
    assert {blob.trust for blob in fetched.blobs} == {"mirror"}


def test_nothing_is_rejected_but_on_purpose(built: Built, root: Root) -> None:
    source, _, batches = built
    found = {
        (source.id, part, row["split"], row["id"], row["reason"])
        for part, batch in batches.items()
        for row in pl.read_parquet(root.local(rejects_place("read", source.id, batch.fingerprint))).to_dicts()
    }
    assert found == {key for key in EXPECTED if key[0] == source.id}


def test_every_split_has_records(built: Built) -> None:
    source, _, batches = built
    for part, batch in batches.items():
        declared = source.parts[part]
        wanted = {
            *declared.splits,
            *(["dev"] * bool(declared.dev_ids)),
            *(["test"] * bool(declared.test_ids)),
        }
        assert set(batch.splits) == wanted
        assert all(tally.kept >= 4 for tally in batch.splits.values()), batch.splits
        assert batch.original is False


def test_every_task_has_samples(built: Built, root: Root) -> None:
    source, _, batches = built
    for task in source.tasks:
        rendered = render_task(source, task, [batches[part] for part in task.reads], root)
        few = {split for split, tally in rendered.splits.items() if tally.kept < ENOUGH}
        assert few == {split for name, split in WITHOUT_SAMPLES if name == task.name}, (
            task.name,
            rendered.splits,
        )


def test_every_record_is_from_a_document_where_any_is(built: Built, root: Root) -> None:
    """Where documents are declared each record has one, and no number of a row passes for one."""
    source, _, batches = built
    for part, batch in batches.items():
        for split in batch.splits:
            records = pl.read_parquet(root.local(f"{batch.place}/{part}-{split}.parquet"), columns=["id", "origin"])
            found = records.select(document(source, part).alias("document"))["document"]
            if not patterns(source, part):
                assert set(found) == set(records["origin"]) == {""}, (part, split)
                continue
            wrong = records.filter(~found.str.contains(DOCUMENT.format(source.id)))
            assert wrong.is_empty(), f"{source.id}/{part} {split}: from no document: {wrong.rows()}"
            numbered = records["id"].to_list() == [str(row) for row in range(records.height)]
            assert not numbered or "" not in records["origin"].to_list(), f"{source.id}/{part}: rows are numbered"


SAME = [("muchmore", "terms", "pairs"), ("chebi", "annotator1", "annotator2"), ("bionlp_2019_bb", "norm", "rel")]
"""Parts of a source that hold texts of the same documents."""


@pytest.mark.parametrize(("name", "one", "other"), SAME)
def test_parts_with_the_same_documents_name_them_alike(name: str, one: str, other: str, root: Root) -> None:
    source, settings = registry()[name], Settings()
    fetched = fetch_source(source, Order(mirrors=(str(DEMO),), root=root.url), settings)
    found: list[set[str]] = []
    for part in (one, other):
        batch = read_part(source, part, fetched, root, settings)
        records = pl.read_parquet(root.local(f"{batch.place}/{part}-train.parquet"), columns=["id", "origin"])
        found.append(set(records.select(document(source, part).alias("document"))["document"]))
    assert len(found[0] & found[1]) >= 3


def test_every_label_is_used(built: Built, root: Root) -> None:
    source, _, batches = built
    for task in source.tasks:
        used = {
            label
            for part in task.reads
            for split in batches[part].splits
            for row in pl.read_parquet(root.local(f"{batches[part].place}/{part}-{split}.parquet")).to_dicts()
            for label in labels(task, row)
        }
        declared = {
            *getattr(task, "types", ()),
            *getattr(task, "classes", ()),
            *getattr(task, "databases", ()),
        }
        assert declared <= used, task.name


def test_records_are_found_in_their_files(built: Built, root: Root, tmp_path: Path) -> None:
    """The first and the last record of each split: the place that is told holds the record's id or text."""
    source, fetched, batches = built
    for part, batch in batches.items():
        options = source.format_of(part)
        there, _ = available(source.parts[part], fetched)
        paths = {blob.name: root.local(blob.place) for blob in fetched.blobs}
        unpacked = members_of(there, source.id, paths, tmp_path / part, Settings())
        for split in batch.splits:
            members = holding(options, unpacked.get(split) or next(iter(unpacked.values())))
            rows = pl.read_parquet(root.local(f"{batch.place}/{part}-{split}.parquet"))
            for record in (rows.row(0, named=True), rows.row(-1, named=True)):
                place = locate(options, members, record["id"], record)
                assert place is not None, (source.id, part, split, record["id"])
                file = next(member.read() for member in members if member.name == place.member)
                raw = file[slice(*place.bytes)]
                first = file.count(b"\n", 0, place.bytes[0]) + 1
                assert place.lines == (first, first + raw.removesuffix(b"\n").count(b"\n")), place
                assert is_of(raw, place.member, record), (place, raw[:300], record)


def is_of(raw: bytes, member: str, record: dict[str, Any]) -> bool:
    """Whether bytes, or the name of their file, are of a record: its id, or the first words of one of its texts."""
    if len(record["id"]) > 3 and (record["id"].encode() in raw or record["id"].partition("_")[0] in member):
        return True
    values = [value for name, value in record.items() if name not in ("id", "label", "labels", "tags")]
    texts = [" ".join(value) if isinstance(value, list) else value for value in values if value and is_text(value)]
    words = [set(re.findall(rb"\w+", text.encode())[:4]) for text in texts]
    return any(text.encode() in raw for text in texts) or any(
        some and some <= set(re.findall(rb"\w+", raw)) for some in words
    )


def is_text(value: Any) -> bool:
    return isinstance(value, str) or (isinstance(value, list) and isinstance(value[0], str))


@pytest.mark.parametrize("edge", EDGES)
def test_edge_cases_stay(edge: str) -> None:
    name, needle = EDGES[edge]
    assert needle in (DEMO / name).read_bytes()


def test_nothing_pretends_to_be_original() -> None:
    assert json.loads((DEMO / "mirror.json").read_text())["original"] is False
    assert {path.name for path in DEMO.iterdir() if path.is_dir()} == set(registry())


def labels(task: Task, row: dict[str, Any]) -> Iterator[str]:
    match task:
        case Ner() if "tags" in row:
            yield from (tag[2:] for tag in row["tags"])
        case Ner():
            yield from (entity["type"] for entity in row["entities"])
        case Ned() if "entities" in row:
            yield from (link["database"] for entity in row["entities"] for link in entity["links"])
        case Ned():  # the records hold the identifiers of the one database without its name
            yield from task.databases if row["labels"] else ()
        case Re():
            yield from (relation["type"] for relation in row["relations"])
        case Ee():
            yield from (event["type"] for event in row["events"])
        case Classes():
            yield from row.get("labels") or [row["label"]]
        case _:
            pass
