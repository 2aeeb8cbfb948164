"""A check of the audit: no sample that it reports as clean has its document or all its words in common with a test."""

from collections.abc import Mapping

import polars as pl

from schemas.profile import EXAMPLES
from schemas.state import State
from tasks.base.store.frames import scan
from tasks.base.store.root import Root
from tasks.build.audit import LEAKS, REMOVED, UNCLEAN
from tasks.build.audit.index import scan_words
from tasks.build.audit.leaks import tested


def leaks_in_clean(state: State) -> tuple[int, tuple[str, ...]]:
    """Count training samples that leak but are not listed, with the first ids.

    The table of leaks is held against the list, and documents and words of clean samples against those of the tests.
    Samples that the policy removed are indexed, but not published.
    """
    if state.audit is None:
        return 0, ()
    root = Root(state.order.root)
    said = [scan(root.local(f"{state.audit.place}/{name}")).select("id") for name in (UNCLEAN, REMOVED)]
    leaking = scan(root.local(f"{state.audit.place}/{LEAKS}")).select(id="train_id")
    test, train = _sides(state, root)
    shared: list[pl.LazyFrame] = []
    for name, there in (("document", pl.col("document") != ""), ("text", pl.col("text") != 0)):
        wanted = test.select(name).filter(there).unique().collect(engine="streaming")
        hits = train.select("id", name).join(wanted.lazy(), on=name, how="semi").collect(engine="streaming")
        shared.append(hits.lazy().select(pl.col("id").bin.encode("hex")))
    found = pl.concat([leaking, *shared]).join(pl.concat(said), on="id", how="anti").unique().sort("id").collect()["id"]
    return len(found), tuple(found.head(EXAMPLES))


def unaudited(state: State, published: Mapping[tuple[str, str], int]) -> int:
    """Count published samples that were not audited.

    Args:
        state: the build.
        published: task and split -> samples that would be published.
    """
    if state.audit is None:
        return sum(published.values())
    seen: dict[tuple[str, str], int] = {}
    for built in state.sources:
        seen |= {(task.task, split): rows for task in built.indexed for split, rows in task.rows.items()}
    removed = state.audit.removed
    for task, count in removed.items():
        seen[task, "train"] = seen.get((task, "train"), 0) - count
    return sum(abs(count - seen.get(place, 0)) for place, count in published.items())


def _sides(state: State, root: Root) -> tuple[pl.LazyFrame, pl.LazyFrame]:
    """The published test and training samples: `id`, `document` and `text`."""
    sides: tuple[list[pl.LazyFrame], list[pl.LazyFrame]] = ([], [])
    empty = pl.LazyFrame(schema={"id": pl.Binary, "document": pl.String, "text": pl.UInt64})
    for built in state.sources:
        for task in built.indexed:
            for split in task.rows:
                frame = scan_words(task, split, root).select(pl.col("id").cast(pl.Binary), "document", "text")
                if tested(task.task, split):
                    sides[0].append(frame)
                if split == "train":
                    sides[1].append(frame)
    test, train = (pl.concat([empty, *side]) for side in sides)
    return test, train
