"""Sequences of words that test and training texts have in common.

What an earlier audit found stays: only new tests are compared with all training texts, and new training texts with all
tests.
"""

from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tasks.build.audit.corpus import Corpus, Rows, Texts
from tasks.build.audit.earlier import Earlier
from tasks.build.audit.keyed import Keyed
from tasks.build.audit.looks import Look, Looking, look
from tasks.build.audit.pieces import Pieces
from tasks.build.audit.polynomials import distinct, members


class Common(NamedTuple):
    """Sequences that both sides have, in ascending order, with the texts that have them as rows."""

    tested: Keyed
    trained: Keyed


class Roles(NamedTuple):
    """The first test sample and the first training sample that has each text; -1 where none has it."""

    test: Rows
    train: Rows


def compared(roles: Roles, before: Earlier, pieces: Pieces) -> tuple[Look, Look]:
    """What is compared: new tests with all training texts, and the other tests with new training texts."""

    def some(rows: Rows, chosen: NDArray[np.bool_]) -> Rows:
        return rows[chosen & (rows >= 0)]

    test, train = roles
    return (
        look(some(test, ~before.test), train[train >= 0], f"new-tests-{before.name}", pieces),
        look(some(test, before.test), some(train, ~before.train), f"new-training-texts-{before.name}", pieces),
    )


def common(corpus: Corpus, known: Texts, before: Earlier, roles: Roles, pieces: Pieces, workers: int) -> Common:
    """Find the sequences that tests and training texts have in common.

    Args:
        corpus: all samples.
        known: their texts.
        before: what an earlier audit found.
        roles: the texts of tests and the training texts.
        pieces: of the audit; some of the comparison may have been done ahead.
        workers: threads.
    """
    with ThreadPoolExecutor(workers) as pool:
        looking = Looking(corpus, pieces, pool, workers)
        (new_tests, trained), (old_tests, new_trained) = (
            [side._replace(rows=known.of[side.rows]) for side in looking.both(each)]
            for each in compared(roles, before, pieces)
        )
    # Of these keys, all old tests, and all training texts, have just been found.
    old_tested = _kept(before, "tested", roles.test).without(distinct(old_tests.keys))
    every = distinct(trained.keys)
    old_trained = Keyed.joined([_kept(before, "trained", roles.train), new_trained]).without(every)
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
