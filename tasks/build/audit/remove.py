"""The policy `remove`: of near duplicates within one task, the training samples without precedence are removed.

Samples of one record are never near duplicates of each other: they ask different things about one text. Across tasks
nothing is removed either, for the same reason.
"""

import polars as pl

from schemas.receipts import Kept, Rendered, Tally
from schemas.state import Built, State
from tasks.base.store.fingerprint import code_of, fingerprint
from tasks.base.store.frames import read, scan
from tasks.base.store.rejects import complete, rejects_place, write_rejects
from tasks.base.store.root import Root
from tasks.build.deduplicate.published import AMENDED, CONFLICTS, DROPPED, write_decisions
from tasks.build.deduplicate.stage import STAGE as DEDUPLICATE

REASON = "near duplicate"


def removable(found: pl.DataFrame, state: State, root: Root) -> pl.DataFrame:
    """The training samples that are removed.

    Args:
        found: `row`, `task`, `split`, `id` and `cluster` of all samples in clusters, in the order of precedence.
        state: the build, for the records of its samples.
        root: where its samples are.

    Returns:
        `row`, `task`, `split`, `id`, `record_id`, `twin` (id of the sample that takes precedence) and `kept_in`.
    """
    records = _records(found, state, root)
    by = ["task", "cluster"]
    known = found.join(records, on=["task", "split", "id"], how="left", maintain_order="left")
    first = known.unique(by, keep="first", maintain_order=True).select(
        *by, twin="id", kept_in="split", twin_record="record_id"
    )
    return (
        known.join(first, on=by, how="left", maintain_order="left")
        .filter(pl.col("split") == "train", pl.col("record_id") != pl.col("twin_record"))
        .select("row", "task", "split", "id", "record_id", "twin", "kept_in")
    )


def _records(found: pl.DataFrame, state: State, root: Root) -> pl.DataFrame:
    rendered = {task.task: task for built in state.sources for task in built.rendered}
    columns = ["task", "split", "id", "record_id"]
    frames = [pl.DataFrame(schema=dict.fromkeys(columns, pl.String))]
    for (task, split), group in found.group_by("task", "split", maintain_order=True):
        samples = scan([root.local(place) for place in rendered[str(task)].files(str(split))])
        chosen = samples.select(pl.col("id", "record_id").cast(pl.String)).filter(
            pl.col("id").is_in(group["id"].implode())
        )
        named = chosen.unique("id").with_columns(task=pl.lit(str(task)), split=pl.lit(str(split)))
        frames.append(named.select(columns).collect())
    return pl.concat(frames)


def without(state: State, removed: pl.DataFrame, root: Root) -> State:
    """The build without some samples: the results of its deduplication are written again without them."""
    tasks = set(removed["task"])
    sources = tuple(
        built.model_copy(
            update={
                "kept": tuple(_kept(built, kept, removed, root) if kept.task in tasks else kept for kept in built.kept)
            }
        )
        for built in state.sources
    )
    return state.model_copy(update={"sources": sources})


def _kept(built: Built, kept: Kept, removed: pl.DataFrame, root: Root) -> Kept:
    rendered: Rendered = next(task for task in built.rendered if task.task == kept.task)
    before = read(root.local(f"{kept.place}/{DROPPED}"))
    here = removed.filter(pl.col("task") == kept.task, ~pl.col("id").is_in(before["id"].implode()))
    if here.is_empty():
        return kept
    mark = fingerprint(kept.fingerprint, sorted(here["id"]), code_of(__name__))
    place = f"samples/{kept.task}/{mark}"
    lost = here.height
    train = kept.splits["train"]
    splits = kept.splits | {"train": Tally(read=train.read, kept=train.kept - lost, rejected=train.rejected + lost)}
    done = kept.model_copy(update={"fingerprint": mark, "place": place, "splits": splits})
    if root.done(place) is None:
        amended, conflicts = (read(root.local(f"{kept.place}/{name}")) for name in (AMENDED, CONFLICTS))
        dropped = pl.concat([before, here.with_columns(reason=pl.lit(REASON)).select(before.columns)])
        write_decisions(place, root, dropped=dropped, amended=amended, conflicts=conflicts)
        said = here.lazy().with_columns(
            reason=pl.lit(REASON), detail=pl.format("near duplicate of {} in {}", "twin", "kept_in")
        )
        new = complete(said.drop("row", "kept_in"), stage=DEDUPLICATE, source=rendered.source).collect()
        old = read(root.local(rejects_place(DEDUPLICATE, kept.task, kept.fingerprint)))
        write_rejects(root, rejects_place(DEDUPLICATE, kept.task, mark), [old, new])
        root.finish(place, done.model_dump(mode="json", exclude={"place"}))
    return done
