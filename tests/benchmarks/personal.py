"""`python -m tests.benchmarks.personal [--rows N]`: identifiers planted in texts by Zipf's law, and how they are found.

Of every kind of identifier, and of everything that only looks like one, one row in 10,000 has one.
"""

import argparse
import tempfile
from pathlib import Path
from random import Random

import numpy as np
import polars as pl
from rich.console import Console
from rich.table import Table

from tasks.build.judge import personal
from tests.benchmarks.measure import Meter
from tests.support.identifiers import HARD, IDENTIFIERS, LOOKALIKES

WORDS, CHUNK, PER_ROW, ONE_IN = 30_000, 50_000, 180, 10_000
LETTERS = "eeeeeetttttaaaaoooiiinnnsssrrrhhdlucmpfgywbvk"
COMMON = (
    "born",
    "call",
    "phone",
    "text",
    "patient",
    "number",
    "cell",
    "p",
    "<",
    "0.05",
    "95%",
    "CI",
    "(n",
    "2010",
    "+",
)
"""Words of the field that stand before identifiers and elsewhere, among the invented ones."""

WRITERS = (
    *IDENTIFIERS.items(),
    *((f"{measure}, national", writer) for measure, writer in HARD.items()),
    *LOOKALIKES.items(),
)
console = Console(width=120)


def main() -> None:
    """Plant, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory(prefix="medinst-bench-") as folder:
        planted = write(Path(folder), rows)
        samples = pl.scan_parquet(f"{folder}/*.parquet")
        size = samples.select(pl.col("input").str.len_bytes().sum()).collect().item()
        meter = Meter()
        with meter.measured("read"):
            samples.select(pl.col("input", "output").str.len_chars().sum()).collect()
        with meter.measured("candidates"):
            candidates = personal.candidates(samples).collect()
        with meter.measured("findings"):
            found = personal.findings("train", candidates)
    costs = ", ".join(f"{name} {cost.cpu:.1f} CPU s ({cost.wall:.1f} s)" for name, cost in meter.costs.items())
    peak = max(cost.peak for cost in meter.costs.values())
    console.print(
        f"{rows:,} rows, {size / 1e9:.2f} GB: {costs}; {candidates.height:,} rows looked at, {peak / 1e6:.0f} MB"
    )
    console.print(quality(found, planted))


def write(folder: Path, rows: int) -> pl.DataFrame:
    """Write samples with plants in them; returns the `id` and the `name` of each plant."""
    random, chance = np.random.default_rng(20_261_120), Random(20_261_120)
    letters = np.array(list(LETTERS))
    words = ["".join(random.choice(letters, size)) for size in random.integers(2, 12, WORDS)]
    words[100 : 100 + len(COMMON)] = COMMON
    vocabulary = np.array(words)
    chances = 1 / np.arange(1, WORDS + 1)
    steps = np.cumsum(chances / chances.sum())
    planted: list[tuple[str, str]] = []
    for start in range(0, rows, CHUNK):
        size = min(CHUNK, rows - start)
        ranks = np.minimum(np.searchsorted(steps, random.random((size, PER_ROW))), WORDS - 1)
        texts = [row.tolist() for row in vocabulary[ranks]]
        for name, writer in WRITERS:
            for row in random.choice(size, max(1, size // ONE_IN), replace=False):
                texts[row].insert(chance.randrange(PER_ROW), writer(chance))
                planted.append((str(start + row), name))
        ids = [str(number) for number in range(start, start + size)]
        frame = pl.DataFrame({"id": ids, "input": [" ".join(text) for text in texts]})
        frame.with_columns(output=pl.lit("yes")).write_parquet(folder / f"{start:09}.parquet")
    return pl.DataFrame(planted, {"id": pl.String, "name": pl.String}, orient="row")


def quality(found: pl.DataFrame, planted: pl.DataFrame) -> Table:
    """Recall of each kind, and the share of the rows found that have one."""
    table = Table(title="Found", title_justify="left")
    for name in ("kind", "planted", "recall", "found", "precision"):
        table.add_column(name, justify="left" if name == "kind" else "right")
    real = set(planted.filter(pl.col("name").str.starts_with("personal_"))["id"])
    for name, _ in WRITERS[: len(IDENTIFIERS) + len(HARD)]:
        ids = set(planted.filter(pl.col("name") == name)["id"])
        hits = set(found.filter(pl.col("measure") == name.split(",")[0])["id"])
        recall, precision = len(ids & hits) / len(ids), len(hits & real) / max(1, len(hits))
        table.add_row(name, f"{len(ids):,}", f"{recall:.1%}", f"{len(hits):,}", f"{precision:.1%}")
    alike = planted.filter(pl.col("name").is_in(list(LOOKALIKES)))
    table.add_section()
    table.add_row("lookalikes", f"{alike.height:,}", "", f"{len(set(found['id']) - real):,}", "")
    return table


if __name__ == "__main__":
    main()
