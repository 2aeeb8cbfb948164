"""The best sequence of tags, given what each word and each pair of neighbours says."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tasks.model.baseline.spans import OUTSIDE, follows

Floats = NDArray[np.floating]

NEVER = -1e4
"""Score of what may not be."""


def allowed(tags: Sequence[str]) -> Floats:
    """0 where the second tag may follow the first, else `NEVER`; shape (tags, tags)."""
    return np.array([[0.0 if follows(one, other) else NEVER for other in tags] for one in tags])


def beginning(tags: Sequence[str]) -> Floats:
    """0 for each tag that may stand first, else `NEVER`; shape (tags,)."""
    return np.array([0.0 if follows(OUTSIDE, each) else NEVER for each in tags])


def best(scores: Floats, pairs: Floats, first: Floats) -> list[int]:
    """The sequence with the largest sum of scores.

    Args:
        scores: of each word's tags, shape (words, tags).
        pairs: of a tag and its successor, shape (tags, tags).
        first: of a tag at the beginning, shape (tags,).
    """
    if not len(scores):
        return []
    reached, came = scores[0] + first, []
    for each in scores[1:]:
        through = reached[:, None] + pairs
        came.append(through.argmax(axis=0))
        reached = through.max(axis=0) + each
    path = [int(reached.argmax())]
    for back in reversed(came):
        path.append(int(back[path[-1]]))
    return path[::-1]
