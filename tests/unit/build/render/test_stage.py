"""The stage `render`: tallies, languages, and what a sample is known by."""

from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from schemas.formats import ParallelText
from schemas.receipts import Batch, Tally
from schemas.records import Document
from schemas.source import Part
from schemas.task import Sts, Task, Transl
from tasks.base.store.rejects import rejects_place
from tasks.base.store.root import Root
from tasks.build.render import form, stage
from tests.support.declared import NER, source
from tests.support.rendering import COREF, chain, entity, records_of, root, samples, table

__all__ = ["root"]

# The stage: tallies, languages, ids


TEA = [
    Document("d1", "tea one", (entity("T1", 0, "tea"),)),
    Document("d2", "nothing"),
    Document("d3", "tea two", (entity("T1", 0, "tea", "W"),)),
    Document("d4", "tea four", (entity("T1", 0, "tea"),)),
]


def test_what_is_read_is_kept_or_rejected_with_a_reason(root: Root) -> None:
    rendered = stage.render_task(source(), NER, [records_of(root, "m", {"train": TEA, "test": TEA[1:2]})], root)
    assert rendered.splits == {
        "train": Tally(read=4, kept=2, rejected=2),
        "test": Tally(read=1, kept=0, rejected=1),
    }
    rejects = pl.read_parquet(root.local(rejects_place("render", "T", rendered.fingerprint)))
    assert rejects.select("task", "split", "id", "reason", "detail").rows() == [
        ("T", "train", "d2", "no entity", ""),
        ("T", "train", "d3", "undeclared type", "W"),
        ("T", "test", "d2", "no entity", ""),
    ]
    assert samples(root, rendered)["record_id"].to_list() == ["d1", "d4"]
    assert samples(root, rendered, "test").is_empty()


def test_a_chain_is_what_coreference_counts(root: Root) -> None:
    found = [
        Document("d1", "text", chains=(chain("a", "b"), chain("c", "d"), chain("e"))),
        Document("d2", "text"),
    ]
    rendered = stage.render_task(source(), COREF, [records_of(root, "m", {"train": found})], root)
    assert rendered.splits["train"] == Tally(read=4, kept=2, rejected=2)
    assert samples(root, rendered)["id"].n_unique() == 2


def test_a_sample_says_where_it_comes_from(root: Root) -> None:
    rendered = stage.render_task(source(), NER, [records_of(root, "m", {"train": TEA})], root)
    row = samples(root, rendered).row(0, named=True)
    assert row["instruction"] == f"Do T. {form(NER).sentence}"
    assert (row["input"], row["output"]) == ("tea one", "[tea <thing>]")
    assert (row["task"], row["category"], row["source"], row["licence"]) == ("T", "NER", "tea", "mit")
    assert row["language"] == "en"
    assert len(row["id"]) == 32


def test_a_sample_has_the_language_of_its_part(root: Root) -> None:
    declared = source(
        language="fr",
        format=ParallelText(),
        parts={
            "es": Part(train={"source": "a", "target": "a"}, language="es-en"),
            "fr": Part(train={"source": "a", "target": "a"}),
        },
        tasks=(Transl(name="T", parts=("es", "fr")),),
    )
    text = table("Translation", text=["x"], translation=["y"])
    batches = [records_of(root, part, {"train": text}, part) for part in ("es", "fr")]
    found = samples(root, stage.render_task(declared, declared.tasks[0], batches, root))
    assert found.select("record_id", "language").rows() == [("es/0", "es-en"), ("fr/0", "fr")]
    assert found["id"].n_unique() == 2


def test_a_sample_says_what_is_asked_where_parts_differ_in_it(root: Root) -> None:
    declared = source(
        format=ParallelText(),
        parts={part: Part(train={"source": "a", "target": "a"}) for part in ("like", "near")},
        tasks=(Sts(name="T", scale=(0, 5), parts=("like", "near"), asks={"like": "Alike?", "near": "Near?"}),),
    )
    pair = table("Pair", first=["x"], second=["y"], label=["1"])
    batches = [records_of(root, part, {"train": pair}, part) for part in ("like", "near")]
    found = samples(root, stage.render_task(declared, declared.tasks[0], batches, root))
    lines = "Sentence 1: x\nSentence 2: y"
    assert found["input"].to_list() == [f"Alike?\n{lines}", f"Near?\n{lines}"]
    with pytest.raises(ValueError, match=r"T asks \['like'\], but reads \['like', 'near'\]"):
        Sts(name="T", scale=(0, 5), parts=("like", "near"), asks={"like": "Alike?"})


def ids(root: Root, documents_: list[Document], mark: str, task: Task = NER, **fields: Any) -> dict[str, str]:
    rendered = stage.render_task(source(**fields), task, [records_of(root, mark, {"train": documents_})], root)
    found = samples(root, rendered)
    return dict(zip(found["record_id"], found["id"], strict=True))


def test_an_id_depends_on_neither_order_nor_instruction(root: Root, monkeypatch: pytest.MonkeyPatch) -> None:
    before = ids(root, TEA, "m")
    assert ids(root, TEA[::-1], "n") == before
    assert ids(root, TEA[3:], "o") == {"d4": before["d4"]}
    monkeypatch.setattr(stage, "instruction", lambda task, _wording: "Do it otherwise.")
    assert ids(root, TEA, "m") == before
    assert len(root.names("samples/T")) == 4, "the new instruction made no samples of its own"


def test_an_id_tells_records_sources_tasks_and_answers_apart(root: Root) -> None:
    document = TEA[0]
    other_answer = replace(document, entities=(entity("T1", 0, "tea", "Z"),))
    found = [
        *ids(root, [document, replace(document, id="d9")], "m").values(),
        *ids(root, [other_answer], "n").values(),
        *ids(root, [replace(document, text="tea two")], "o").values(),
        *ids(root, [document], "m2", NER.model_copy(update={"name": "U"})).values(),
        *ids(root, [document], "m3", id="coffee").values(),
    ]
    assert len(found) == 6
    assert len(set(found)) == 6


def test_parts_of_an_id_do_not_run_into_each_other(root: Root) -> None:
    one_, two = Document("d", "tea", (entity("T1", 0, "tea"),)), Document("d1", "tea", (entity("T1", 0, "tea"),))
    found = [
        *ids(root, [one_], "m", NER.model_copy(update={"name": "T1"})).values(),
        *ids(root, [two], "n", NER.model_copy(update={"name": "T"})).values(),
        *ids(root, [replace(one_, id="1d")], "o", NER.model_copy(update={"name": "T"})).values(),
    ]
    assert len(set(found)) == 3


def test_a_withheld_part_withholds_the_task(root: Root) -> None:
    missing = Batch(source="tea", part="main", fingerprint="m", place="nowhere", withheld="`a` is not here")
    rendered = stage.render_task(source(), NER, [missing], root)
    assert (rendered.withheld, rendered.splits) == ("`a` is not here", {})
    assert root.names("samples") == []


def test_equal_work_is_not_done_again(root: Root) -> None:
    records = records_of(root, "m", {"train": TEA})
    first = stage.render_task(source(), NER, [records], root)
    path = root.local(f"{first.place}/train.parquet")
    before = path.stat().st_mtime_ns
    assert stage.render_task(source(), NER, [records], root) == first
    assert path.stat().st_mtime_ns == before
