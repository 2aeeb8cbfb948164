"""From words to numbers: words and characters of the training texts, each with a number."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Words = Sequence[str]

PADDING, UNKNOWN = 0, 1
LONGEST = 24
"""Characters of a word that are read: of longer ones the first and last twelve."""
OFTEN = 2
"""Times that a word must occur in the training texts to get a number of its own."""

Numbers = NDArray[np.int64]


class Vocabulary(NamedTuple):
    """The numbers of words, in lower case and with digits as 0, and of characters."""

    words: Mapping[str, int]
    characters: Mapping[str, int]

    @classmethod
    def of(cls, texts: Iterable[Words]) -> "Vocabulary":
        """The vocabulary of some texts."""
        counted = Counter(word for text in texts for word in text)
        plain: Counter[str] = Counter()
        for word, count in counted.items():
            plain[_plain(word)] += count
        often = sorted(word for word, count in plain.items() if count >= OFTEN)
        letters = sorted({letter for word in counted for letter in word})
        return cls(*({each: place for place, each in enumerate(found, UNKNOWN + 1)} for found in (often, letters)))

    @property
    def sizes(self) -> tuple[int, int]:
        """How many numbers there are of words and of characters."""
        return len(self.words) + UNKNOWN + 1, len(self.characters) + UNKNOWN + 1

    def numbers(self, texts: Sequence[Words]) -> tuple[Numbers, Numbers]:
        """The numbers of texts, padded to the longest.

        Returns:
            words, shape (texts, words), and their characters, shape (texts, words, characters).
        """
        longest = max(map(len, texts))
        widest = min(LONGEST, max((len(word) for text in texts for word in text), default=1))
        words = np.zeros((len(texts), longest), np.int64)
        characters = np.zeros((len(texts), longest, widest), np.int64)
        for row, text in enumerate(texts):
            for place, word in enumerate(text):
                words[row, place] = self.words.get(_plain(word), UNKNOWN)
                shown = word if len(word) <= LONGEST else word[: LONGEST // 2] + word[-LONGEST // 2 :]
                characters[row, place, : len(shown)] = [self.characters.get(each, UNKNOWN) for each in shown]
        return words, characters


def _plain(word: str) -> str:
    return "".join("0" if letter.isdigit() else letter for letter in word.lower())
