"""`python -m tests.benchmarks.scale.sketch FOLDER`: near duplicates among published training samples, by datasketch."""

import sys
from pathlib import Path

import numpy as np
import polars as pl
from datasketch import MinHash, MinHashLSH
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from schemas.audit import SHINGLE, THRESHOLD
from tasks.base.store.root import Root
from tasks.build.audit.index import published
from tasks.build.audit.words import split
from tests.benchmarks.scale.staged import receipts
from tests.benchmarks.scale.stages import marked

FOUND = "datasketch.parquet"
PERMUTATIONS = 128


def main() -> None:
    """Find pairs and keep them as `id`, `twin` and the number of their cluster."""
    folder = Path(sys.argv[1])
    state = receipts(folder)
    root = Root(state.order.root)
    (built,) = state.sources
    samples = pl.concat(published(built.rendered[0], built.kept[0], "train", root))
    with marked("datasketch"):
        pairs = _pairs(samples["input"])
    ends = np.array(pairs, np.int64).reshape(-1, 2)
    shape = (samples.height, samples.height)
    _, cluster = connected_components(coo_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=shape))
    ids = samples["id"]
    frame = pl.DataFrame({"id": ids[ends[:, 0]], "twin": ids[ends[:, 1]], "cluster": cluster[ends[:, 0]]})
    frame.write_parquet(folder / FOUND)


def _pairs(texts: pl.Series) -> list[tuple[int, int]]:
    """Pairs of texts that share a band of their signatures."""
    lsh = MinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS)
    pairs: list[tuple[int, int]] = []
    for number, words in enumerate(split(texts)):
        shingles = zip(*(words[start:] for start in range(SHINGLE)), strict=False)
        sketch = MinHash(PERMUTATIONS)
        sketch.update_batch([" ".join(shingle).encode() for shingle in shingles])
        pairs += [(number, int(str(other))) for other in lsh.query(sketch)]
        lsh.insert(number, sketch, check_duplication=False)
    return pairs


if __name__ == "__main__":
    main()
