"""catalogue/<table>.parquet: what a release says of itself, and what was left out of it, as tables for analysts.

They have the names of the catalogue in the root and of its columns. That catalogue itself never leaves its root, where
it sees everything that the build has. These tables are made of the content of the release alone, so they hold what its
profile admits and nothing else.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from schemas.errors import PublishError
from schemas.licence import together
from schemas.meanings import meanings, plain
from schemas.release import ReleaseContent
from schemas.sample import REJECT_COLUMNS
from schemas.source import Source
from schemas.spdx import expression
from tasks.base.licences.terms import terms_of
from tasks.base.store.frames import read, scan
from tasks.base.store.root import Root
from tasks.build.deduplicate.published import CONFLICT, CONFLICTS
from tasks.build.diagnose.stage import load

FOLDER = "catalogue"
COLUMNS = "columns"
"""The table that says what the columns of the others mean."""

_TYPES = {
    "examples": pl.List(pl.String),
    "ours": pl.List(pl.Int64),
    "paper": pl.List(pl.Int64),
    "rejected": pl.Int64,
}
"""Types of columns that rows alone do not show: all of their values may be empty."""


def write_tables(content: ReleaseContent, declared: Mapping[str, Source], root: Root, folder: Path) -> list[str]:
    """Write all tables that have rows.

    Args:
        content: what the release is made of.
        declared: the sources in the release, by id.
        root: where the rejects are.
        folder: the release's folder.

    Returns:
        The paths of the files in the release, sorted.

    Raises:
        PublishError: the rejects cannot be read.
    """
    frames = {
        name: pl.DataFrame(rows, infer_schema_length=None).cast(
            {column: dtype for column, dtype in _TYPES.items() if column in rows[0]}  # pyright: ignore[reportArgumentType]
        )
        for name, rows in tables(content, declared).items()
        if rows
    }
    if content.rejects:
        frames["rejects"] = _rejects(content, root)
    frames["conflicts"] = _conflicts(content, root)
    frames |= load(content.diagnosed, root)
    frames[COLUMNS] = _columns(frames)
    (folder / FOLDER).mkdir()
    paths = {f"{FOLDER}/{name}.parquet": frame for name, frame in sorted(frames.items())}
    for path, frame in paths.items():
        frame.write_parquet(folder / path, compression="zstd", compression_level=3)
    return list(paths)


def tables(content: ReleaseContent, declared: Mapping[str, Source]) -> dict[str, list[dict[str, Any]]]:
    """The rows of all tables but `rejects`."""
    return {
        "sources": [_source(source) for _, source in sorted(declared.items())],
        "tasks": [
            {"task": task.name} | task.model_dump(include={"category", "source", "language", "licence", "instruction"})
            for task in content.tasks
        ],
        "instructions": [
            {"task": task.name, "wording": wording, "instruction": text}
            for task in content.tasks
            for wording, text in task.wordings.items()
        ],
        "splits": [
            each.model_dump(include={"task", "category", "source", "split", "records", "rendered", "rejected", "kept"})
            for each in content.samples
        ],
        "counts": [each.model_dump(exclude={"lost_share", "place"}) for each in content.records],
        "profiles": [
            {"task": each.task, "split": each.split, "measure": measure, "value": value}
            for each in content.samples
            for measure, value in each.measures.items()
        ],
        "labels": [
            {"task": each.task, "split": each.split, "label": label, "answers": count}
            for each in content.samples
            for label, count in each.labels.items()
        ],
        "parity": [row.model_dump() for row in content.parity],
        "verdicts": [verdict.model_dump() for verdict in content.verdicts],
    }


def _source(source: Source) -> dict[str, Any]:
    terms = terms_of([together(source.licences())])
    return {
        "source": source.id,
        "title": source.title,
        "homepage": source.homepage,
        "citation": source.citation,
        "access": source.access,
        "licence": source.licence.value,
        "licence_title": source.licence.terms.title,
        "licence_url": source.licence.terms.url,
        "spdx": expression(source.licences()),
        "evidence_url": source.evidence.url,
        "evidence_words": source.evidence.words,
        "evidence_about": ", ".join(source.evidence.about),
        "further_licences": together(source.licences()[1:]),
        "redistribute": terms.redistribute,
        "commercial": terms.commercial,
        "share_alike": bool(terms.share_alike),
        "derivatives": terms.derivatives,
        "non_profit": terms.non_profit,
    }


def _columns(frames: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """What each column of some tables means, as in the comments of the catalogue."""
    known = meanings()
    rows = [
        (name, column, plain(known[name].columns[column])) for name in sorted(frames) for column in frames[name].columns
    ]
    return pl.DataFrame(rows, {"table": pl.String, "column": pl.String, "comment": pl.String}, orient="row")


def _conflicts(content: ReleaseContent, root: Root) -> pl.DataFrame:
    """All conflicts, in one order; a table without rows says that there are none."""
    places = dict.fromkeys(split.decisions for task in content.tasks for split in task.splits.values())
    found = [read(root.local(f"{place}/{CONFLICTS}")) for place in places]
    return pl.concat([pl.DataFrame(schema=CONFLICT), *found]).sort("task", "input")


def _rejects(content: ReleaseContent, root: Root) -> pl.DataFrame:
    """All rejects in one order, whatever the order in which they were found."""
    try:
        found = scan([root.local(file) for file in content.rejects]).select(REJECT_COLUMNS)
        return found.collect().sort(REJECT_COLUMNS)
    except (pl.exceptions.PolarsError, FileNotFoundError) as error:
        raise PublishError(
            f"The rejects of release {content.version} cannot be read: {error}. Build them again: medinst build",
            version=content.version,
        ) from error
