"""What a benchmark knows of its samples, as scores are told apart by it."""

from collections.abc import Mapping
from typing import NamedTuple

import polars as pl


class Facts(NamedTuple):
    """What a benchmark knows of its samples.

    Attributes:
        samples: test -> its samples, with `id`, `length` (characters of the input), `items` (gold items), `nested`
            (whether mentions overlap) and `year` (of the source's paper); null where that says nothing of a test.
        seen: scope -> keys of what its training samples hold: that of a test's own task, or `unseen_train`.
    """

    samples: Mapping[str, pl.DataFrame]
    seen: Mapping[str, pl.Series]
