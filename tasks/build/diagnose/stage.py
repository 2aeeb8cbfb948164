"""The stage `diagnose`: every task of a build by itself, then what they have in common.

A task is diagnosed again only if its records, its declaration, the table of years or this code changed.
"""

from collections.abc import Iterator
from typing import NamedTuple

import polars as pl

from schemas.audit import Ingredients
from schemas.receipts import Batch, Kept, Rendered
from schemas.source import Source
from schemas.state import Built
from schemas.task import SPLITS, Split, Task
from sources import find
from sources import tasks as declared_tasks
from tasks.base.store.fingerprint import code_of, fingerprint, hashes
from tasks.base.store.frames import read, scan
from tasks.base.store.root import Root
from tasks.build.builds.build import Build, outcomes
from tasks.build.deduplicate.published import CONFLICTS
from tasks.build.diagnose.long import MEASURES
from tasks.build.diagnose.names import AMBIGUITY
from tasks.build.diagnose.overlap import OVERLAP, overlap
from tasks.build.diagnose.task import CONSISTENCY, Diagnosis, conflicting, diagnose
from tasks.build.diagnose.texts import Texts
from tasks.build.diagnose.years import years_table
from tasks.build.render.document import document, patterns

FOLDER = "catalogue/diagnosed"
TASK = {"task": pl.String}
TABLES = {
    "diagnostics": TASK | MEASURES,
    "ambiguity": TASK | AMBIGUITY,
    "consistency": TASK | CONSISTENCY,
    "overlap": OVERLAP,
}
"""The tables of a build with their columns."""

PARQUET = {"compression": "zstd", "row_group_size": 65_536, "statistics": False}


class Due(NamedTuple):
    """A task to be diagnosed.

    Attributes:
        batches: the records of the parts that it reads.
        place: the folder of the result.
    """

    source: Source
    task: Task
    batches: list[Batch]
    rendered: Rendered
    kept: Kept
    place: str


def diagnosed(build: Build) -> str:
    """Diagnose a build, unless that was done before.

    Returns:
        the folder with a Parquet file for each of `TABLES`.

    Raises:
        MedinstError: the table of years is none.
    """
    root, place = build.root, diagnosed_place(build)
    if done_place(build):
        return place
    found = {due.task.name: (due, frames) for due, frames in _tasks(build)}
    parts = {
        name: [frames[name].select(pl.lit(task).alias("task"), pl.all()) for task, (_, frames) in sorted(found.items())]
        for name in ("diagnostics", "ambiguity", "consistency")
    }
    tables = {name: pl.concat([pl.DataFrame(schema=TABLES[name]), *frames]) for name, frames in parts.items()}
    words = {task: (due.task.category, frames["vocabulary"]) for task, (due, frames) in sorted(found.items())}
    tables["overlap"] = overlap(words, [task for built in build.state.sources for task in built.indexed], root)
    for name, table in tables.items():
        _write(table, f"{place}/{name}.parquet", root)
    root.finish(place, {"made_of": _made_of(build)})
    return place


def diagnosed_place(build: Build) -> str:
    """The folder of a build's diagnosis, which may not be there yet."""
    return f"{FOLDER}/{fingerprint(_made_of(build))}"


def done_place(build: Build) -> str:
    """The folder of a build's diagnosis; empty if that is not there."""
    place = diagnosed_place(build)
    return place if _is_done(place, build.root) else ""


def _is_done(place: str, root: Root) -> bool:
    return root.done(place) is not None and all(root.exists(f"{place}/{name}.parquet") for name in TABLES)


def load(place: str, root: Root) -> dict[str, pl.DataFrame]:
    """The tables of a diagnosis; none if it is not there."""
    there = place and _is_done(place, root)
    return {name: read(root.local(f"{place}/{name}.parquet")) for name in TABLES} if there else {}


def places(build: Build) -> Iterator[str]:
    """The folders that a build's diagnosis needs."""
    yield diagnosed_place(build)
    yield from (due.place for due in _due(build))


def _made_of(build: Build) -> Ingredients:
    indexed = [task.fingerprint for built in build.state.sources for task in built.indexed]
    return hashes(tasks=sorted(due.place for due in _due(build)), indexed=sorted(indexed), code=code_of(__name__))


def _due(build: Build) -> Iterator[Due]:
    table = years_table(build.root)
    known = table.rows() if table is not None else None
    for built in build.state.sources:
        yield from _of_source(built, known)


def _of_source(built: Built, years: object) -> Iterator[Due]:
    source = find(built.source)
    by_part = {batch.part: batch for batch in built.batches}
    for name, (rendered, kept) in outcomes(built).items():
        task = declared_tasks()[name][1]
        batches = [by_part[part] for part in task.reads]
        mark = fingerprint(
            [batch.fingerprint for batch in batches],
            [*rendered.splits],
            task.model_dump(exclude={"answerable", "because"}),
            [patterns(source, part) for part in task.reads],
            kept.fingerprint,
            years,
            code_of(__name__),
        )
        yield Due(source, task, batches, rendered, kept, f"samples/{name}/{mark}")


def _tasks(build: Build) -> Iterator[tuple[Due, dict[str, pl.DataFrame]]]:
    """The tasks with what is found of them; those of a source that read the same records share their texts."""
    table = years_table(build.root)
    texts, shared = None, None
    for due in _due(build):
        if build.root.done(due.place) is not None:
            yield due, {name: read(build.root.local(f"{due.place}/{name}.parquet")) for name in Diagnosis._fields}
        else:
            reads = [(batch.place, batch.part) for batch in due.batches], [*due.rendered.splits]
            if texts is None or reads != shared:
                texts, shared = Texts(_records(due, build.root)), reads
            yield due, _keep(due, diagnose(due.task, texts, table), build.root)


def _records(due: Due, root: Root) -> pl.LazyFrame:
    """The records of a task: its splits in their order, and in each the parts in the order of the task."""
    frames = [
        scan(root.local(f"{batch.place}/{batch.part}-{split}.parquet")).with_columns(
            split=pl.lit(split), document=document(due.source, batch.part)
        )
        for split in _splits(due.rendered)
        for batch in due.batches
        if split in batch.splits
    ]
    return pl.concat(frames)


def _splits(rendered: Rendered) -> list[Split]:
    return [split for split in SPLITS if split in rendered.splits]


def _keep(due: Due, found: Diagnosis, root: Root) -> dict[str, pl.DataFrame]:
    """Write what is found of a task, with its conflicts."""
    conflicts = read(root.local(f"{due.kept.place}/{CONFLICTS}"))
    rendered = sum(tally.kept for tally in due.rendered.splits.values())
    every = pl.concat([found.diagnostics, conflicting(conflicts, rendered)]).sort("split", "measure")
    tables = found._replace(diagnostics=every)._asdict()
    for name, table in tables.items():
        _write(table, f"{due.place}/{name}.parquet", root)
    root.finish(due.place, {"task": due.task.name})
    return tables


def _write(table: pl.DataFrame, place: str, root: Root) -> None:
    with root.writing(place) as path:
        table.write_parquet(path, **PARQUET)
