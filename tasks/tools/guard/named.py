"""Leaks that need no look at the texts: a row that is itself a sample of a test, or from the same publication."""

import re
from collections.abc import Sequence

import polars as pl

from schemas.audit import Kind
from tasks.tools.guard.layouts import Texts
from tasks.tools.guard.tests import Sample

_HASH = re.compile(r"[0-9a-f]{32}")
"""Ids of samples of a release: hashes, which mean the same everywhere. Other ids may be equal by chance."""


class Named:
    """The ids and documents of tests, and the rows that have one of them.

    Attributes:
        samples: `kind`, `name` and `sample`: the samples with an id (`test`) or from a document.
    """

    def __init__(self, samples: Sequence[Sample]) -> None:
        known: list[tuple[Kind, str, int]] = []
        for number, sample in enumerate(samples):
            if _HASH.fullmatch(sample.id):
                known.append(("test", sample.id, number))
            if sample.document:
                known.append(("document", sample.document.lower(), number))
        self._names: set[tuple[Kind, str]] = {(kind, name) for kind, name, _ in known}
        schema = {"kind": pl.String, "name": pl.String, "sample": pl.Int64}
        self.samples = pl.DataFrame(known, schema=schema, orient="row")
        self._found: list[tuple[int, Kind, str]] = []

    def see(self, row: int, texts: Texts) -> None:
        """Look at the id and document of a row."""
        kinds: tuple[tuple[Kind, str], ...] = (("test", texts.id), ("document", texts.document.lower()))
        self._found.extend((row, kind, name) for kind, name in kinds if (kind, name) in self._names)

    @property
    def rows(self) -> pl.DataFrame:
        """The rows that have one of them: `row`, `kind` and `name`."""
        return pl.DataFrame(self._found, schema={"row": pl.Int64, "kind": pl.String, "name": pl.String}, orient="row")
