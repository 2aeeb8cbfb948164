"""Sequences of words that test and training texts have in common, text by text.

All sequences of one side go into a Bloom filter. The few of the other side that it lets through go into a second
filter for those of the first. What an earlier audit found stays: only new tests are compared with all training texts,
and new training texts with all tests.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tasks.build.audit.ahead import ahead
from tasks.build.audit.bloom import Bloom
from tasks.build.audit.corpus import Corpus, Part, Rows, Section, Texts
from tasks.build.audit.earlier import Earlier
from tasks.build.audit.keyed import Keyed
from tasks.build.audit.polynomials import distinct, members
from tasks.build.audit.sequences import Cut, passing
from tasks.build.audit.sequences import tested as tested_sequences
from tasks.build.audit.sequences import trained as trained_sequences
from tasks.build.audit.windows import Windows, windows
from tasks.build.audit.words import Words


class Common(NamedTuple):
    """Sequences that both sides have, in ascending order, with the texts that have them as rows."""

    tested: Keyed
    trained: Keyed


class _Side(NamedTuple):
    """Texts of one side, by a sample of each, and how their sequences are made."""

    rows: Rows
    of: Callable[[Words, Cut], Windows]


def common(
    corpus: Corpus, known: Texts, before: Earlier, tests: list[Section], trains: list[Section], workers: int
) -> Common:
    """Find the sequences that tests and training texts have in common.

    Args:
        corpus: all samples.
        known: their texts.
        before: what an earlier audit found.
        tests: the sections with test samples.
        trains: the sections with training samples.
        workers: threads.
    """
    test, train = known.rows(tests), known.rows(trains)

    def side(of: Callable[[Words, Cut], Windows], rows: Rows, chosen: NDArray[np.bool_]) -> _Side:
        return _Side(np.sort(rows[chosen & (rows >= 0)]), of)

    with ThreadPoolExecutor(workers) as pool:
        look = _Look(corpus, known, pool, workers)
        new_tests, trained = look.both(
            side(tested_sequences, test, ~before.test), side(trained_sequences, train, train >= 0)
        )
        old_tests, new_trained = look.both(
            side(tested_sequences, test, before.test), side(trained_sequences, train, ~before.train)
        )
    # Of these keys, all old tests, and all training texts, have just been found.
    old_tested = _kept(before, "tested", test).without(distinct(old_tests.keys))
    every = distinct(trained.keys)
    old_trained = Keyed.joined([_kept(before, "trained", train), new_trained]).without(every)
    return _both(Keyed.joined([old_tested, old_tests, new_tests]), Keyed.joined([old_trained, trained]))


def _kept(before: Earlier, name: str, rows: Rows) -> Keyed:
    """What an earlier audit found of texts that still have the role, with a place in any case."""
    table = before.tables[name]
    text = table["text"].to_numpy().astype(np.int64)
    place = table["place"].to_numpy().astype(np.int64) if "place" in table.columns else np.zeros(len(text), np.int64)
    return Keyed(table["key"].to_numpy(), text, place).at(rows[text] >= 0)


def _both(test: Keyed, train: Keyed) -> Common:
    """Those of two sides that the other has too, in ascending order."""
    sides = [side.at(np.argsort(side.keys, kind="stable")) for side in (test, train)]
    one, other = (distinct(side.keys) for side in sides)
    shared = one[members(one, other)]
    return Common(*(side.at(members(side.keys, shared)) for side in sides))


class _Look(NamedTuple):
    """Looks for what two sides have in common."""

    corpus: Corpus
    known: Texts
    pool: ThreadPoolExecutor
    workers: int

    def both(self, one: _Side, other: _Side) -> tuple[Keyed, Keyed]:
        """The sequences of each of two sides that the other may have too: in the first, a few that it has not."""
        if len(one.rows) > len(other.rows):
            found, there = self.both(other, one)
            return there, found
        if not len(one.rows):
            return Keyed.joined([]), Keyed.joined([])
        marks = Bloom(sum(len(part.words.hashes) for part in self.corpus.parts(one.rows)))
        for found in self._each(one, windows):
            marks.add(found.keys)
        right = Keyed.joined(self._each(other, passing(marks)))
        marks = Bloom(len(right.keys))
        marks.add(right.keys)
        left = Keyed.joined(self._each(one, passing(marks)))
        return left, right.at(members(right.keys, distinct(left.keys)))

    def _each(self, side: _Side, cut: Cut) -> Iterator[Keyed]:
        def keyed(part: Part) -> Keyed:
            found = side.of(part.words, cut)
            return Keyed(found.hashes, self.known.of[part.rows[found.rows]], found.places)

        return ahead(self.pool, keyed, self.corpus.parts(side.rows), 2 * self.workers)
