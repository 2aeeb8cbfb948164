"""Made-up vocabularies, and texts as numbers of words: fast to draw by Zipf's law, to change and to write.

A word is a number. What is written of it depends on where it stands (`Form`), so a text is an array of
`form * size + word`, and writing all texts of a chunk is one gather of byte strings.
"""

from collections.abc import Sequence
from enum import IntEnum
from typing import NamedTuple

import numpy as np
import pyarrow as pa

Numbers = np.ndarray
Dice = np.random.Generator

WORDS = 40_000
DRAWS = 2**20
ONSETS = ("", "b", "br", "c", "cl", "d", "f", "fr", "g", "h", "l", "m", "n", "p", "pl", "r", "s", "st", "t", "tr", "v")
VOWELS = "aeiou"
ACCENTED = "áéíóú"
TILDED = "ãéíõç"
CODAS = ("", "", "", "l", "n", "r", "s", "t", "x")
HAN = (0x4E00, 0x9FA5)


class Form(IntEnum):
    """How a word is written at its place."""

    PLAIN = 0
    CAPITAL = 1
    COMMA = 2
    STOP = 3
    BREAK = 4
    LAST = 5
    BARE = 6


SPACED = ("{} ", "{} ", "{}, ", "{}. ", "{}.\n", "{}.", "{}")
CLOSE = ("{}", "{}", "{}，", "{}。", "{}。\n", "{}。", "{}")
"""The patterns of the forms, in their order, for scripts with blanks between words and for Chinese."""


class Texts(NamedTuple):
    """Texts of one vocabulary.

    Attributes:
        words: the words of all texts, one after the other, each as form * size + word; shape (words,).
        starts: where each text begins, and the end; shape (texts + 1,).
    """

    words: Numbers
    starts: Numbers

    @property
    def lengths(self) -> Numbers:
        """The words of each text."""
        return np.diff(self.starts)

    def take(self, rows: Numbers) -> "Texts":
        """Some of the texts, in the order given."""
        lengths = self.lengths[rows]
        starts = ends(lengths)
        return Texts(self.words[np.repeat(self.starts[rows] - starts[:-1], lengths) + np.arange(starts[-1])], starts)


def ends(lengths: Numbers) -> Numbers:
    """Where texts of such lengths begin and end."""
    return np.concatenate([[0], np.cumsum(lengths)])


def joined(parts: Sequence[Texts]) -> Texts:
    """Texts of several collections, one collection after the other."""
    return Texts(np.concatenate([part.words for part in parts]), ends(np.concatenate([part.lengths for part in parts])))


class Vocabulary:
    """Words that Zipf's law draws, and special ones that only their owners place.

    Attributes:
        common: how many words are drawn; the numbers from there on are special.
        size: how many words there are.
    """

    def __init__(self, common: list[str], special: Sequence[str] = (), patterns: tuple[str, ...] = SPACED) -> None:
        self.common = len(common)
        words = [*common, *special]
        self.size = len(words)
        spelled = [
            pattern.format(word[:1].upper() + word[1:] if form == Form.CAPITAL else word)
            for form, pattern in enumerate(patterns)
            for word in words
        ]
        self._spelled = pa.array(spelled, pa.string())
        weights = (np.arange(self.common) + 2.7) ** -1.07
        steps = (np.arange(DRAWS) + 0.5) / DRAWS
        self._law = (
            np.searchsorted(np.cumsum(weights) / weights.sum(), steps).clip(max=self.common - 1).astype(np.int32)
        )

    def draw(self, dice: Dice, lengths: Numbers) -> Texts:
        """Texts of such lengths, without capitals and stops."""
        starts = ends(lengths)
        return Texts(self._law[dice.integers(0, DRAWS, starts[-1], dtype=np.uint32)], starts)

    def plain(self, texts: Texts) -> Texts:
        """The words of texts without regard to how they are written."""
        return Texts(texts.words % self.size, texts.starts)

    def other(self, dice: Dice, words: Numbers) -> Numbers:
        """For each word another one, written in the same form."""
        forms, old = np.divmod(words, self.size)
        new = self._law[dice.integers(0, DRAWS, len(words))]
        return forms * self.size + np.where(new == old, (new + 1) % self.common, new)

    def sentences(self, dice: Dice, texts: Texts, every: int = 23, breaks: float = 0.0) -> Texts:
        """Texts written as sentences.

        Args:
            dice: chance.
            texts: plain texts.
            every: mean words of a sentence.
            breaks: of the stops, how many end a paragraph.
        """
        chance = dice.integers(0, 2**16, len(texts.words), dtype=np.uint16)
        stop = 2**16 // every
        forms = np.where(chance < stop + 2**12, Form.COMMA, Form.PLAIN).astype(np.int32)
        forms[1:][chance[:-1] < stop] = Form.CAPITAL
        forms[chance < stop] = Form.STOP
        forms[chance < stop * breaks] = Form.BREAK
        forms[texts.starts[:-1]] = Form.CAPITAL
        forms[texts.starts[1:] - 1] = Form.LAST
        return Texts(forms * np.int32(self.size) + texts.words, texts.starts)

    def bare(self, texts: Texts) -> Texts:
        """Texts written without capitals and stops."""
        words = texts.words.copy()
        words[texts.starts[1:] - 1] += np.int32(Form.BARE * self.size)
        return Texts(words, texts.starts)

    def write(self, texts: Texts) -> pa.StringArray:
        """The texts as strings: the bytes of their words follow each other, so only the boundaries are to be found."""
        spelled = self._spelled.take(pa.array(texts.words))
        bounds = np.frombuffer(spelled.buffers()[1], np.int32)[texts.starts]
        return pa.StringArray.from_buffers(len(bounds) - 1, pa.py_buffer(bounds), spelled.buffers()[2])


def lengths(dice: Dice, count: int, mean: float, spread: float = 0.45, least: int = 5) -> Numbers:
    """Lengths of texts in words: lognormal with this mean, at most twelve times as long."""
    drawn = dice.lognormal(np.log(mean) - spread**2 / 2, spread, count)
    return np.clip(drawn.round(), least, mean * 12).astype(np.int64)


def spelled(dice: Dice, accents: str = "") -> list[str]:
    """Words of letters, the frequent ones short; some vowels with accents if there are any."""
    vowels = VOWELS * 4 + accents
    syllables = [onset + vowel + coda for onset in ONSETS for vowel in vowels for coda in CODAS]
    return _distinct(dice, syllables)


def han(dice: Dice) -> list[str]:
    """Words of one Han character each."""
    return [chr(code) for code in dice.choice(np.arange(*HAN), 3000, replace=False)]


def _distinct(dice: Dice, syllables: list[str]) -> list[str]:
    """Different words of up to four syllables; the first ones have few."""
    found: dict[str, None] = {}
    for rank in (30, 300, 3000, WORDS):
        most = len(str(rank))
        while len(found) < rank:
            sizes = dice.integers(1, most, rank)
            chosen = dice.integers(0, len(syllables), (rank, most))
            words = (
                "".join(syllables[n] for n in row[:size]) for row, size in zip(chosen.tolist(), sizes, strict=True)
            )
            found |= dict.fromkeys(words)
    return list(found)[:WORDS]
