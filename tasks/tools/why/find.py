"""Finding records by the names that people have for them: the id of a sample, or of a record, qualified or bare."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import polars as pl

from schemas.receipts import Batch, Rendered
from schemas.state import Built, State
from schemas.task import Task
from sources import find as find_source
from tasks.base.store.frames import scan
from tasks.base.store.rejects import rejects_place
from tasks.base.store.root import Root
from tasks.build.read import STAGE as READ

_SAMPLE = re.compile(r"[0-9a-f]{32}")


class Key(NamedTuple):
    """What tells a record of a build from all others.

    Attributes:
        split: empty where no list of the part's splits names the record.
        sample: id of the sample by which it was asked for; else empty.
    """

    source: str
    part: str
    split: str
    id: str
    sample: str = ""

    @property
    def name(self) -> str:
        """A name that finds this record alone."""
        return "/".join(each for each in (self.source, self.part, self.split, self.id) if each)


def find(name: str, state: State, root: Root) -> list[Key]:
    """The records that a name stands for, in the order of the sources.

    Args:
        name: id of a sample (32 hexadecimal digits), or of a record; before that may stand the source, source and part,
            these and the split, or a task (and split), each with a slash behind it.
        state: the build.
        root: where its files are.
    """
    if _SAMPLE.fullmatch(name) and (found := _by_sample(name, state, root)):
        return found
    return list(dict.fromkeys(_by_record(name, state, root)))


def tasks_of(source: str, part: str) -> list[Task]:
    """The declared tasks that read a part."""
    return [task for task in find_source(source).tasks if part in task.reads]


def record_id(task: Task, part: str, id_: str) -> str:
    """What the samples of a task call a record."""
    return f"{part}/{id_}" if len(task.reads) > 1 else id_


def _by_sample(id_: str, state: State, root: Root) -> list[Key]:
    places = [(built, task, split) for built in state.sources for task in built.rendered for split in task.splits]
    found = _matching([task.files(split) for _, task, split in places], [pl.col("id") == id_] * len(places), root)
    return [_key(places[place], record, id_) for place, record in found]


def _key(place: tuple[Built, Rendered, str], record: str, sample: str) -> Key:
    built, rendered, split = place
    task = next(task for task in find_source(built.source).tasks if task.name == rendered.task)
    part = task.reads[0]
    if len(task.reads) > 1:
        part, _, record = record.partition("/")
    return Key(built.source, part, split, record, sample)


def _by_record(name: str, state: State, root: Root) -> Iterator[Key]:
    batches = [batch for built in state.sources for batch in built.batches if batch.splits]
    places = [(batch, split) for batch in batches for split in batch.splits]
    wanted = [pl.col("id").is_in(list(_ids(name, batch, split))) for batch, split in places]
    files = [[f"{batch.place}/{batch.part}-{split}.parquet"] for batch, split in places]
    for place, id_ in _matching(files, wanted, root, "id"):
        batch, split = places[place]
        yield Key(batch.source, batch.part, split, id_)
    for batch in batches:
        lost = scan(root.local(rejects_place(READ, batch.source, batch.fingerprint)))
        splits = ["", *batch.splits]
        here = [(pl.col("split") == split) & pl.col("id").is_in(list(_ids(name, batch, split))) for split in splits]
        for split, id_ in (
            lost.filter(pl.any_horizontal(here)).select("split", "id").unique().sort("split").collect().rows()
        ):
            yield Key(batch.source, batch.part, split, id_)


def _ids(name: str, batch: Batch, split: str) -> Iterator[str]:
    """The record ids of a split that a name may mean."""
    yield name
    before = [f"{batch.source}/", f"{batch.source}/{batch.part}/", f"{batch.source}/{batch.part}/{split}/"]
    for task in tasks_of(batch.source, batch.part):
        part = record_id(task, batch.part, "")
        before += [f"{task.name}/{part}", f"{task.name}/{split}/{part}"]
    yield from (name.removeprefix(prefix) for prefix in before if prefix and name.startswith(prefix) and name != prefix)


def _matching(
    files: Sequence[Sequence[str]], wanted: Sequence[pl.Expr], root: Root, column: str = "record_id"
) -> list[tuple[int, str]]:
    """The rows of files that are wanted there: the number of the file and the value of a column."""
    frames = [
        scan([root.local(place) for place in places])
        .filter(test)
        .select(pl.lit(number).alias("file"), pl.col(column).cast(pl.String))
        for number, (places, test) in enumerate(zip(files, wanted, strict=True))
    ]
    return pl.concat(frames).collect().rows() if frames else []
