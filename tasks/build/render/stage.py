"""The stage `render`: from the records of a task's parts to samples in Parquet, with every reject and its reason."""

import time
from collections.abc import Sequence

import polars as pl
import pyarrow.parquet as pq

from schemas.licence import together
from schemas.receipts import Batch, Rendered, Tally
from schemas.sample import INPUT_KEY_COLUMN, OUTPUT_KEY_COLUMN, SAMPLE_COLUMNS
from schemas.source import Source
from schemas.task import SPLITS, STANDARD, WORDINGS, Split, Task, Wording
from sources import instruction
from tasks.base.store.fingerprint import code_of, fingerprint, hashes
from tasks.base.store.frames import Counted, scan
from tasks.base.store.hashing import digest, identifier
from tasks.base.store.normal import normalised
from tasks.base.store.parquet import OPTIONS
from tasks.base.store.receipts import settled
from tasks.base.store.rejects import complete, rejects_place, write_rejects
from tasks.base.store.root import Root
from tasks.build.render import STAGE, form, render, renderers
from tasks.build.render.document import document, patterns

FAULT_COLUMN = "fault"
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


def render_task(source: Source, task: Task, batches: Sequence[Batch], root: Root) -> Rendered:
    """Render one task, unless its samples are there already.

    Args:
        source: the source of the task.
        task: the task.
        batches: the records of the parts that the task reads, in that order.
        root: where records are and samples go.
    """
    planned = plan(source, task, batches)
    if planned.withheld:
        return planned
    if (done := settled(planned, root.done(planned.place))) is not None:
        return done
    started = time.perf_counter()
    tallies: dict[Split, Tally] = {}
    rejects: list[pl.DataFrame] = []
    for split in SPLITS:
        present = [batch for batch in batches if split in batch.splits]
        if present:
            tally, lost = _split(source, task, split, present, planned, root)
            tallies[split] = tally
            rejects.append(lost)
    write_rejects(root, rejects_place(STAGE, task.name, planned.fingerprint), rejects)
    done = planned.model_copy(update={"splits": tallies, "seconds": round(time.perf_counter() - started, 3)})
    root.finish(done.place, done.model_dump(mode="json", exclude={"place"}))
    return done


def _split(
    source: Source, task: Task, split: Split, batches: Sequence[Batch], planned: Rendered, root: Root
) -> tuple[Tally, pl.DataFrame]:
    """Render one split in one pass; returns the tally and the rejects."""
    rendering = pl.concat([_part(source, task, split, batch, root) for batch in batches])
    if sum(batch.splits[split].kept for batch in batches) <= AT_ONCE:
        rendering = rendering.collect(engine="in-memory").lazy()
    seen = Counted(rendering)
    made = seen.frame.filter(pl.col("reason").is_null())
    with root.writing(f"{planned.place}/{split}.parquet") as path:
        _samples(source, task, split, made).sink_parquet(path, **OPTIONS)
        kept = pq.read_metadata(path).num_rows
    left = rendering.filter(pl.col("reason").is_not_null()).select(id="record_id", reason="reason", detail="detail")
    lost = complete(
        left if kept < seen.rows else left.head(0), stage=STAGE, source=source.id, task=task.name, split=split
    )
    rejects = lost.collect()
    return Tally(read=seen.rows, kept=kept, rejected=rejects.height), rejects


def _part(source: Source, task: Task, split: Split, batch: Batch, root: Root) -> pl.LazyFrame:
    path = root.local(f"{batch.place}/{batch.part}-{split}.parquet")
    unit = f"{batch.part}/" if len(task.reads) > 1 else ""
    added = {"language": pl.lit(source.language_of(batch.part)).cast(pl.Categorical)}
    if unit:
        added["record_id"] = pl.concat_str(pl.lit(unit), "record_id")
    if task.asks:
        added["input"] = pl.concat_str(pl.lit(f"{task.asks[batch.part]}\n"), "input")
    records = scan(path).with_columns(document=document(source, batch.part))
    return render(task, records).with_columns(**added)


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
