"""From scores of labels to the labels of a text."""

from collections.abc import Sequence

import numpy as np

from tasks.model.baseline.viterbi import Floats


def best_sets(scores: Floats, labels: Sequence[str], sets: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """The most likely set of labels among those that training has seen.

    So no text is left without a label, and a label that excludes others stands alone. Each label counts by itself: the
    log odds of a set are, but for a constant, the sum of those of its labels.

    Args:
        scores: log odds of the labels, shape (texts, labels).
        labels: in the order of the scores.
        sets: the sets of labels.
    """
    members = np.array([[float(label in each) for label in labels] for each in sets])
    return [sets[place] for place in (scores @ members.T).argmax(axis=1)]
