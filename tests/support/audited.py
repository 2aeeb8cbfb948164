"""Builds of invented samples, audited: the rows of two tasks, without reading or rendering."""

import random

import polars as pl

from schemas.receipts import Kept, Order, Rendered, Tally
from schemas.shards import shard
from schemas.state import Built, State
from sources import tasks as declared_tasks
from tasks.base.store.pieces import spans
from tasks.base.store.rejects import rejects_place, write_rejects
from tasks.base.store.root import Root
from tasks.build.audit import audit
from tasks.build.audit.index import index_task
from tasks.build.deduplicate.published import write_decisions
from tasks.build.deduplicate.stage import STAGE

FIRST, SECOND = "MQP", "FEVER"
WORDS = [f"{letter}{number}" for letter in "abcdefgh" for number in range(400)]


def text(length, seed):
    """Words drawn for a seed."""
    return " ".join(random.Random(seed).choices(WORDS, k=length))


def changed(words, place, word="changed"):
    """A text with another word at a place."""
    parts = words.split()
    parts[place] = word
    return " ".join(parts)


def build(folder, samples, near="flag", order=None, mark="kept", **options):
    """A build of two tasks, audited.

    Args:
        folder: the root.
        samples: rows of (task, split, record, input, document).
        near: the policy.
        order: a seed by which rows are shuffled.
        mark: the fingerprint of the samples: other samples of one root need another.
        options: further ones of `indexed`.
    """
    return audit(indexed(folder, samples, near, order, mark, **options))


def indexed(folder, samples, near="flag", order=None, mark="kept", pieces=1, **options):
    """The same, not audited yet.

    Args:
        pieces: files of each split.
        options: further fields of the order.
    """
    root = Root(str(folder))
    ordered = Order(**{"root": root.url, "near": near, "workers": 1} | options)
    built: dict[str, Built] = {}
    for task in dict.fromkeys(row[0] for row in samples):
        source = declared_tasks()[task][0].id
        rows = [row for row in samples if row[0] == task]
        rendered_place, kept_place = f"samples/{task}/rendered-{mark}", f"samples/{task}/{mark}"
        splits = {}
        for split in ("train", "dev", "test"):
            chosen = [row for row in rows if row[1] == split]
            if chosen:
                frame = pl.DataFrame(
                    {
                        "id": [identifier(*row[:3]) for row in chosen],
                        "record_id": [row[2] for row in chosen],
                        "input": [row[3] for row in chosen],
                        "document": [row[4] for row in chosen],
                    }
                )
                if order:
                    frame = frame.sample(fraction=1, shuffle=True, seed=order)
                for number in range(pieces):
                    ((first, length),) = spans([len(chosen)], number, pieces)
                    with root.writing(f"{rendered_place}/{shard(split, number, pieces)}.parquet") as path:
                        frame.slice(first, length).write_parquet(path)
                splits[split] = Tally(read=len(chosen), kept=len(chosen), rejected=0)
        write_decisions(kept_place, root)
        write_rejects(root, rejects_place(STAGE, task, mark), [])
        rendered = Rendered(
            task=task,
            source=source,
            fingerprint="rendered",
            place=rendered_place,
            splits=splits,
            pieces=dict.fromkeys(splits, pieces) if pieces > 1 else {},
        )
        kept = Kept(task=task, source=source, fingerprint=mark, place=kept_place, splits=splits)
        found = index_task(rendered, kept, root, ordered.workers)
        built[task] = Built(source=source, rendered=(rendered,), kept=(kept,), indexed=(found,))
    return State(order=ordered, sources=tuple(built.values()))


def identifier(task, split, record):
    """The id of a sample."""
    return f"{random.Random(f'{task} {split} {record}').getrandbits(128):032x}"


def read(state, name):
    """A file of the audit."""
    return pl.read_parquet(Root(state.order.root).local(f"{state.audit.place}/{name}"))
