"""A part is read from converted files where the publishers' cannot be had: the same samples, and it is said."""

import json
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from lxml import etree

from schemas.formats import Iob, Standoff
from schemas.receipts import Order
from schemas.records import Document
from schemas.source import Part, Source
from schemas.state import State
from schemas.task import SPLITS, Ner
from sources import find
from tasks.base.paper.parity import parity
from tasks.base.store.root import Root
from tasks.build.builds.build import Build
from tasks.build.fetch.source import fetch_source
from tasks.build.read import Table, read
from tasks.build.unpack import Member
from tests.support.declared import source
from tests.support.gathering import gather
from tests.support.places import DEMO
from tests.support.rendering import samples
from tests.support.servers import Site, data, quick, running_site

BODY = b"A\tO\n"
COPY = Part(format=Iob(), train="copy")


def declared(url: str, **fields: Any) -> Source:
    """A source with one file of the publisher and one that somebody converted."""
    return source(
        **{
            "files": {"own": f"{url}/own", "copy": f"{url}/copy"},
            "converted": {"copy": "Somebody wrote it anew."},
            "format": Iob(),
            "parts": {"main": Part(train="own", instead=COPY)},
            "tasks": (Ner.model_construct(name="T", part="main"),),
            **fields,
        }
    )


def test_a_part_is_given_by_what_is_here() -> None:
    tea = declared("https://example.org")
    assert tea.own_files == ["own"]
    assert tea.spares([]) == ["copy"]
    assert tea.spares(["own"]) == []
    assert tea.given(["own", "copy"]).parts["main"].members == ["own"]
    assert tea.given(["copy"]).parts["main"].members == ["copy"]
    assert tea.given([]).parts["main"].members == ["own"], "what is missing is the publisher's file"


def test_a_part_of_which_one_split_is_here_is_the_publishers() -> None:
    part = Part(train="own", test="other", instead=COPY)
    files = {name: f"https://example.org/{name}" for name in ("own", "other", "copy")}
    tea = declared("https://example.org", files=files, parts={"main": part})
    assert tea.given(["own", "copy"]).parts["main"] is part


@pytest.mark.parametrize(
    "parts", [{"main": Part(train="copy")}, {"main": Part(train="own", instead=Part(train="own"))}]
)
def test_converted_files_are_read_instead_and_no_others(parts: dict[str, Part]) -> None:
    with pytest.raises(ValueError, match="such files are"):
        declared("https://example.org", parts=parts)


@pytest.fixture
def site() -> Iterator[Site]:
    with running_site() as site:
        yield site


@pytest.fixture
def fetched(site: Site, tmp_path: Path) -> Callable[[], dict[str, str]]:
    """Fetches the source, and gives the trust of each file that is here."""

    def fetch() -> dict[str, str]:
        found = fetch_source(declared(site.url), Order(root=str(tmp_path)), quick(attempts=1), committed={})
        return {blob.name: blob.trust for blob in found.blobs}

    return fetch


def test_a_converted_file_is_asked_for_only_when_it_is_needed(
    site: Site, fetched: Callable[[], dict[str, str]]
) -> None:
    site.on("/own", data(BODY))
    site.on("/copy", data(BODY))
    assert fetched() == {"own": "first-use"}
    assert [path for path, _ in site.seen] == ["/own"]


def test_it_comes_when_the_publisher_fails_and_goes_when_that_is_back(
    site: Site, fetched: Callable[[], dict[str, str]]
) -> None:
    site.on("/copy", data(BODY))
    assert fetched() == {"copy": "first-use"}
    site.on("/own", data(BODY))
    assert fetched() == {"own": "first-use"}


# The declared conversions, made of the miniatures as the loaders of the Hub do

SIDES = {"eng": "english", "ger": "german"}


def paramed(_: State) -> dict[str, list[dict[str, Any]]]:
    texts = DEMO / "paramed" / "nejm-open-access.tar.gz" / "processed_data" / "open_access" / "open_access"

    def rows(split: str) -> list[dict[str, Any]]:
        sides = [(texts / f"nejm.{split}.{side}").read_text("utf-8").splitlines(True) for side in ("zh", "en")]
        return [
            {"document_id": str(number), "text_1": zh, "text_2": en, "text_1_name": "zh", "text_2_name": "en"}
            for number, (zh, en) in enumerate(zip(*sides, strict=True))
        ]

    splits = {"train": "train", "dev": "validation", "test": "test"}
    return {f"paramed_source/{there}/0000.parquet": rows(split) for split, there in splits.items()}


def biology_how_why(_: State) -> dict[str, list[dict[str, Any]]]:
    files = (DEMO / "biology_how_why" / "BiologyHowWhyCorpus.tar" / "BiologyHowWhyCorpus").glob("questions_*.xml")
    questions = chain.from_iterable(etree.parse(str(path)).iter("question") for path in sorted(files))
    rows = [
        {
            "text": question.findtext("text"),
            "type": "how",
            "answers": [
                {"justification": answer.findtext("justification"), "docid": "x", "sentences": [1]}
                for answer in question.iter("answer")
            ],
        }
        for question in questions
    ]
    return {"biology_how_why_corpus_source/train/0000.parquet": rows}


def chebi(state: State) -> dict[str, list[dict[str, Any]]]:
    names = {"annotator1": "abstr_ann1", "annotator2": "abstr_ann2", "papers": "fullpaper"}
    root = Root(state.order.root)
    found: dict[str, list[dict[str, Any]]] = {}
    for batch in state.sources[0].batches:
        records = pl.read_parquet(root.local(f"{batch.place}/{batch.part}-train.parquet")).to_dicts()
        found[f"chebi_nactem_{names[batch.part]}_bigbio_kb/train/0000.parquet"] = list(map(knowledge_base, records))
    return found


def muchmore(_: State) -> dict[str, list[dict[str, Any]]]:
    """The pairs alone; the terms are not read from a conversion."""
    folders = {side: DEMO / "muchmore" / f"springer_{name}_train_plain.tar.gz" for side, name in SIDES.items()}
    texts = {
        side: {path.name.removesuffix(f".{side}.abstr"): path.read_text("latin-1") for path in folder.iterdir()}
        for side, folder in folders.items()
    }
    rows = [
        {"id": stem, "document_id": stem, "text_1": text, "text_2": texts["ger"][stem]}
        for stem, text in texts["eng"].items()
        if stem in texts["ger"]
    ]
    return {"muchmore_bigbio_t2t/train/0000.parquet": rows}


def pdr(_: State) -> dict[str, list[dict[str, Any]]]:
    """Each annotator's documents as they are read, in the layout of the loader's own schema."""
    folder = DEMO / "pdr" / "Plant-Disease_Corpus.tar.gz" / "Plant-Disease_Corpus"
    members = [Member(path.name, path) for path in sorted(folder.iterdir())]

    def rows(suffix: str) -> list[dict[str, Any]]:
        found = read(Standoff(annotations=(suffix,)), {"0": members})
        assert not isinstance(found, Table)
        return [annotated(item) for item in found if isinstance(item, Document)]

    return {
        f"pdr_annotator{number}_source/train/0000.parquet": rows(suffix)
        for number, suffix in ((1, ".ann"), (2, ".ann2"))
    }


def annotated(document: Document) -> dict[str, Any]:
    """A document as the loader writes it: triggers are no entities, and ids begin with that of the document."""
    triggers = {(event.type, event.start) for event in document.events}

    def name(id_: str) -> str:
        return f"{document.id}_{id_}"

    return {
        "document_id": document.id,
        "text": document.text,
        "entities": [
            {
                "id": name(entity.id),
                "type": entity.type,
                "offsets": [list(span) for span in entity.spans],
                "text": [document.text[start:end] for start, end in entity.spans],
                "normalized": [],
            }
            for entity in document.entities
            if (entity.type, entity.spans[0][0]) not in triggers
        ],
        "relations": [
            {
                "id": name(relation.id),
                "type": relation.type,
                "arg1_id": name(relation.arguments[0].target),
                "arg2_id": name(relation.arguments[1].target),
                "normalized": [],
            }
            for relation in document.relations
        ],
        "events": [
            {
                "id": name(event.id),
                "type": event.type,
                "trigger": {"text": [event.trigger], "offsets": [[event.start, event.start + len(event.trigger)]]},
                "arguments": [{"role": one.role, "ref_id": name(one.target)} for one in event.arguments],
            }
            for event in document.events
        ],
        "coreferences": [
            {"id": name(f"*{number}"), "entity_ids": [name(mention.entity) for mention in chain]}
            for number, chain in enumerate(document.chains)
        ],
    }


def scai_disease(_: State) -> dict[str, list[dict[str, Any]]]:
    return {"scai_disease_source/train/0000.parquet": placed("scai_disease/Disease-ae-corpus.iob", "utf-8")}


def scai_chemical(_: State) -> dict[str, list[dict[str, Any]]]:
    name = "chemicals-test-corpus-27-04-2009-v3_iob"
    return {"scai_chemical_source/train/0000.parquet": placed(f"scai_chemical/{name}.gz/{name}", "mac-roman")}


def readable(data: bytes, encoding: str) -> bytes:
    """The lines that are text in an encoding: a loader makes nothing of a file with another one."""

    def is_text(line: bytes) -> bool:
        try:
            line.decode(encoding)
        except UnicodeDecodeError:
            return False
        return True

    return b"\n".join(filter(is_text, data.split(b"\n")))


def placed(file: str, encoding: str) -> list[dict[str, Any]]:
    """Documents of lines with placed tokens; texts and places of mentions are not right, as those of the loader."""
    found: list[dict[str, Any]] = []
    for line in readable((DEMO / file).read_bytes(), encoding).decode(encoding).splitlines():
        if line.startswith("###"):
            found.append({"document_id": line[4:], "text": "", "tokens": [], "entities": []})
        elif line.strip():
            text, start, end, mention, tag = line.strip().split("\t")
            place = [int(start), int(end)]
            found[-1]["tokens"].append({"offsets": place, "text": text, "tag": tag[1:]})
            if mention:
                place = [place[0], place[0] + len(mention)]
                found[-1]["entities"].append({"offsets": place, "text": mention, "type": tag[3:]})
    return found


def knowledge_base(record: dict[str, Any]) -> dict[str, Any]:
    """A document in the layout `bigbio_kb`."""
    text = record["text"]
    spans = {one["id"]: [(span["start"], span["end"]) for span in one["spans"]] for one in record["entities"]}
    return {
        "id": "0",
        "document_id": record["id"],
        "passages": [{"id": "1", "type": "", "text": [text], "offsets": [[0, len(text)]]}],
        "entities": [
            {
                "id": f"0_{one['id']}",
                "type": one["type"],
                "offsets": [list(span) for span in spans[one["id"]]],
                "text": [text[start:end] for start, end in spans[one["id"]]],
                "normalized": [],
            }
            for one in record["entities"]
        ],
        "relations": [
            {
                "id": f"0_{one['id']}",
                "type": one["type"],
                "arg1_id": f"0_{one['arguments'][0]['target']}",
                "arg2_id": f"0_{one['arguments'][1]['target']}",
                "normalized": [],
            }
            for one in record["relations"]
        ],
    }


CONVERSIONS = (paramed, biology_how_why, chebi, muchmore, pdr, scai_disease, scai_chemical)


def rendered(state: State) -> dict[str, list[tuple[str, ...]]]:
    """Input and answer of all samples, by task and split."""
    root = Root(state.order.root)
    return {
        f"{each.task}/{split}": sorted(samples(root, each, split).select("input", "output").iter_rows())
        for each in state.sources[0].rendered
        for split in SPLITS
        if split in each.splits
    }


def miniature(name: str, folder: Path) -> Path:
    """A mirror with the miniature of a source, without lines that no loader could read."""
    if name != "scai_disease":
        return DEMO
    file = f"{name}/Disease-ae-corpus.iob"
    (folder / name).mkdir(parents=True)
    (folder / file).write_bytes(readable((DEMO / file).read_bytes(), "utf-8"))
    (folder / "mirror.json").write_text(json.dumps({"original": False}))
    return folder


@pytest.mark.heavy
@pytest.mark.parametrize("convert", CONVERSIONS, ids=lambda convert: convert.__name__)
def test_the_conversion_makes_the_same_samples(
    convert: Callable[[State], dict[str, list[dict[str, Any]]]], tmp_path: Path
) -> None:
    name = convert.__name__
    before = gather(tmp_path / "before", miniature(name, tmp_path / "miniature"), [name])
    mirror = tmp_path / "mirror"
    for file, rows in convert(before).items():
        (mirror / name / file).parent.mkdir(parents=True)
        pl.DataFrame(rows, infer_schema_length=None).write_parquet(mirror / name / file)
    (mirror / "mirror.json").write_text(json.dumps({"original": False}))
    after = gather(tmp_path / "after", mirror, [name])
    assert {blob.name for blob in after.sources[0].fetched.blobs} == set(find(name).converted)  # pyright: ignore[reportOptionalMemberAccess]
    tasks = [task.name for task in find(name).tasks if all(find(name).parts[part].instead for part in task.reads)]
    wanted = {split: rows for split, rows in rendered(before).items() if split.partition("/")[0] in tasks}
    assert wanted
    assert {split: rows for split, rows in rendered(after).items() if rows} == wanted

    build = Build(after)
    assert build.derived == dict.fromkeys(tasks, next(iter(find(name).converted.values())))
    assert not Build(before).derived
    rows = [row for row in parity(build.counts, {}, {}, build.derived) if row.task in build.derived]
    assert rows
    assert all("derived one: The Hub converted" in row.reason and row.status != "equal" for row in rows)
