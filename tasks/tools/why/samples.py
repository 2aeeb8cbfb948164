"""What a task made of a record, and what became of that."""

from collections.abc import Sequence
from typing import Any

import polars as pl

from schemas.receipts import Rendered
from schemas.shards import grouped
from schemas.state import Built, State
from tasks.base.store.frames import scan
from tasks.base.store.rejects import rejects_place
from tasks.base.store.root import Root
from tasks.base.versions.find import releases
from tasks.build.builds.build import Build
from tasks.build.deduplicate.decide import PRECEDENCE
from tasks.build.deduplicate.published import amended
from tasks.build.publish.data import data_path
from tasks.build.read import STAGE as READ
from tasks.build.render import STAGE as RENDER
from tasks.tools.why.find import Key
from tasks.tools.why.story import Asked, Lost, Made


def asked(key: Key, built: Built, task: str, record: str, state: State, root: Root) -> Asked:
    """What a task made of the record; `record` is the id that the task knows it by."""
    rendered = next((each for each in built.rendered if each.task == task), None)
    if rendered is None or rendered.withheld or key.split not in rendered.splits:
        return Asked(task=task, withheld=rendered.withheld if rendered else "it was not asked for")
    samples = scan([root.local(place) for place in rendered.files(key.split)])
    made = samples.filter(pl.col("record_id") == record).select("id", "input", "output").collect()
    lost = _rejects([rejects_place(RENDER, task, rendered.fingerprint)], root).filter(
        (pl.col("record_id") == record) & (pl.col("split") == key.split)
    )
    kept = next((each for each in built.kept if each.task == task), None)
    answers = amended(made.lazy(), kept.place, key.split, root).collect() if kept else made
    changed = dict(answers.join(made, on=["id", "output"], how="anti").select("id", "output").iter_rows())
    left_out = _left_out(made["id"].to_list(), key.split, rendered, state, root)
    release = in_release(task, key.split, made["id"].to_list(), root)
    return Asked(
        task=task,
        samples=tuple(
            Made(
                split=key.split,
                **row,
                answer=changed.get(row["id"], ""),
                lost=left_out.get(row["id"]),
                release=release.get(row["id"], ""),
            )
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
        scan([root.local(place) for place in rendered.files(split)])
        .filter(pl.col("id").is_in(ids))
        .select("id", name=pl.concat_str(pl.lit(f"{rendered.task}/{split}/"), "record_id"))
        for split in reversed(PRECEDENCE)
        if split in rendered.splits
    ]
    return dict(pl.concat(frames).collect().iter_rows())


def in_release(task: str, split: Any, ids: list[str], root: Root) -> dict[str, str]:
    """Sample id -> the newest release, for those samples that it holds."""
    latest = releases(root).latest
    found = releases(root).find(latest) if latest and ids else None
    files = grouped(found.manifest.files).get(data_path(task, split)) if found else None
    if found is None or not files:
        return {}
    held = scan([found.local(name) for name in files]).select("id").filter(pl.col("id").is_in(ids)).collect()["id"]
    return dict.fromkeys(held, found.version)
