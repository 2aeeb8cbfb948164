"""Pieces of an audit: what takes most of its time is done in pieces, each with a file in the folder of the audit.

Of many samples, steps make the pieces ahead, on as many workers as there are. The audit makes those that are not there,
so that it needs no steps, and one that was killed goes on with the pieces that are missing.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from schemas.audit import AuditPiece, Sought
from tasks.base.store.frames import read
from tasks.base.store.pieces import Limits
from tasks.base.store.root import Root

FOLDER = "pieces"

Array = NDArray[Any]


class Pieces(NamedTuple):
    """The pieces of one audit.

    Attributes:
        root: where the audit is.
        place: the folder of the audit.
        limits: of the samples of a piece.
    """

    root: Root
    place: str
    limits: Limits

    def cut(self, sought: Sought, name: str, count: int) -> list[AuditPiece]:
        """All pieces of a search.

        Args:
            sought: what they find.
            name: of their folder, another for everything beside the samples on which their files depend.
            count: how many there are.
        """
        place = f"{self.place}/{FOLDER}/{name}"
        return [AuditPiece(sought=sought, place=place, number=number, count=count) for number in range(count)]

    def found(self, piece: AuditPiece, make: Callable[[], Sequence[Array]]) -> Sequence[Array]:
        """The arrays of a piece, which are made and kept unless they are there; one that is the whole is not kept."""
        if piece.count == 1:
            return make()
        if self.root.exists(piece.file):
            with suppress(OSError, pl.exceptions.PolarsError):  # where it is damaged
                return [column.to_numpy() for column in read(self.root.local(piece.file)).get_columns()]
        made = make()
        with self.root.writing(piece.file) as path:
            pl.DataFrame(list(made)).write_parquet(path, compression="lz4", statistics=False)
        return made

    def shared(self, place: str, make: Callable[[], Array]) -> Array:
        """An array that several pieces need, which is made and kept unless it is there."""
        if self.root.exists(place):
            with suppress(OSError, ValueError):  # where it is damaged
                return self.get(place)
        with self.root.writing(place) as path, path.open("wb") as file:
            np.save(file, make())
        return self.get(place)

    def get(self, place: str) -> Array:
        """An array that is there, mapped into memory."""
        return np.asarray(np.load(self.root.local(place), mmap_mode="r"))

    def remove(self) -> None:
        """Remove the files of all pieces; call it when the audit is complete."""
        self.root.remove(f"{self.place}/{FOLDER}")
