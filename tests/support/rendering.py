"""Invented records, and the samples that the stage `render` makes of them."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from schemas.receipts import Batch, Rendered, Tally
from schemas.records import Document, Entity, Link, Mention
from schemas.task import Coref, Task
from tasks.base.store.root import Root
from tasks.build.read.records import batch, columns_of, write_documents
from tasks.build.render import render, stage


def table(kind: str, **columns: list[Any]) -> pl.DataFrame:
    """Rows of a record type; texts that are not given are empty, ids are numbers."""
    length = len(next(iter(columns.values())))
    schema = columns_of(kind)
    defaults = {name: [""] * length if dtype == pl.String() else [[]] * length for name, dtype in schema.items()}
    ids = {"id": [str(number) for number in range(length)]}
    return pl.DataFrame({**defaults, **ids, **columns}, schema=schema)


def entity(id_: str, start: int, text: str, type_: str = "X", links: tuple[Link, ...] = ()) -> Entity:
    return Entity(id_, type_, ((start, start + len(text)),), text, links)


def rows(task: Task, records: pl.DataFrame) -> list[dict[str, Any]]:
    return render(task, records.lazy().with_columns(document=pl.lit(""))).collect().to_dicts()


def documents(*found: Document) -> pl.DataFrame:
    return pl.DataFrame(batch(found))


def one(task: Task, records: pl.DataFrame) -> dict[str, Any]:
    (row,) = rows(task, records)
    return row


def outcome(task: Task, document: Document) -> tuple[str | None, str | None]:
    """The output of a document, or the reason why it makes no sample."""
    row = one(task, documents(document))
    return (None, row["reason"]) if row["reason"] else (row["output"], None)


MESH, OMIM = Link("MeSH", "D1"), Link("OMIM", "2")


COREF = Coref(name="T")


def chain(*texts: str) -> tuple[Mention, ...]:
    return tuple(Mention(f"T{number}", text) for number, text in enumerate(texts))


def records_of(root: Root, mark: str, splits: dict[str, Any], part: str = "main") -> Batch:
    """Records in the root as the stage `read` leaves them; `mark` tells them from others."""
    folder = f"records/tea/{mark}"
    tallies = {}
    for split, found in splits.items():
        with root.writing(f"{folder}/{part}-{split}.parquet") as path:
            if isinstance(found, pl.DataFrame):
                found.write_parquet(path)
            else:
                write_documents(found, path)
        size = found.height if isinstance(found, pl.DataFrame) else len(found)
        tallies[split] = Tally(read=size, kept=size, rejected=0)
    return Batch(source="tea", part=part, fingerprint=mark, place=folder, splits=tallies)


def samples(root: Root, rendered: Rendered, split: str = "train") -> pl.DataFrame:
    return pl.read_parquet(root.local(f"{rendered.place}/{split}.parquet"))


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Root:
    monkeypatch.setattr(stage, "instruction", lambda task, _wording="standard": f"Do {task.name}.")
    return Root(str(tmp_path))
