"""The two sides of a comparison: releases, or the newest build of a root, as a manifest and SQL over Parquet files."""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from schemas.manifest import ReleaseManifest
from schemas.release import ReleaseContent
from schemas.sample import REJECT_COLUMNS
from schemas.shards import grouped
from schemas.task import Split
from tasks.base.store.root import Root
from tasks.build.builds.build import Build
from tasks.build.deduplicate.published import AMENDED, DROPPED
from tasks.build.drift.published import Published
from tasks.build.judge.measured import measured
from tasks.build.publish.content import content
from tasks.build.publish.data import data_path
from tasks.build.publish.manifest import manifest

BUILD = "build"
"""The name of the newest build."""
NO_REJECTS = f"(SELECT {', '.join(f'NULL::VARCHAR AS {name}' for name in REJECT_COLUMNS)} WHERE false)"


class Side(NamedTuple):
    """One of the two.

    Attributes:
        rows: the SQL of the samples of a task and split that has some.
        rejects: the SQL of what was left out.
        digest: the sha256 of a split's files; None where that is not known.
    """

    name: str
    root: Root
    manifest: ReleaseManifest
    rows: Callable[[str, Split], str]
    rejects: str
    digest: Callable[[str, Split], str | None]


def of_release(found: Published) -> Side:
    """A release."""
    root, files = found.root, found.manifest.files
    rejects = "catalogue/rejects.parquet"
    tables = grouped(files)

    def digest(task: str, split: Split) -> str | None:
        return " ".join(files[name].sha256 for name in tables.get(data_path(task, split), ())) or None

    return Side(
        name=found.version,
        root=root,
        manifest=found.manifest,
        rows=lambda task, split: parquet(root, [f"{found.folder}/{name}" for name in tables[data_path(task, split)]]),
        rejects=parquet(root, [f"{found.folder}/{rejects}"]) if rejects in files else NO_REJECTS,
        digest=digest,
    )


def of_build(build: Build) -> Side:
    """A build, as the release that would be made of it."""
    made = content(build, measured(build), [])
    return Side(
        name=BUILD,
        root=build.root,
        manifest=manifest(made, {}),
        rows=lambda task, split: _published(build.root, made, task, split),
        rejects=parquet(build.root, made.rejects) if made.rejects else NO_REJECTS,
        digest=lambda _task, _split: None,
    )


def _published(root: Root, made: ReleaseContent, task: str, split: Split) -> str:
    """The published samples of a split: those that are not left out, with the answers that changed."""
    part = next(each for each in made.tasks if each.name == task).splits[split]
    dropped, amended = (parquet(root, [f"{part.decisions}/{name}"]) for name in (DROPPED, AMENDED))
    return f"""(
        SELECT rendered.* REPLACE (coalesce(answer.output, rendered.output) AS output)
        FROM {parquet(root, part.samples)} AS rendered
        LEFT JOIN (FROM {amended} WHERE split = '{split}') AS answer ON answer.id = rendered.id
        WHERE rendered.id NOT IN (SELECT id FROM {dropped} WHERE split = '{split}')
    )"""  # noqa: S608  our own places and splits


def parquet(root: Root, places: Sequence[str]) -> str:
    """Parquet files of a root as SQL; signs of patterns in their names are only characters."""
    names = (re.sub(r"([*?\[])", r"[\1]", root.uri(place)).replace("'", "''") for place in places)
    listed = ", ".join(f"'{name}'" for name in names)
    return f"read_parquet([{listed}], hive_partitioning = false)"
