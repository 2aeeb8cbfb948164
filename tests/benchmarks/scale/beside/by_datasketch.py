"""Near duplicates by datasketch: with the number of hashes, and either bands and hashes of each, or a threshold."""

import re

from datasketch import MinHash, MinHashLSH

from tests.benchmarks.scale.beside.driver import ROWS, WORK, called, read, write
from tests.benchmarks.scale.marks import marked

SHINGLE = 3


def main() -> None:
    """Find pairs of texts that share a band of their signatures."""
    folder, out, (permutations, *bands) = called()
    permutations = int(permutations)
    if len(bands) == 1:
        lsh = MinHashLSH(threshold=float(bands[0]), num_perm=permutations)
    else:
        lsh = MinHashLSH(params=tuple(map(int, bands)), num_perm=permutations)
    pairs = []
    with marked(WORK):
        for row in read(folder / ROWS):
            words = re.findall(r"\w+", row["text"].lower())
            shingles = zip(*(words[start:] for start in range(SHINGLE)), strict=False)
            sketch = MinHash(permutations)
            sketch.update_batch([" ".join(shingle).encode() for shingle in shingles])
            pairs += [(row["id"], twin) for twin in lsh.query(sketch)]
            lsh.insert(row["id"], sketch, check_duplication=False)
    write(out, ({"id": id_, "twin": twin} for id_, twin in pairs))


if __name__ == "__main__":
    main()
