"""Sequences that the same texts have: one of them stands for all.

A text that holds a whole abstract has hundreds of sequences in common with it, and the same texts have each of them.
"""

import numpy as np
import polars as pl

from tasks.build.audit.common import Common
from tasks.build.audit.corpus import Section, Texts, numbers
from tasks.build.audit.keyed import Keyed
from tasks.build.audit.polynomials import Hashes, mixed, power


def first_of_alike(found: Common) -> Common:
    """The lowest of all sequences that the same tests and the same training texts have.

    Args:
        found: sequences in ascending order; both sides have each.
    """
    keys, tests = _texts(found.tested)
    _, trains = _texts(found.trained)
    _, first = np.unique(mixed(tests * power(1) + trains), return_index=True)
    chosen = np.sort(keys[first])
    return Common(found.tested.only(chosen), found.trained.only(chosen))


def _texts(side: Keyed) -> tuple[Hashes, Hashes]:
    """The distinct keys of one side, and a hash of the texts that have each."""
    new = np.ones(len(side.keys), bool)
    new[1:] = side.keys[1:] != side.keys[:-1]
    starts = np.flatnonzero(new)
    return side.keys[starts], np.add.reduceat(mixed(side.rows.astype(np.uint64) + np.uint64(1)), starts)


def of_samples(side: Keyed, known: Texts, sections: list[Section]) -> Keyed:
    """The same of all samples of some sections that have the texts."""
    rows = numbers(sections)
    wanted = np.zeros(len(known.row), bool)
    wanted[side.rows] = True
    rows = rows[wanted[known.of[rows]]]
    samples = pl.DataFrame({"text": known.of[rows], "row": rows})
    found = pl.DataFrame({"key": side.keys, "text": side.rows, "place": side.places})
    joined = found.join(samples, on="text", maintain_order="left_right")
    return Keyed(*(joined[name].to_numpy() for name in ("key", "row", "place")))
