"""Looks for sequences of words that two sides may have in common, text by text.

All sequences of the side with fewer texts go into a Bloom filter. The few of the other side that it lets through go
into a second filter for those of the first. The many are looked up in pieces, which takes most of the time of an audit.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from typing import NamedTuple

import numpy as np

from schemas.audit import AuditPiece, Sought
from tasks.base.store.pieces import spans
from tasks.build.audit.ahead import ahead
from tasks.build.audit.bloom import Bloom
from tasks.build.audit.corpus import Corpus, Part, Rows
from tasks.build.audit.keyed import Keyed
from tasks.build.audit.pieces import Array, Pieces
from tasks.build.audit.polynomials import distinct, members
from tasks.build.audit.sequences import Cut, passing, tested, trained
from tasks.build.audit.windows import Windows, windows
from tasks.build.audit.words import Words

SEQUENCES: Mapping[Sought, Callable[[Words, Cut], Windows]] = {
    "leaks into tests": tested,
    "leaks of training texts": trained,
}
"""How the sequences of a side are made, by what is sought where its texts are looked up."""

MARKS, ROWS = "marks.npy", "rows.npy"
"""The filter of the few, and the samples of the many, beside the files of pieces."""


class Side(NamedTuple):
    """Texts of one side.

    Attributes:
        sought: what is sought where they are looked up.
        rows: a sample of each, in ascending order.
    """

    sought: Sought
    rows: Rows


class Look(NamedTuple):
    """Two sides that are compared.

    Attributes:
        few: the side with fewer texts.
        many: the other, which is looked up.
        pieces: of the many.
    """

    few: Side
    many: Side
    pieces: list[AuditPiece]


def look(tests: Rows, trains: Rows, name: str, pieces: Pieces) -> Look:
    """Tests and training texts that are to be compared.

    Args:
        tests: a sample of each test text.
        trains: a sample of each training text.
        name: tells the comparison from others of the audit.
        pieces: of the audit.
    """
    sides = Side("leaks into tests", np.sort(tests)), Side("leaks of training texts", np.sort(trains))
    few, many = sorted(sides, key=lambda side: len(side.rows))
    count = pieces.limits.count(len(many.rows), 0) if len(few.rows) else 1
    return Look(few, many, pieces.cut(many.sought, name, count))


class Looking(NamedTuple):
    """Looks for what two sides have in common.

    Attributes:
        corpus: all samples.
        pieces: of the audit.
        pool: of threads.
        workers: their number.
    """

    corpus: Corpus
    pieces: Pieces
    pool: ThreadPoolExecutor
    workers: int

    def both(self, compared: Look) -> tuple[Keyed, Keyed]:
        """The sequences of tests and of training texts that the other side may have too.

        Of the few, there are some that the many have not.
        """
        few, many, pieces = compared
        if not len(few.rows):
            return Keyed.joined([]), Keyed.joined([])
        marks = cache(lambda: self._marks(compared))
        there = Keyed.joined(
            Keyed(*self.pieces.found(piece, partial(self.passed, many, piece, marks))) for piece in pieces
        )
        again = Bloom.empty(len(there.keys))
        again.add(there.keys)
        found = Keyed.joined(self._sequences(few, passing(again)))
        there = there.at(members(there.keys, distinct(found.keys)))
        return (found, there) if few.sought == "leaks into tests" else (there, found)

    def prepare(self, compared: Look) -> list[AuditPiece]:
        """The pieces of a comparison, with what they need; none where one is the whole."""
        if len(compared.pieces) == 1:
            return []
        self.pieces.shared(f"{compared.pieces[0].place}/{ROWS}", lambda: compared.many.rows)
        self._marks(compared)
        return compared.pieces

    def passed(self, many: Side, piece: AuditPiece, marks: Callable[[], Bloom]) -> Sequence[Array]:
        """The sequences of a piece of the many that a filter lets through, with their samples and places."""
        ((first, length),) = spans([len(many.rows)], piece.number, piece.count)
        some = many._replace(rows=many.rows[first : first + length])
        found = Keyed.joined(self._sequences(some, passing(marks())))
        assert found.places is not None
        return found.keys, found.rows, found.places

    def _marks(self, compared: Look) -> Bloom:
        """The filter of the few, which is kept where the many are several pieces."""
        few, _, pieces = compared
        if len(pieces) == 1:
            return self._marked(few)
        return Bloom(self.pieces.shared(f"{pieces[0].place}/{MARKS}", lambda: self._marked(few).words))

    def _marked(self, few: Side) -> Bloom:
        marks = Bloom.empty(sum(len(part.words.hashes) for part in self.corpus.parts(few.rows)))
        for found in self._sequences(few, windows):
            marks.add(found.keys)
        return marks

    def _sequences(self, side: Side, cut: Cut) -> Iterator[Keyed]:
        def keyed(part: Part) -> Keyed:
            found = SEQUENCES[side.sought](part.words, cut)
            return Keyed(found.hashes, part.rows[found.rows], found.places)

        return ahead(self.pool, keyed, self.corpus.parts(side.rows), 2 * self.workers)


def make_piece(corpus: Corpus, piece: AuditPiece, pieces: Pieces, workers: int) -> None:
    """Look up a piece of the many ahead, with what `Looking.prepare` has left."""
    many = Side(piece.sought, pieces.get(f"{piece.place}/{ROWS}"))
    with ThreadPoolExecutor(workers) as pool:
        looking = Looking(corpus, pieces, pool, workers)
        pieces.found(piece, lambda: looking.passed(many, piece, lambda: Bloom(pieces.get(f"{piece.place}/{MARKS}"))))
