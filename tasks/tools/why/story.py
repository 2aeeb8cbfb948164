"""The story of a record: where its bytes are, what each stage made of it, and which release holds that."""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from schemas.base import Model
from schemas.errors import MedinstError, QueryError
from schemas.receipts import Batch, Blob, Rendered
from schemas.settings import Settings
from schemas.source import Source
from schemas.state import Built, State
from schemas.task import Split
from sources import find as find_source
from tasks.base.store.frames import scan
from tasks.base.store.rejects import rejects_place
from tasks.base.store.root import Root
from tasks.base.versions.shelf import RELEASES, releases
from tasks.build.builds.build import Build
from tasks.build.catalogue.query import ask
from tasks.build.deduplicate.stage import PRECEDENCE
from tasks.build.publish.data import data_path
from tasks.build.read import STAGE as READ
from tasks.build.read.files import available, members_of
from tasks.build.read.kept import IDS
from tasks.build.render.stage import STAGE as RENDER
from tasks.build.unpack import Member
from tasks.tools.why.find import Key, record_id, tasks_of
from tasks.tools.why.place import Place, holding, locate

NEAR = "SELECT * FROM near_duplicates WHERE id IN ({ids}) OR twin IN ({ids})"
LEAKS = "SELECT * FROM leaks WHERE test_id IN ({ids}) OR train_id IN ({ids})"


class Lost(Model):
    """A row of the rejects.

    Attributes:
        twin: what was kept instead, as `<task>/<split>/<record id>`, if it is a duplicate.
    """

    stage: str
    reason: str
    detail: str
    twin: str = ""


class Made(Model):
    """A sample.

    Attributes:
        lost: why it is not published; None if it is.
        release: the newest release, if it holds the sample.
    """

    id: str
    split: str
    input: str
    output: str
    lost: Lost | None = None
    release: str = ""


class Asked(Model):
    """What a task made of the record.

    Attributes:
        lost: why it made no sample of it, or not all that it might have.
        withheld: why the task was not built; empty where it was.
    """

    task: str
    samples: tuple[Made, ...] = ()
    lost: tuple[Lost, ...] = ()
    withheld: str = ""


class Story(Model):
    """All that a build knows of a record.

    Attributes:
        files: the files that its split is read from.
        place: where it stands in them; None where that could not be told, and then `unplaced` says why.
        lost: why it was not kept; None if it was.
        near, leaks: rows of the views of the catalogue that name its samples.
    """

    source: str
    title: str
    licence: str
    part: str
    split: str
    record_id: str
    asked_for: str
    files: tuple[Blob, ...]
    place: Place | None
    unplaced: str = ""
    lost: Lost | None
    tasks: tuple[Asked, ...]
    near: tuple[dict[str, Any], ...] = ()
    leaks: tuple[dict[str, Any], ...] = ()


def tell(key: Key, state: State, root: Root, settings: Settings) -> Story:
    """Put the story of a record together from the files of a build."""
    built = next(built for built in state.sources if built.source == key.source)
    batch = next(batch for batch in built.batches if batch.part == key.part)
    source = find_source(key.source)
    record = _record(key, batch, root)
    lost = None if record is not None else _lost_record(key, batch, root)
    files, place, unplaced = _placed(key, source, built, record, root, settings)
    tasks = tuple(
        _asked(key, built, task.name, record_id(task, key.part, key.id), state, root)
        for task in tasks_of(source.id, key.part)
    )
    ids = [sample.id for task in tasks for sample in task.samples]
    return Story(
        source=source.id,
        title=source.title,
        licence=source.licence.terms.title,
        part=key.part,
        split=key.split,
        record_id=key.id,
        asked_for=key.sample,
        files=files,
        place=place,
        unplaced=unplaced,
        lost=lost,
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


# Where it stands


def _placed(
    key: Key, source: Source, built: Built, record: dict[str, Any] | None, root: Root, settings: Settings
) -> tuple[tuple[Blob, ...], Place | None, str]:
    """The files of the record's split, and its place in them, or why that cannot be told."""
    fetched = built.fetched
    assert fetched is not None, built.source
    there, _ = available(source.parts[key.part], fetched)
    here: dict[Split, dict[str, str]] = {split: roles for split, roles in there.items() if split == key.split}
    splits = here or there
    names = {spec.split("!")[0] for roles in splits.values() for role, spec in roles.items() if role != IDS}
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
    return blobs, place, "" if place else _unplaced(key, members)


def _unplaced(key: Key, members: Sequence[Member]) -> str:
    """What is known of a place that could not be found."""
    names = list(dict.fromkeys(member.name for member in members))
    file, _, number = key.id.rpartition("#")
    if file in names:
        return f"the reject names row {number} of {file}"
    more = " …" if len(names) > 3 else ""
    return f"it was read from {', '.join(names[:3])}{more}; neither its id nor its text stands there as in the record"


# What became of it


def _asked(key: Key, built: Built, task: str, record: str, state: State, root: Root) -> Asked:
    rendered = next((each for each in built.rendered if each.task == task), None)
    if rendered is None or rendered.withheld or key.split not in rendered.splits:
        return Asked(task=task, withheld=rendered.withheld if rendered else "it was not asked for")
    samples = scan(root.local(f"{rendered.place}/{key.split}.parquet"))
    made = samples.filter(pl.col("record_id") == record).select("id", "input", "output").collect()
    lost = _rejects([rejects_place(RENDER, task, rendered.fingerprint)], root).filter(
        (pl.col("record_id") == record) & (pl.col("split") == key.split)
    )
    left_out = _left_out(made["id"].to_list(), key.split, rendered, state, root)
    release = _release(task, key.split, made["id"].to_list(), root)
    return Asked(
        task=task,
        samples=tuple(
            Made(split=key.split, **row, lost=left_out.get(row["id"]), release=release.get(row["id"], ""))
            for row in made.iter_rows(named=True)
        ),
        lost=tuple(Lost(**row) for row in lost.select("stage", "reason", "detail").collect().iter_rows(named=True)),
    )


def _rejects(files: Sequence[str], root: Root) -> pl.LazyFrame:
    return scan([root.local(file) for file in files])


def _left_out(ids: list[str], split: str, rendered: Rendered, state: State, root: Root) -> dict[str, Lost]:
    """Why samples of a split are not published: the rejects of the stages after rendering.

    Rows of equal numbers and texts in two splits are samples of one id.
    """
    if not ids:
        return {}
    after = ~pl.col("stage").is_in([READ, RENDER]) & pl.col("id").is_in(ids)
    here = (pl.col("task") == rendered.task) & (pl.col("split") == split)
    rows = _rejects(Build(state).rejects, root).filter(after & here).collect()
    twins = _named([twin for twin in rows["twin"] if twin], rendered, root)
    return {
        row["id"]: Lost(
            stage=row["stage"],
            reason=row["reason"],
            detail=row["detail"],
            twin=str(twins.get(row["twin"], row["twin"])),
        )
        for row in rows.iter_rows(named=True)
    }


def _named(ids: list[str], rendered: Rendered, root: Root) -> dict[str, str]:
    """Sample ids of a task as `<task>/<split>/<record id>`, of an id in several splits the one that is kept."""
    if not ids:
        return {}
    frames = [
        scan(root.local(f"{rendered.place}/{split}.parquet"))
        .filter(pl.col("id").is_in(ids))
        .select("id", name=pl.concat_str(pl.lit(f"{rendered.task}/{split}/"), "record_id"))
        for split in reversed(PRECEDENCE)
        if split in rendered.splits
    ]
    return dict(pl.concat(frames).collect().iter_rows())


def _release(task: str, split: Any, ids: list[str], root: Root) -> dict[str, str]:
    """Sample id -> the newest release, of those that it holds."""
    version = releases(root).latest
    if version is None or not ids:
        return {}
    place = f"{RELEASES}/{version}/{data_path(task, split)}"
    if not root.exists(place):
        return {}
    held = scan(root.local(place)).select("id").filter(pl.col("id").is_in(ids)).collect()["id"]
    return dict.fromkeys(held, version)


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
