"""What steps do before the audit of many samples: its pieces, and what these need."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from schemas.audit import Audit, AuditPiece, Indexed
from tasks.base.store.pieces import Limits
from tasks.base.store.root import Root
from tasks.build.audit import candidates, looks
from tasks.build.audit.common import Roles, compared
from tasks.build.audit.corpus import Corpus, texts
from tasks.build.audit.earlier import earlier
from tasks.build.audit.leaks import tests, trains
from tasks.build.audit.pieces import Pieces


def prepare(indexed: Sequence[Indexed], planned: Audit, root: Root, limits: Limits, workers: int) -> list[AuditPiece]:
    """Write what the pieces of an audit need, and name them; none where few samples are new.

    Args:
        indexed: the indexes of all tasks.
        planned: the audit to be made.
        root: where it goes.
        limits: of a piece.
        workers: threads.
    """
    corpus, pieces = Corpus(indexed, root), Pieces(root, planned.place, limits)
    known = texts(corpus)
    before = earlier(root, planned.made_of["code"], known)
    roles = Roles(known.rows(tests(corpus)), known.rows(trains(corpus)))
    with ThreadPoolExecutor(workers) as pool:
        looking = looks.Looking(corpus, pieces, pool, workers)
        found = [piece for look in compared(roles, before, pieces) for piece in looking.prepare(look)]
    return found + candidates.prepare(corpus, known, before, pieces)


def make_piece(piece: AuditPiece, indexed: Sequence[Indexed], planned: Audit, root: Root, limits: Limits) -> None:
    """Make one of the pieces that `prepare` names ahead, unless it is there; the other arguments are the same."""
    corpus, pieces = Corpus(indexed, root), Pieces(root, planned.place, limits)
    if piece.sought == "near duplicates":
        candidates.make_piece(corpus, piece, pieces)
    else:
        looks.make_piece(corpus, piece, pieces, 1)
