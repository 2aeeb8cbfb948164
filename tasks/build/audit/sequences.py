"""The sequences of words by which a training text leaks into a test text."""

import numpy as np

from schemas.audit import SEQUENCE, SHORT_SEQUENCE
from tasks.build.audit.windows import Windows, windows
from tasks.build.audit.words import Words


def trained(words: Words) -> Windows:
    """The sequences of training texts, of both lengths."""
    return _joined(windows(words, SEQUENCE), windows(words, SHORT_SEQUENCE))


def tested(words: Words) -> Windows:
    """The sequences of test texts: the shorter ones of texts that are too short for the longer."""
    short = windows(words, SHORT_SEQUENCE)
    brief = np.flatnonzero(words.lengths[short.rows] < SEQUENCE)
    return _joined(windows(words, SEQUENCE), Windows(short.hashes[brief], short.rows[brief], short.places[brief]))


def _joined(*parts: Windows) -> Windows:
    return Windows(
        np.concatenate([part.hashes for part in parts]),
        np.concatenate([part.rows for part in parts]),
        np.concatenate([part.places for part in parts]),
    )
