"""Time and memory of mixtures drawn from ten million made samples: python -m tests.benchmarks.mixing FOLDER [ROWS]."""

import subprocess
import sys
import time
from pathlib import Path

import polars as pl

from schemas.receipts import Kept, Order, Rendered, Tally
from schemas.sample import SAMPLE_COLUMNS
from schemas.state import Built, State
from sources import tasks as declared
from tasks.base.store.root import Root
from tasks.build.deduplicate.published import write_decisions
from tasks.model.mixture.recipe import load
from tasks.model.mixture.write import write_mixture
from tests.benchmarks.measure import _peak as peak

SHARES = {"MeDAL": 0.5, "SciELO": 0.3, "BIOMRC": 0.1, "FEVER": 0.1}
"""Tasks whose training sets have millions, and their shares of the rows."""

CHANGES = {
    "everything": ["samples=all"],
    "a million, equal shares": ["samples=all", "rows=1000000", "temperature=equal"],
    "everything of at most 120 words": ["samples=all", "max_tokens=120"],
}
_AT_ONCE = 500_000


def make(root: Path, rows: int) -> State:
    """A build of made samples: texts of 300 to 500 characters."""
    return State(
        order=Order(root=str(root)),
        sources=tuple(_task(root, task, int(rows * share)) for task, share in SHARES.items()),
    )


def _task(root: Path, task: str, rows: int) -> Built:
    source = declared()[task][0].id
    folder = root / "samples" / task
    folder.mkdir(parents=True, exist_ok=True)
    tally = {"train": Tally(read=rows, kept=rows, rejected=0)}
    mark = {"task": task, "source": source, "fingerprint": f"{task}{rows}", "place": f"samples/{task}", "splits": tally}
    path = folder / "train.parquet"
    if not path.exists():
        parts = [_samples(task, source, first, min(_AT_ONCE, rows - first)) for first in range(0, rows, _AT_ONCE)]
        pl.concat(parts).sink_parquet(path, compression="zstd", row_group_size=20_000, maintain_order=True)
        write_decisions(f"samples/{task}", Root(str(root)))
    return Built(source=source, rendered=(Rendered.model_validate(mark),), kept=(Kept.model_validate(mark),))


def _samples(task: str, source: str, first: int, rows: int) -> pl.LazyFrame:
    number = pl.col("number")
    words = [number.hash(seed).cast(pl.String).str.head(8) + " the cells of " for seed in range(8)]
    made = {
        "id": number.hash(1).cast(pl.String).str.zfill(20) + number.cast(pl.String).str.zfill(12),
        "instruction": pl.lit("Read the text and answer with the one label that fits it best. " * 2),
        "input": pl.concat_str(*words, pl.when(number % 3 == 0).then(pl.lit("and so on " * 20)).otherwise(pl.lit(""))),
        "output": number.cast(pl.String),
        "task": pl.lit(task),
        "category": pl.lit(declared()[task][1].category),
        "source": pl.lit(source),
        "licence": pl.lit("mit"),
    }
    columns = [made.get(name, pl.lit("")).alias(name) for name in SAMPLE_COLUMNS]
    return pl.LazyFrame({"number": range(first, first + rows)}).select(*columns, fault=pl.lit(None, dtype=pl.String))


def main(folder: Path, rows: int) -> None:
    """Draw each mixture in a process of its own and print what it took."""
    make(folder, rows)
    for name in CHANGES:
        code = "import sys; from tests.benchmarks.mixing import one; one(*sys.argv[1:])"
        subprocess.run([sys.executable, "-c", code, str(folder), str(rows), name], check=True)


def one(folder: str, rows: str, name: str) -> None:
    """Draw one mixture."""
    recipe = load("commercial", ["profile=local", "commercial=false", "name=measured", *CHANGES[name]])
    started = time.perf_counter()
    release = write_mixture(make(Path(folder), int(rows)), recipe)
    seconds = time.perf_counter() - started
    print(f"{name}: {release.samples:,} rows, {seconds:.0f} s, {peak() / 1e9:.2f} GB", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 10_000_000)
