"""The SQL of the catalogue's tables and views, with the Parquet files that each view reads."""

from collections.abc import Sequence
from pathlib import Path
from string import Template

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

import schemas
from schemas.records import KINDS
from schemas.sample import SAMPLE_COLUMNS
from schemas.state import State
from sources import registry
from sources import tasks as declared_tasks
from tasks.base.predictions.bucket import here
from tasks.base.predictions.record import EVALUATIONS, PREDICTION
from tasks.base.predictions.record import tables as evaluations
from tasks.base.store.fingerprint import fingerprint
from tasks.base.store.rejects import SCHEMA
from tasks.base.store.root import Root
from tasks.build.audit import LEAKS as LEAKS_FILE
from tasks.build.audit import NEAR as NEAR_FILE
from tasks.build.audit.evidence import LEAKS
from tasks.build.audit.near import NEAR
from tasks.build.builds.build import Build
from tasks.build.catalogue.file import quoted
from tasks.build.clean.listed import SCHEMA as CLEANED
from tasks.build.clean.listed import cleaned_place
from tasks.build.deduplicate.published import AMENDED, CONFLICT, CONFLICTS, NEW_ANSWER
from tasks.build.diagnose.stage import TABLES as DIAGNOSED
from tasks.build.diagnose.stage import done_place
from tasks.build.judge.personal import FINDINGS
from tasks.build.judge.samples import PERSONAL, profile_folder
from tasks.build.links import keep as links
from tasks.build.read.records import DOCUMENT, columns_of

DDL = Path(schemas.__file__).with_name("catalogue.sql")

EMPTY = "catalogue/empty/SET_VARIABLE_medinst_root"
"""Where the empty files lie. A view reads its empty file first: the error of a client that does not know where the root
is, `No files found that match the pattern "catalogue/empty/SET_VARIABLE_medinst_root/…"`, thus says what to do."""

_PLACE = """split_part(filename, '/', -3) AS source,
    regexp_extract(filename, '([^/]+)-(train|dev|test)\\.parquet$', 1) AS part,
    regexp_extract(filename, '([^/]+)-(train|dev|test)\\.parquet$', 2) AS split"""


def ddl(build: Build) -> str:
    """The statements that create the tables and views of a build's catalogue."""
    state, root = build.state, build.root
    files = {
        **_records(state, root),
        "cleaned": [_empty(root, "cleaned"), *_cleaned(state)],
        "samples": [_empty(root, "sample"), *_samples(state)],
        "amended": [_empty(root, "amended"), *_decisions(state, AMENDED)],
        "conflicts": [_empty(root, "conflicts"), *_decisions(state, CONFLICTS)],
        "rejects": [_empty(root, "reject"), *build.rejects],
        "predictions": [_empty(root, "prediction"), *_predictions(root)],
        "personal": [_empty(root, "personal"), *_personal(build)],
        **_audit(state, root),
        **_diagnosed(build),
        "links": [_empty(root, "links"), links.place(root)],
    }
    lists = {name: _list(places) for name, places in files.items()}
    return Template(DDL.read_text(encoding="utf-8")).substitute(lists, place=_PLACE)


def _records(state: State, root: Root) -> dict[str, list[str]]:
    """The files of the records, by kind."""
    files: dict[str, list[str]] = {kind: [_empty(root, kind)] for kind in KINDS}
    for built in state.sources:
        for batch in built.batches:
            kind = registry()[batch.source].format_of(batch.part).kind
            files[kind] += [f"{batch.place}/{batch.part}-{split}.parquet" for split in batch.splits]
    return files


def _cleaned(state: State) -> list[str]:
    """The lists of what was cleaned."""
    batches = (batch for built in state.sources for batch in built.batches)
    return [cleaned_place(batch.place) for batch in batches if batch.cleaned]


def _samples(state: State) -> list[str]:
    """The files of the rendered samples, only of tasks that were deduplicated."""
    samples: list[str] = []
    for built in state.sources:
        tasks = {kept.task for kept in built.kept}
        samples += [
            place
            for task in built.rendered
            if task.task in tasks
            for split in task.splits
            for place in task.files(split)
        ]
    return samples


def _decisions(state: State, name: str) -> list[str]:
    """The files of one name that deduplication wrote."""
    return [f"{kept.place}/{name}" for built in state.sources for kept in built.kept]


def _predictions(root: Root) -> list[str]:
    """The files with the predictions of the models evaluated in a root."""
    place = here(root.uri(EVALUATIONS))
    return [f"{EVALUATIONS}/{path.relative_to(place).as_posix()}" for path in evaluations(place)[1]]


def _audit(state: State, root: Root) -> dict[str, list[str]]:
    """The files with the findings of a build's audit."""
    found = {"near": NEAR_FILE, "leaks": LEAKS_FILE}
    place = state.audit and state.audit.place
    return {name: [_empty(root, name), *([f"{place}/{file}"] if place else [])] for name, file in found.items()}


def _diagnosed(build: Build) -> dict[str, list[str]]:
    """The tables of a build's diagnosis."""
    place, root = done_place(build), build.root
    return {name: [f"{place}/{name}.parquet" if place else _empty(root, name)] for name in DIAGNOSED}


def _personal(build: Build) -> list[str]:
    """The files with the personal identifiers found; only the profile `local` shows them."""
    if build.order.profile != "local":
        return []
    tasks = declared_tasks()
    return [f"{profile_folder(tasks[kept.task][1], kept)}/{PERSONAL}" for _, kept in build.outcomes.values()]


def _list(paths: Sequence[str]) -> str:
    return "[" + ", ".join(map(quoted, paths)) + "]"


def _empty(root: Root, kind: str) -> str:
    """A Parquet file without rows: it gives a view its columns even if the build has no files of that kind."""
    place = f"{EMPTY}/{kind}/{fingerprint(str(_schema(kind)))}/none-train.parquet"
    if not root.exists(place):
        with root.writing(place) as path:
            pq.write_table(_schema(kind).empty_table(), path)
    return place


_TEXTS = {"sample": SAMPLE_COLUMNS, "reject": SCHEMA, "personal": FINDINGS, "leaks": LEAKS}
"""Kinds of files whose columns are all text -> those columns."""


def _schema(kind: str) -> pa.Schema:
    known = {
        "Document": DOCUMENT,
        "prediction": PREDICTION,
        **{
            name: pl.DataFrame(schema=schema).to_arrow().schema
            for name, schema in {
                "near": NEAR,
                "cleaned": CLEANED,
                "conflicts": CONFLICT,
                "amended": NEW_ANSWER,
                "links": links.COLUMNS,
                **DIAGNOSED,
            }.items()
        },
        **{name: pa.schema([(column, pa.string()) for column in columns]) for name, columns in _TEXTS.items()},
    }
    text = pa.string()
    return (
        known[kind]
        if kind in known
        else pa.schema(
            [(name, text if str(dtype) == "String" else pa.list_(text)) for name, dtype in columns_of(kind).items()]
        )
    )
