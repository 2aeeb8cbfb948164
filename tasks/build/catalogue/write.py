"""The catalogue: a DuckDB file with the facts of the newest build and views into its Parquet files.

DuckDB has one writer and no reader beside it. So each build makes a file of its own and renames it to
`catalogue.duckdb` when it is whole: whoever has the old one open keeps it, and the next to open gets the new one.
"""

from collections.abc import Sequence
from pathlib import Path
from string import Template

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

import schemas
from schemas.receipts import Release, Verdict
from schemas.records import KINDS
from schemas.release import ParityRow
from schemas.sample import SAMPLE_COLUMNS
from schemas.source import Source
from schemas.state import State
from sources import registry
from sources import tasks as declared_tasks
from tasks.base.paper.parity import parity
from tasks.base.predictions.record import EVALUATIONS, PREDICTION
from tasks.base.predictions.record import tables as evaluations
from tasks.base.store.fingerprint import fingerprint
from tasks.base.store.rejects import SCHEMA
from tasks.base.store.root import Root
from tasks.base.versions.shelf import RELEASES
from tasks.build.audit import LEAKS as LEAKS_FILE
from tasks.build.audit import NEAR as NEAR_FILE
from tasks.build.audit.evidence import LEAKS
from tasks.build.audit.near import NEAR
from tasks.build.builds.build import Build
from tasks.build.builds.runs import Run
from tasks.build.catalogue.file import PLACE, quoted, written
from tasks.build.judge.measure import Profiles
from tasks.build.judge.personal import FINDINGS
from tasks.build.judge.profile import PERSONAL, profile_folder
from tasks.build.read.records import DOCUMENT, columns_of
from tasks.build.render.stage import whole_instruction

DDL = Path(schemas.__file__).with_name("catalogue.sql")

_PLACE = """split_part(filename, '/', -3) AS source,
    regexp_extract(filename, '([^/]+)-(train|dev|test)\\.parquet$', 1) AS part,
    regexp_extract(filename, '([^/]+)-(train|dev|test)\\.parquet$', 2) AS split"""


def write_catalogue(
    build: Build,
    profiles: Profiles,
    verdicts: list[Verdict],
    runs: list[Run],
    releases: list[tuple[Release, bool]],
) -> str:
    """Build the catalogue of a build and put it in the place of the last one.

    Returns:
        its place in the root.
    """
    root = build.root
    with root.writing(PLACE) as path:
        path.unlink(missing_ok=True)
        with written(path, root) as connection:
            connection.execute(_ddl(build))
            for table, rows in _rows(build, profiles, verdicts, runs, releases).items():
                _insert(connection, table, rows)
            connection.execute("CHECKPOINT")
    return PLACE


def _ddl(build: Build) -> str:
    state, root = build.state, build.root
    files: dict[str, list[str]] = {kind: [_empty(root, kind)] for kind in KINDS}
    samples = [_empty(root, "sample")]
    for built in state.sources:
        for batch in built.batches:
            kind = registry()[batch.source].format_of(batch.part).kind
            files[kind] += [f"{batch.place}/{batch.part}-{split}.parquet" for split in batch.splits]
        tasks = {kept.task for kept in built.kept}
        samples += [
            f"{task.place}/{split}.parquet" for task in built.rendered if task.task in tasks for split in task.splits
        ]
    rejects = [_empty(root, "reject"), *build.rejects]
    predictions = [_empty(root, "prediction"), *_evaluations(root)[1]]
    personal = [_empty(root, "personal"), *_personal(build)]
    more = {"samples": samples, "rejects": rejects, "predictions": predictions, "personal": personal}
    lists = {name: _list(paths) for name, paths in {**files, **more, **_audit(state, root)}.items()}
    return Template(DDL.read_text(encoding="utf-8")).substitute(lists, place=_PLACE)


def _audit(state: State, root: Root) -> dict[str, list[str]]:
    """The files of what the audit of a build found."""
    there = {"near": NEAR_FILE, "leaks": LEAKS_FILE}
    if state.audit is None:
        return {name: [_empty(root, name)] for name in there}
    return {name: [f"{state.audit.place}/{file}"] for name, file in there.items()}


def _training_sets(state: State) -> list[tuple[object, ...]]:
    found = state.audit
    if found is None:
        return []
    removed, unclean = found.removed, found.unclean
    sizes = {task: rows - removed.get(task, 0) for task, rows in found.trained.items()}
    return [(task, rows, rows - unclean.get(task, 0)) for task, rows in sizes.items() if rows]


def _evaluations(root: Root) -> tuple[list[tuple[object, ...]], list[str]]:
    """The scores of the models evaluated in a root, and the files of their predictions; a bucket has none."""
    rows, files = evaluations(Path(root.uri(EVALUATIONS))) if root.is_local else ([], [])
    return rows, [path.relative_to(root.url).as_posix() for path in files]


def _personal(build: Build) -> list[str]:
    """The files of the identifiers found, which only the profile `local` shows."""
    if build.order.profile != "local":
        return []
    tasks = declared_tasks()
    return [f"{profile_folder(tasks[kept.task][1], kept)}/{PERSONAL}" for _, kept in build.outcomes.values()]


def _list(paths: Sequence[str]) -> str:
    return "[" + ", ".join(map(quoted, paths)) + "]"


def _empty(root: Root, kind: str) -> str:
    """A Parquet file without rows, so that a view has its columns even where a build has no such records."""
    place = f"catalogue/empty/{kind}/{fingerprint(str(_schema(kind)))}/none-train.parquet"
    if not root.exists(place):
        with root.writing(place) as path:
            pq.write_table(_schema(kind).empty_table(), path)
    return place


_TEXTS = {"sample": SAMPLE_COLUMNS, "reject": SCHEMA, "personal": FINDINGS, "leaks": LEAKS}
"""What a view looks into -> its columns, all of them text."""


def _schema(kind: str) -> pa.Schema:
    known = {
        "Document": DOCUMENT,
        "prediction": PREDICTION,
        "near": pl.DataFrame(schema=NEAR).to_arrow().schema,
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


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: list[tuple[object, ...]]) -> None:
    """Insert rows at once: one by one, the 15,000 of a whole build take 15 seconds."""
    if rows:
        columns = [pa.array(column) for column in zip(*rows, strict=True)]
        connection.register(
            "rows", pa.Table.from_arrays(columns, [f"column{number}" for number in range(len(columns))])
        )
        connection.execute(f"INSERT INTO {table} SELECT * FROM rows")  # noqa: S608  our own table names
        connection.unregister("rows")


def _rows(
    build: Build,
    profiles: Profiles,
    verdicts: list[Verdict],
    runs: list[Run],
    releases: list[tuple[Release, bool]],
) -> dict[str, list[tuple[object, ...]]]:
    outcome = _outcomes(build.state)
    return {
        "sources": [_source(source, *outcome[source.id]) for source in registry().values()],
        "files": [
            (built.source, blob.name, blob.url, blob.sha256, blob.bytes, blob.trust, blob.original)
            for built in build.state.sources
            if built.fetched is not None
            for blob in built.fetched.blobs
        ],
        "tasks": _tasks(build, profiles),
        "splits": [
            (p.task, p.category, p.source, p.split, p.records, p.rendered, p.rejected, p.kept) for p in profiles.samples
        ],
        "counts": [(p.source, p.part, p.split, p.read, p.kept, p.rejected, p.mismatches) for p in profiles.records],
        "profiles": [
            (p.task, p.split, name, float(value))
            for p in profiles.samples
            for name, value in p
            if isinstance(value, int | float)
        ],
        "labels": [(p.task, p.split, label, count) for p in profiles.samples for label, count in p.labels.items()],
        "parity": [_parity(row) for row in parity(build.counts, build.withheld, build.missing)],
        "verdicts": [
            (
                v.suite,
                v.subject,
                v.task,
                v.source,
                v.measure,
                v.severity,
                v.success,
                v.expectation,
                v.found,
                list(v.examples),
                v.command,
            )
            for v in verdicts
        ],
        "runs": [
            (r.run, r.name, r.started, r.finished, r.state, list(r.sources), r.profile, r.version, r.message)
            for r in runs
        ],
        "releases": [
            (r.version, r.profile, f"{RELEASES}/{r.version}", r.tasks, r.samples, r.partial, r.manifest_sha256, latest)
            for r, latest in releases
        ],
        "training_sets": _training_sets(build.state),
        "scores": _evaluations(build.root)[0],
    }


def _parity(row: ParityRow) -> tuple[object, ...]:
    return (
        row.task,
        row.category,
        list(row.paper),
        None if row.ours is None else list(row.ours),
        row.status,
        row.reason,
    )


def _source(source: Source, status: str, reason: str) -> tuple[object, ...]:
    terms = source.licence.terms
    return (
        source.id, source.title, source.about, source.homepage, source.citation, source.language,
        source.access, source.apply, source.licence.value, terms.title, terms.url,
        source.evidence.url, source.evidence.words,
        terms.redistribute, terms.commercial, terms.share_alike, source.verified, status, reason,
    )  # fmt: skip


def _outcomes(state: State) -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for built in state.sources:
        reasons = "; ".join(dict.fromkeys(task.withheld for task in built.rendered if task.withheld))
        if built.failed:
            found[built.source] = ("failed", built.failed)
        elif built.withheld or not built.kept:
            found[built.source] = ("withheld", built.withheld or reasons)
        else:
            found[built.source] = ("partly built" if reasons else "built", reasons)
    return dict.fromkeys(registry(), ("not asked for", "")) | found


def _tasks(build: Build, profiles: Profiles) -> list[tuple[object, ...]]:
    built, left_out, asked = {p.task for p in profiles.samples}, build.withheld, set(build.chosen)
    rows: list[tuple[object, ...]] = []
    for name, (source, task) in sorted(declared_tasks().items()):
        status = (
            "built"
            if name in built
            else "withheld"
            if name in left_out
            else "failed"
            if name in asked
            else "not asked for"
        )
        rows.append(
            (
                name,
                task.category,
                source.id,
                list(task.reads),
                list(task.labels),
                whole_instruction(task),
                status,
                left_out.get(name, ""),
            )
        )
    return rows
