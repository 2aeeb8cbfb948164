"""Telling the story of a record from the files of a build."""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from schemas.errors import MedinstError, QueryError
from schemas.formats import Format
from schemas.licence import titles, together
from schemas.receipts import Batch, Blob
from schemas.settings import Settings
from schemas.source import Source, file_of
from schemas.state import Built, State
from schemas.task import Split
from sources import find as find_source
from tasks.base.store.frames import scan
from tasks.base.store.rejects import rejects_place
from tasks.base.store.root import Root
from tasks.build.catalogue.query import ask
from tasks.build.clean.listed import cleaned_place
from tasks.build.read import STAGE as READ
from tasks.build.read.files import available, members_of
from tasks.build.read.kept import IDS
from tasks.build.unpack import Member
from tasks.tools.why.find import Key, record_id, tasks_of
from tasks.tools.why.place import Place, holding, locate
from tasks.tools.why.samples import asked
from tasks.tools.why.story import Cleaned, Lost, Story

NEAR = "SELECT * FROM near_duplicates WHERE id IN ({ids}) OR twin IN ({ids})"
LEAKS = "SELECT * FROM leaks WHERE test_id IN ({ids}) OR train_id IN ({ids})"


def tell(key: Key, state: State, root: Root, settings: Settings) -> Story:
    """Put the story of a record together from the files of a build."""
    built = next(built for built in state.sources if built.source == key.source)
    batch = next(batch for batch in built.batches if batch.part == key.part)
    source = find_source(key.source)
    record = _record(key, batch, root)
    lost = None if record is not None else _lost_record(key, batch, root)
    files, place, unplaced = _placed(key, source, built, record, root, settings)
    tasks = tuple(
        asked(key, built, task.name, record_id(task, key.part, key.id), state, root)
        for task in tasks_of(source.id, key.part)
    )
    ids = [sample.id for task in tasks for sample in task.samples]
    return Story(
        source=source.id,
        title=source.title,
        licence=titles(together(source.licences())),
        part=key.part,
        split=key.split,
        record_id=key.id,
        asked_for=key.sample,
        files=files,
        place=place,
        unplaced=unplaced,
        lost=lost,
        cleaned=_cleaned(key, batch, root),
        tasks=tasks,
        near=_rows(NEAR, ids, root),
        leaks=_rows(LEAKS, ids, root),
    )


def _record(key: Key, batch: Batch, root: Root) -> dict[str, Any] | None:
    if not key.split:
        return None
    rows = scan(root.local(f"{batch.place}/{batch.part}-{key.split}.parquet")).filter(pl.col("id") == key.id)
    return next(rows.head(1).collect().iter_rows(named=True), None)


def _lost_record(key: Key, batch: Batch, root: Root) -> Lost | None:
    rows = scan(root.local(rejects_place(READ, key.source, batch.fingerprint)))
    here = rows.filter((pl.col("id") == key.id) & (pl.col("split") == key.split)).head(1).collect()
    return next((Lost(**row) for row in here.select("stage", "reason", "detail").iter_rows(named=True)), None)


def _cleaned(key: Key, batch: Batch, root: Root) -> tuple[Cleaned, ...]:
    if not batch.cleaned:
        return ()
    rows = scan(root.local(cleaned_place(batch.place)))
    here = rows.filter((pl.col("id") == key.id) & (pl.col("split") == key.split)).collect()
    return tuple(Cleaned(**row) for row in here.select(list(Cleaned.model_fields)).iter_rows(named=True))


# Where it stands


def _placed(
    key: Key, source: Source, built: Built, record: dict[str, Any] | None, root: Root, settings: Settings
) -> tuple[tuple[Blob, ...], Place | None, str]:
    """The files of the record's split, and its place in them, or why that cannot be told."""
    fetched = built.fetched
    assert fetched is not None, built.source
    source = source.given({blob.name for blob in fetched.blobs})
    there, _ = available(source.parts[key.part], fetched)
    here: dict[Split, dict[str, str]] = {split: roles for split, roles in there.items() if split == key.split}
    splits = here or there
    names = {file_of(spec) for roles in splits.values() for role, spec in roles.items() if role != IDS}
    blobs = tuple(blob for blob in fetched.blobs if blob.name in names)
    options = source.format_of(key.part)
    try:
        with tempfile.TemporaryDirectory(prefix="medinst-why-") as folder:
            paths = {blob.name: root.local(blob.place) for blob in fetched.blobs}
            unpacked = members_of(splits, source.id, paths, Path(folder), settings)
            members = [member for roles in unpacked.values() for member in holding(options, roles)]
            place = locate(options, members, key.id, record)
    except (FileNotFoundError, MedinstError) as error:
        return blobs, None, f"its file can no longer be unpacked: {error}"
    return blobs, place, "" if place else _unplaced(key, members, options)


def _unplaced(key: Key, members: Sequence[Member], options: Format) -> str:
    """What is known of a place that could not be found."""
    names = list(dict.fromkeys(member.name for member in members))
    file, _, number = key.id.rpartition("#")
    if file in names:
        return f"the reject names row {number} of {file}"
    more = " …" if len(names) > 3 else ""
    read = f"it was read from {', '.join(names[:3])}{more}"
    if not options.has_lines:
        return f"{read}, where records do not stand on lines"
    return f"{read}; neither its id nor its text stands there as in the record"


# What the audit found


def _rows(query: str, ids: list[str], root: Root) -> tuple[dict[str, Any], ...]:
    """The rows of a view that name samples; none where the catalogue has no such view, or is not there."""
    if not ids:
        return ()
    try:
        with ask(root, query.format(ids=", ".join(f"'{id_}'" for id_ in ids))) as answer:
            names = [column[0] for column in answer.description]
            return tuple(dict(zip(names, row, strict=True)) for row in answer.fetchall())
    except (QueryError, duckdb.CatalogException, duckdb.BinderException):
        return ()
