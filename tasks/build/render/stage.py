"""The stage `render`: from the records of a task's parts to samples in Parquet, with every reject and its reason.

A large split is rendered in pieces, each with a file and a receipt of its own. The task renders those that no step has
rendered ahead, nor a run that was killed, and adds up.
"""

import time
from collections.abc import Sequence
from typing import NamedTuple

import polars as pl
import pyarrow.parquet as pq

from schemas.licence import together
from schemas.receipts import Batch, Piece, Rendered, Tally
from schemas.sample import INPUT_KEY_COLUMN, OUTPUT_KEY_COLUMN, SAMPLE_COLUMNS
from schemas.source import Source
from schemas.task import SPLITS, STANDARD, WORDINGS, Split, Task, Wording
from sources import instruction
from tasks.base.store.fingerprint import code_of, fingerprint, hashes
from tasks.base.store.frames import Counted, read, scan
from tasks.base.store.hashing import digest, identifier
from tasks.base.store.normal import normalised
from tasks.base.store.parquet import OPTIONS
from tasks.base.store.pieces import Limits, once, spans, total
from tasks.base.store.receipts import settled
from tasks.base.store.rejects import complete, rejects_place, write_rejects
from tasks.base.store.root import Root
from tasks.build.render import STAGE, form, render, renderers
from tasks.build.render.cut import cut, records
from tasks.build.render.document import document, patterns

FAULT_COLUMN = "fault"
LIMITS = Limits()
REJECTS = "rejects.parquet"
"""What was left out of a piece."""
UNRATED = {"answerable": "yes", "because": None}
"""What is said of a task and changes no sample."""
AT_ONCE = 16_384
"""Records that are rendered in memory, once for all that is asked of them; more are streamed, and asked twice."""


def whole_instruction(task: Task, wording: Wording = STANDARD) -> str:
    """A task's instruction: its own prose, then what its answer form asks for."""
    return f"{instruction(task, wording)} {form(task).sentence}".strip()


def wordings(task: Task) -> dict[Wording, str]:
    """A task's whole instruction in all wordings."""
    return {wording: whole_instruction(task, wording) for wording in WORDINGS}


def plan(source: Source, task: Task, batches: Sequence[Batch]) -> Rendered:
    """What rendering a task would make: its fingerprint and place, or why it is withheld."""
    withheld = list(dict.fromkeys(batch.withheld for batch in batches if batch.withheld))
    missing: dict[Split, str] = {split: reason for batch in batches for split, reason in batch.missing.items()}
    made_of = hashes(
        records=[batch.fingerprint for batch in batches],
        declaration=[
            task.model_copy(update=UNRATED),
            source.id,
            [source.language_of(part) for part in task.reads],
            [patterns(source, part) for part in task.reads],
        ],
        licences=[source.licences(task, split) for split in SPLITS],
        instruction=whole_instruction(task),
        code=code_of(__name__, *renderers.modules(task)),
    )
    mark = fingerprint(made_of)
    return Rendered(
        task=task.name,
        source=source.id,
        fingerprint=mark,
        made_of=made_of,
        place=f"samples/{task.name}/{mark}",
        withheld="; ".join(withheld),
        missing=missing if not withheld else dict[Split, str](),
        original=all(batch.original for batch in batches),
    )


def render_task(source: Source, task: Task, batches: Sequence[Batch], root: Root, limits: Limits = LIMITS) -> Rendered:
    """Render one task, unless its samples are there already.

    Args:
        source: the source of the task.
        task: the task.
        batches: the records of the parts that the task reads, in that order.
        root: where records are and samples go.
        limits: of the pieces of large splits.
    """
    planned = plan(source, task, batches)
    if planned.withheld:
        return planned
    if (done := settled(planned, root.done(planned.place))) is not None:
        return done
    started = time.perf_counter()
    pieces = cut(task.name, batches, root, limits)
    made: dict[Split, list[_Made]] = {}
    for split in SPLITS:
        if split in pieces:
            made[split] = [_piece(source, task, piece, batches, planned, root) for piece in pieces[split]]
        elif parts := [_part(source, task, split, batch, root) for batch in batches if split in batch.splits]:
            place = f"{planned.place}/{split}.parquet"
            made[split] = [_write(source, task, split, pl.concat(parts), records(split, batches), place, root)]
    rejects = [each.rejects for found in made.values() for each in found]
    write_rejects(root, rejects_place(STAGE, task.name, planned.fingerprint), rejects)
    ahead = sum(each.seconds for found in made.values() for each in found)
    done = planned.model_copy(
        update={
            "splits": {split: total(each.tally for each in found) for split, found in made.items()},
            "pieces": {split: len(found) for split, found in pieces.items()},
            "seconds": round(time.perf_counter() - started + ahead, 3),
        }
    )
    root.finish(done.place, done.model_dump(mode="json", exclude={"place"}))
    return done


def large(source: Source, task: Task, batches: Sequence[Batch], root: Root, limits: Limits = LIMITS) -> list[Piece]:
    """The pieces of a task's large splits, unless its samples are there already; most tasks have none."""
    found = [piece for pieces in cut(task.name, batches, root, limits).values() for piece in pieces]
    if not found:
        return []
    planned = plan(source, task, batches)
    return [] if planned.withheld or root.done(planned.place) is not None else found


def render_piece(source: Source, task: Task, piece: Piece, batches: Sequence[Batch], root: Root) -> Tally:
    """Render one piece of a large split ahead, unless it is there already.

    Args:
        source: the source of the task.
        task: the task.
        piece: one of those that `large` gives.
        batches: the records of the parts that the task reads, in that order.
        root: where records are and samples go.
    """
    return _piece(source, task, piece, batches, plan(source, task, batches), root).tally


class _Made(NamedTuple):
    """What became of the records of a split or of a piece; the seconds are those of an earlier step."""

    tally: Tally
    rejects: pl.DataFrame
    seconds: float = 0.0


def _piece(source: Source, task: Task, piece: Piece, batches: Sequence[Batch], planned: Rendered, root: Root) -> _Made:
    """Render a piece, unless it is there; its rejects and receipt lie in a folder named after its file."""
    place, rejects = f"{planned.place}/{piece.file}", f"{planned.place}/{piece.name}/{REJECTS}"

    def make() -> Tally:
        present = [batch for batch in batches if piece.split in batch.splits]
        where = spans([batch.splits[piece.split].kept for batch in present], piece.number, piece.count)
        parts = [
            _part(source, task, piece.split, batch, root, span)
            for batch, span in zip(present, where, strict=True)
            if span[1]
        ]
        size = sum(rows for _, rows in where)
        made = _write(source, task, piece.split, pl.concat(parts), size, place, root)
        write_rejects(root, rejects, [made.rejects])
        return made.tally

    done = once(root, f"{planned.place}/{piece.name}", [place, rejects], make)
    return _Made(done.tally, read(root.local(rejects)), done.seconds)


def _write(
    source: Source, task: Task, split: Split, rendering: pl.LazyFrame, size: int, place: str, root: Root
) -> _Made:
    """Write the samples of some records in one pass."""
    if size <= AT_ONCE:
        rendering = rendering.collect(engine="in-memory").lazy()
    seen = Counted(rendering)
    made = seen.frame.filter(pl.col("reason").is_null())
    with root.writing(place) as path:
        _samples(source, task, split, made).sink_parquet(path, **OPTIONS)
        kept = pq.read_metadata(path).num_rows
    left = rendering.filter(pl.col("reason").is_not_null()).select(id="record_id", reason="reason", detail="detail")
    lost = complete(
        left if kept < seen.rows else left.head(0), stage=STAGE, source=source.id, task=task.name, split=split
    )
    rejects = lost.collect()
    return _Made(Tally(read=seen.rows, kept=kept, rejected=rejects.height), rejects)


def _part(
    source: Source, task: Task, split: Split, batch: Batch, root: Root, span: tuple[int, int] | None = None
) -> pl.LazyFrame:
    """The rendering of the records of a part, or of some that follow each other: of the first one and their number."""
    path = root.local(f"{batch.place}/{batch.part}-{split}.parquet")
    unit = f"{batch.part}/" if len(task.reads) > 1 else ""
    added = {"language": pl.lit(source.language_of(batch.part)).cast(pl.Categorical)}
    if unit:
        added["record_id"] = pl.concat_str(pl.lit(unit), "record_id")
    if task.asks:
        added["input"] = pl.concat_str(pl.lit(f"{task.asks[batch.part]}\n"), "input")
    rows = scan(path) if span is None else scan(path).slice(*span)
    return render(task, rows.with_columns(document=document(source, batch.part))).with_columns(**added)


def _samples(source: Source, task: Task, split: Split, made: pl.LazyFrame) -> pl.LazyFrame:
    constant = {
        "instruction": whole_instruction(task),
        "task": task.name,
        "category": task.category,
        "source": source.id,
        "licence": together(source.licences(task, split)),
    }
    named = made.with_columns(pl.lit(value).cast(pl.Categorical).alias(name) for name, value in constant.items())
    owner = [pl.lit(source.id), pl.lit(task.name)]
    return named.with_columns(
        id=identifier(*owner, *(pl.col(name) for name in ("record_id", "unit", "input", "output"))),
        input_key=digest(normalised(pl.col("input"))),
        output_key=digest(normalised(pl.col("output"))),
    ).select(*SAMPLE_COLUMNS, INPUT_KEY_COLUMN, OUTPUT_KEY_COLUMN, FAULT_COLUMN)
