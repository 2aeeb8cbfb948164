"""Rows of one file, chunk by chunk: fresh ones, copies of earlier ones, and test texts planted among them.

Of each chunk some rows repeat an earlier row of the file, others repeat one with a word of the main text changed. A
planted row has fresh fields around a test's text, around one with a word changed, or around a text that quotes some
words of it.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
import polars as pl

from tests.benchmarks.scale.words import Dice, Form, Numbers, Texts, Vocabulary, ends, joined

CHUNK = 20_000
COPIES = 0.03
"""Rows of each file that repeat another exactly, and as many that differ from another in one word."""

QUOTED = 13
"""Words of a planted sequence; all words of a shorter text."""

LEAKS = ("leak-text", "leak-near", "leak-words")
LEDGER = {
    "kind": pl.String,  # exact, near, or one of LEAKS
    "row": pl.Int64,
    "twin_source": pl.String,
    "twin_task": pl.String,
    "twin_part": pl.String,
    "twin_split": pl.String,
    "twin_row": pl.Int64,
    "words": pl.Int64,  # of the main text of the twin
    "at": pl.Int64,  # which word was changed, or is the first of the sequence in the twin; -1 if neither
}


class Place(NamedTuple):
    """A file of rows: one split of one part of a source."""

    source: str
    task: str
    part: str
    split: str


class Kind(NamedTuple):
    """How the rows of a source are made.

    Attributes:
        vocabulary: of the main text.
        texts: chance and a number of rows -> plain main texts.
        written: chance and plain texts -> the same with the capitals and stops of this kind.
        fields: chance and main texts -> the other fields of the rows.
    """

    vocabulary: Vocabulary
    texts: Callable[[Dice, int], Texts]
    written: Callable[[Dice, Texts], Texts]
    fields: Callable[[Dice, Texts], pl.DataFrame]


class Leak(NamedTuple):
    """A test's text that is to be planted: where it is, its words as they are to be written, an index in `LEAKS`."""

    origin: Place
    row: int
    words: Numbers
    kind: int


class Rows(NamedTuple):
    """Rows: their numbers, main texts, and all fields as strings, the main text as `text`."""

    numbers: Numbers
    texts: Texts
    frame: pl.DataFrame

    def take(self, rows: Numbers) -> "Rows":
        """Some of the rows."""
        return Rows(self.numbers[rows], self.texts.take(rows), self.frame[rows])


class Chunk(NamedTuple):
    """Rows that follow each other in a file: all their fields, which of them were planted, and the fresh ones."""

    first: int
    frame: pl.DataFrame
    ledger: pl.DataFrame
    fresh: Rows


def chunks(place: Place, kind: Kind, count: int, seed: Sequence[int], leaks: Sequence[Leak]) -> Iterator[Chunk]:
    """The rows of a file.

    Args:
        place: the file.
        kind: how its rows are made.
        count: how many they are.
        seed: chance; equal seeds make equal rows.
        leaks: what is planted, spread over the file.
    """
    pool: Rows | None = None
    parts = -(-count // CHUNK)
    for number in range(parts):
        dice = np.random.Generator(np.random.SFC64([*seed, number]))
        first, size = number * CHUNK, min(CHUNK, count - number * CHUNK)
        due = leaks[number * len(leaks) // parts : (number + 1) * len(leaks) // parts]
        copies = round(size * COPIES)
        numbers = first + dice.permutation(size)
        fresh, planted = _fresh(kind, dice, numbers[: size - 2 * copies], due)
        pool = _pool(dice, pool, fresh, 4 * copies)
        twins = pool.take(dice.permutation(len(pool.numbers))[: 2 * copies])
        copied = _copied(place, kind, dice, twins, numbers[size - 2 * copies :])
        frame = pl.concat([planted.frame, copied.frame])[np.argsort(numbers)]
        yield Chunk(first, frame, pl.concat([planted.ledger, copied.ledger]), fresh)


class _Made(NamedTuple):
    frame: pl.DataFrame
    ledger: pl.DataFrame


def _fresh(kind: Kind, dice: Dice, numbers: Numbers, leaks: Sequence[Leak]) -> tuple[Rows, _Made]:
    """Rows of their own, the last of them with the planted texts; apart from these, and all."""
    own = len(numbers) - len(leaks)
    texts = kind.written(dice, kind.texts(dice, own))
    hosts = kind.written(dice, kind.texts(dice, len(leaks))) if leaks else texts.take(np.arange(0))
    planted = [_plant(kind.vocabulary, dice, leak, host) for leak, host in zip(leaks, _each(hosts), strict=True)]
    if planted:
        lengths = np.array([len(words) for words, _ in planted])
        texts = joined([texts, Texts(np.concatenate([words for words, _ in planted]), ends(lengths))])
    frame = _frame(kind, texts, kind.fields(dice, texts))
    rows = [
        (LEAKS[leak.kind], number, *leak.origin, leak.row, len(leak.words), at)
        for leak, number, (_, at) in zip(leaks, numbers[own:].tolist(), planted, strict=True)
    ]
    alone = np.arange(own)
    return Rows(numbers[:own], texts.take(alone), frame[:own]), _Made(frame, pl.DataFrame(rows, LEDGER, orient="row"))


def _plant(vocabulary: Vocabulary, dice: Dice, leak: Leak, host: Numbers) -> tuple[Numbers, int]:
    """The words of a text that leaks a test's, and the place in that."""
    words = leak.words
    if LEAKS[leak.kind] == "leak-text":
        return words, -1
    if LEAKS[leak.kind] == "leak-near":
        at = int(dice.integers(len(words)))
        return np.concatenate([words[:at], vocabulary.other(dice, words[at : at + 1]), words[at + 1 :]]), at
    at = int(dice.integers(max(1, len(words) - QUOTED)))
    quoted = words[at : at + QUOTED].copy()
    if quoted[-1] // vocabulary.size in (Form.LAST, Form.BARE):
        quoted[-1] %= vocabulary.size
    before = int(dice.integers(len(host)))
    return np.concatenate([host[:before], quoted, host[before:]]), at


def _copied(place: Place, kind: Kind, dice: Dice, twins: Rows, numbers: Numbers) -> _Made:
    """Copies of rows, the second half of them with a word changed."""
    count, half = len(numbers), len(numbers) // 2
    lengths = twins.texts.lengths
    at = (dice.random(count) * lengths).astype(np.int64)
    words = twins.texts.words.copy()
    changed = (twins.texts.starts[:-1] + at)[half:]
    words[changed] = kind.vocabulary.other(dice, words[changed])
    frame = _frame(kind, Texts(words, twins.texts.starts), twins.frame.drop("text"))
    exact = np.arange(count) < half
    ledger = pl.DataFrame(
        {
            "kind": np.where(exact, "exact", "near"),
            "row": numbers,
            **{f"twin_{name}": [value] * count for name, value in place._asdict().items()},
            "twin_row": twins.numbers,
            "words": lengths,
            "at": np.where(exact, -1, at),
        },
        schema=LEDGER,
    )
    return _Made(frame, ledger)


def _pool(dice: Dice, pool: Rows | None, fresh: Rows, size: int) -> Rows:
    """Rows that may be copied: some of the last chunks'."""
    some = fresh.take(dice.permutation(len(fresh.numbers))[:size])
    if pool is None:
        return some
    both = Rows(
        np.concatenate([pool.numbers, some.numbers]),
        joined([pool.texts, some.texts]),
        pl.concat([pool.frame, some.frame]),
    )
    return both.take(dice.permutation(len(both.numbers))[:size])


def _frame(kind: Kind, texts: Texts, fields: pl.DataFrame) -> pl.DataFrame:
    return fields.select(pl.from_arrow(kind.vocabulary.write(texts)).alias("text"), pl.all())  # pyright: ignore


def _each(texts: Texts) -> Iterator[Numbers]:
    return (texts.words[a:b] for a, b in zip(texts.starts[:-1], texts.starts[1:], strict=True))
