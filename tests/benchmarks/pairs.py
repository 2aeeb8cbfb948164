"""Sentence pairs by the million, invented: about 300 bytes a row, 5 % of them exact copies, words by Zipf's law."""

from pathlib import Path

import numpy as np
import polars as pl

WORDS = 30_000
COPIES = 0.05
LETTERS = "eeeeeetttttaaaaoooiiinnnsssrrrhhdlucmpfgywbvk"
ACCENTED = "éóíã"


def write_pairs(folder: Path, rows: int, seed: int = 20_261_120) -> tuple[Path, Path]:
    """Write two parallel files; returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(seed)
    copied = random.random(rows) < COPIES
    origin = np.where(copied, random.integers(0, rows, rows), np.arange(rows))
    paths = (folder / "text.es", folder / "text.en")
    for path, letters in zip(paths, (LETTERS + ACCENTED, LETTERS), strict=True):
        choices = np.array(list(letters))
        words = np.array(["".join(random.choice(choices, size)) for size in random.integers(2, 12, WORDS)])
        _write(path, words, random, origin)
    return paths


def _write(path: Path, words: np.ndarray, random: np.random.Generator, origin: np.ndarray) -> None:
    lengths = random.integers(10, 30, len(origin))
    total = int(lengths.sum())
    ranks = np.minimum(random.zipf(1.2, total) - 1, len(words) - 1)
    sentences = np.repeat(np.arange(len(origin)), lengths)
    lines = (
        pl.DataFrame({"sentence": sentences, "word": words[ranks]})
        .group_by("sentence", maintain_order=True)
        .agg(pl.col("word").str.join(" "))["word"]
    )
    lines.gather(origin).to_frame().write_csv(path, include_header=False, quote_style="never")
