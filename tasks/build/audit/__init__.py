"""Audits: near duplicates among all samples of a build, and leaks from its training sets into tests."""

import time
from collections.abc import Sequence

import polars as pl

from schemas.audit import Audit, Indexed, Kind, Policy, Touched
from schemas.state import State
from tasks.base.paper.held_out import held_out
from tasks.base.store.fingerprint import code_of, fingerprint, hashes
from tasks.base.store.frames import read
from tasks.base.store.pieces import Limits
from tasks.base.store.receipts import settled
from tasks.base.store.root import Root
from tasks.build.audit.candidates import Repeated, repeated
from tasks.build.audit.common import Common, Roles, common
from tasks.build.audit.corpus import Corpus, Texts, texts
from tasks.build.audit.earlier import earlier, keep
from tasks.build.audit.evidence import listed, stock_phrases
from tasks.build.audit.leaks import Found, by_cluster, by_document, by_text, by_words, tests, trains
from tasks.build.audit.near import clusters, near, ranked
from tasks.build.audit.pieces import Pieces
from tasks.build.audit.quoted import Quoted
from tasks.build.audit.remove import removable, without
from tasks.build.audit.similar import Similar

STAGE = "audit"
NEAR, LEAKS, STOCK = "near.parquet", "leaks.parquet", "boilerplate.parquet"
UNCLEAN, REMOVED = "unclean.parquet", "removed.parquet"


def plan(indexed: Sequence[Indexed], policy: Policy) -> Audit:
    """The audit of some tasks to be made: its fingerprint and place."""
    samples = sorted((task.task, task.fingerprint) for task in indexed)
    held = sorted((task.task, held_out()[task.task].splits) for task in indexed if task.task in held_out())
    made_of = hashes(samples=samples, policy=policy, tests=held, code=code_of(__name__))
    mark = fingerprint(made_of)
    return Audit(fingerprint=mark, made_of=made_of, place=f"audit/all/{mark}")


def audit(state: State) -> State:
    """Find near duplicates and leaks among the samples of a build, unless they are audited already.

    Returns:
        the build with its audit, and without the samples that its policy removes.

    Raises:
        MedinstError: a file of the index cannot be read.
    """
    root = Root(state.order.root)
    planned = plan([task for built in state.sources for task in built.indexed], state.order.near)
    done = settled(planned, root.done(planned.place)) or _audit(state, planned, root)
    if done.removed:
        state = without(state, read(root.local(f"{done.place}/{REMOVED}")), root)
    return state.model_copy(update={"audit": done})


def _audit(state: State, planned: Audit, root: Root) -> Audit:
    started = time.perf_counter()
    corpus = Corpus([task for built in state.sources for task in built.indexed], root)
    known = texts(corpus)
    before = earlier(root, planned.made_of["code"], known)
    similar, quoted = Similar(corpus, known, before), Quoted(corpus, known, before, state, root)
    pieces = Pieces(root, planned.place, Limits(state.order.step_rows, state.order.step_bytes))
    keys = repeated(corpus, known, before, pieces)
    found = clusters(corpus, known, keys, similar)
    ordered = ranked(corpus, known, found)
    removed = removable(ordered if state.order.near == "remove" else ordered.clear(), state, root)
    flagged = near(ordered, similar)
    roles = Roles(known.rows(tests(corpus)), known.rows(trains(corpus)))
    in_common = common(corpus, known, before, roles, pieces, state.order.workers)
    sequences = by_words(corpus, known, in_common)
    every: dict[Kind, Found] = {
        "document": by_document(corpus),
        "text": by_text(corpus),
        "words": sequences.leaks,
        "near": by_cluster(corpus, known, found),
    }
    leaks: dict[Kind, Found] = {kind: each.without(removed["row"]) for kind, each in every.items()}
    table = listed(corpus, leaks, sequences.tested, similar, quoted)
    stock = stock_phrases(corpus, sequences, table, quoted)
    unclean = table.select(task="train_task", id="train_id").unique().sort("task", "id")
    for name, frame in {NEAR: flagged, LEAKS: table, STOCK: stock, UNCLEAN: unclean, REMOVED: removed}.items():
        with root.writing(f"{planned.place}/{name}") as path:
            frame.write_parquet(path, compression="zstd", row_group_size=65_536)
    keep(root, planned.place, _found(known, roles, keys, in_common, similar, quoted))
    done = planned.model_copy(
        update={
            "near": _counts(flagged),
            "removed": _counts(removed),
            "touched": tuple(_touched(table)),
            "tested": _rows(corpus, {section.first for section in tests(corpus)}),
            "trained": _rows(corpus, {section.first for section in corpus.sections if section.split == "train"}),
            "unclean": _counts(unclean),
            "exposed": _exposed(table),
            "seconds": round(time.perf_counter() - started, 3),
        }
    )
    root.finish(done.place, done.model_dump(mode="json", exclude={"place"}))
    pieces.remove()
    return done


def _found(
    known: Texts, roles: Roles, keys: Repeated, in_common: Common, similar: Similar, quoted: Quoted
) -> dict[str, pl.DataFrame]:
    """What the audit found of texts, for later ones."""
    test, train = (rows >= 0 for rows in roles)
    tested, trained = (pl.DataFrame({"key": side.keys, "text": side.rows, "place": side.places}) for side in in_common)
    return {
        "texts": pl.DataFrame({"hash": known.hashes, "test": test, "train": train}),
        "keys": pl.DataFrame({"key": keys.keys, "text": keys.texts}),
        "pairs": similar.table,
        "tested": tested,
        "trained": trained,
        "quoted": quoted.table,
    }


def _counts(frame: pl.DataFrame) -> dict[str, int]:
    return dict(frame.group_by("task").len().sort("task").iter_rows())


def _exposed(table: pl.DataFrame) -> dict[str, dict[str, int]]:
    """The number of affected test samples, by task and kind; a sample that is itself a test is not a leak into it."""
    real = pl.col("kind") != "test"
    counts = (
        _and_any(table)
        .filter(real)
        .group_by("test_task", "kind")
        .agg(pl.col("test_id").n_unique())
        .sort("test_task", "kind")
    )
    found: dict[str, dict[str, int]] = {}
    for task, kind, count in counts.iter_rows():
        found.setdefault(task, {})[kind] = count
    return found


def _touched(table: pl.DataFrame) -> list[Touched]:
    by = ["test_task", "train_task", "kind"]
    counts = _and_any(table).group_by(by).agg(tests=pl.col("test_id").n_unique(), trains=pl.col("train_id").n_unique())
    return [Touched(**row) for row in counts.sort(by).iter_rows(named=True)]


def _and_any(table: pl.DataFrame) -> pl.DataFrame:
    """The leaks, and once more as leaks of any kind; that a sample is itself a test is not one of these."""
    real = table.filter(pl.col("kind") != "test")
    return pl.concat([table, real.with_columns(kind=pl.lit("any"))])


def _rows(corpus: Corpus, chosen: set[int]) -> dict[str, int]:
    """Number of each task's samples in some sections."""
    sections = [section for section in corpus.sections if section.first in chosen]
    return {task: sum(section.rows for section in sections if section.task == task) for task in corpus.tasks}
