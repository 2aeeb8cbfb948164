"""Leakage: which tests share something with which training sets, as heat maps, and a table of the tests."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from schemas.audit import KINDS, Audit, Touched
from tasks.base.pages.charts import heat, percent
from tasks.base.pages.rows import leaks
from tasks.base.pages.words import number
from tasks.base.paper.held_out import held_out

_GROUPS = ("the benchmark's tests", "all tests")


class Exposed(NamedTuple):
    """A test that training samples leak into: its samples, those that are touched by any kind, and by each."""

    task: str
    benchmark: bool
    tested: int
    touched: int
    kinds: dict[str, int]

    @property
    def share(self) -> float:
        """Of its samples, those that are touched."""
        return self.touched / self.tested


def exposed_rows(audit: Audit | None) -> list[Exposed]:
    """The tests that are touched: those of the benchmark first, the most touched first."""
    if audit is None:
        return []
    rows = [
        Exposed(
            task,
            task in held_out(),
            audit.tested[task],
            counts["any"],
            {kind: counts.get(kind, 0) for kind in KINDS if kind != "test"},
        )
        for task, counts in audit.exposed.items()
    ]
    return sorted(rows, key=lambda row: (not row.benchmark, -row.share, row.task))


class Unclean(NamedTuple):
    """Training samples that the training set `clean` lacks: those that are tests themselves, and those that leak."""

    own: int
    sharing: int


def unclean(audit: Audit | None) -> Unclean:
    """Why training samples are left out of the training set `clean`; no sample is counted twice.

    A sample that is a test itself is not compared with tests, so it does not leak besides.
    """
    if audit is None:
        return Unclean(0, 0)
    own = sum(row.trains for row in audit.touched if row.kind == "test")
    return Unclean(own, sum(audit.unclean.values()) - own)


def leak_figures(audit: Audit | None) -> dict[str, Any]:
    """`<tests>/<kind>` -> a heat map of tests by training sets; kinds that nothing leaks by are left out."""
    found: dict[str, Any] = {}
    for group in _GROUPS:
        for kind, about in {"any": "any kind", **KINDS}.items():
            cells = [
                row
                for row in (audit.touched if audit else ())
                if row.kind == kind != "test" and (group != _GROUPS[0] or row.test_task in held_out())
            ]
            if audit and cells:
                found[f"{group}/{about}"] = _heat(cells, audit.tested)
    return found


def _heat(cells: Sequence[Touched], tested: Mapping[str, int]) -> dict[str, Any]:
    tests = sorted({row.test_task for row in cells}, key=str.casefold)
    trains = sorted({row.train_task for row in cells}, key=str.casefold)
    marks = [
        (
            tests.index(row.test_task),
            trains.index(row.train_task),
            row.tests / tested[row.test_task],
            _says(row, tested[row.test_task]),
            leaks(row.test_task, row.kind, row.train_task),
        )
        for row in cells
    ]
    none = "{column} does not touch {row}"
    return heat(("test", tests), ("training set", trains), marks, none, "share of the test that is touched")


def _says(row: Touched, tested: int) -> str:
    return (
        f"{row.train_task} touches {number(row.tests)} of the {number(tested)} test samples of {row.test_task}: "
        f"{percent(row.tests / tested)}"
    )
