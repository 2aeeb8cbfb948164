"""Leakage: which tests share something with which training sets, as heat maps, and a table of the tests."""

from typing import Any, NamedTuple

from schemas.audit import KINDS, Audit
from tasks.base.pages.palette import BLUE, INK, axis, layout
from tasks.base.pages.words import number, plain, short
from tasks.base.paper.held_out import held_out

_SCALE = [[0.0, "#eef3f7"], [0.01, "#cfe2f1"], [0.25, "#7fb8dc"], [1.0, BLUE]]
"""Colours of shares; the least touched test stands out from one that is not touched."""

_GROUPS = ("the benchmark's tests", "all tests")


class Exposed(NamedTuple):
    """A test that training samples leak into: its samples, those that are touched by any kind, and by each."""

    task: str
    benchmark: bool
    tested: int
    touched: int
    kinds: tuple[int, ...]

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
            tuple(counts.get(kind, 0) for kind in KINDS if kind != "test"),
        )
        for task, counts in audit.exposed.items()
    ]
    return sorted(rows, key=lambda row: (not row.benchmark, -row.share, row.task))


def leak_figures(audit: Audit | None) -> dict[str, Any]:
    """`<tests>/<kind>` -> a heat map of tests by training sets; kinds that nothing leaks by are left out."""
    found: dict[str, Any] = {}
    for group in _GROUPS:
        for kind, about in {"any": "any kind", **KINDS}.items():
            cells = {
                (row.test_task, row.train_task): row.tests
                for row in (audit.touched if audit else ())
                if row.kind == kind != "test" and (group != _GROUPS[0] or row.test_task in held_out())
            }
            if audit and cells:
                found[f"{group}/{about}"] = _heat(cells, audit.tested)
    return found


def _heat(cells: dict[tuple[str, str], int], tested: dict[str, int]) -> dict[str, Any]:
    tests = sorted({test for test, _ in cells}, key=str.casefold)
    trains = sorted({train for _, train in cells}, key=str.casefold)
    shares = [[_share(cells, tested, test, train) for train in trains] for test in tests]
    says = [[_says(cells, tested, test, train) for train in trains] for test in tests]
    trace = {
        "type": "heatmap",
        "x": list(range(len(trains))),
        "y": list(range(len(tests))),
        "z": shares,
        "zmin": 0,
        "zmax": 1,
        "hovertext": says,
        "hoverinfo": "text",
        "xgap": 1,
        "ygap": 1,
        "colorscale": _SCALE,
        "colorbar": {"title": {"text": "share of the test"}, "tickformat": ".0%", "thickness": 12, "len": 0.6},
    }
    labels = [[plain(short(name, 30)) for name in names] for names in (trains, tests)]
    small = {"size": 10, "color": INK}
    drawn = layout(
        260 + 17 * len(tests),
        xaxis=axis(
            tickvals=trace["x"], ticktext=labels[0], tickangle=-60, tickfont=small, title={"text": "training set"}
        ),
        yaxis=axis(
            tickvals=trace["y"], ticktext=labels[1], tickfont=small, title={"text": "test"}, autorange="reversed"
        ),
    )
    return {"data": [trace], "layout": drawn}


def _share(cells: dict[tuple[str, str], int], tested: dict[str, int], test: str, train: str) -> float | None:
    count = cells.get((test, train))
    return None if count is None else round(count / tested[test], 4)


def _says(cells: dict[tuple[str, str], int], tested: dict[str, int], test: str, train: str) -> str:
    count = cells.get((test, train))
    if count is None:
        return f"{plain(train)} does not touch {plain(test)}"
    return f"{plain(train)} touches {number(count)} of the {number(tested[test])} test samples of {plain(test)}"
