"""What tools write of what they found, as rows for `driver.write`; needs nothing but Python."""

import gzip
import json
import struct
from collections.abc import Iterator, Sequence
from pathlib import Path


def of_clusters(data: bytes, ids: Sequence[str]) -> Iterator[dict[str, str]]:
    """The file of clusters of datatrove.

    Args:
        data: for each text in a cluster the number of its row and that of the cluster, of four bytes each.
        ids: of the texts, by row.

    Returns:
        each text but the first of its cluster, with that as its twin.
    """
    firsts: dict[int, int] = {}
    for row, cluster in struct.iter_unpack("<2I", data):
        first = firsts.setdefault(cluster, row)
        if first != row:
            yield {"id": ids[row], "twin": ids[first]}


def of_attributes(path: Path) -> Iterator[dict[str, str]]:
    """The file of attributes of dolma: the texts of which any part is marked."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for row in map(json.loads, file):
            if any(row["attributes"].values()):
                yield {"id": row["id"]}
