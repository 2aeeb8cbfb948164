"""The rejects of a version: what was left out, and why."""

from typing import Any

from schemas.base import Model
from tasks.tools.explore.explorer import PAGE, Explorer, Page

COLUMNS = ("stage", "source", "part", "task", "split", "reason")
WORDS = "(contains(id, $q) OR contains(record_id, $q) OR contains(lower(detail), lower($q)))"
"""Rejects with something in their id or detail."""


class RejectFilters(Model):
    """Which rejects are asked for; an empty value asks for all."""

    stage: str = ""
    source: str = ""
    part: str = ""
    task: str = ""
    split: str = ""
    reason: str = ""
    q: str = ""

    @property
    def given(self) -> dict[str, str]:
        """The filters that ask for something."""
        return {name: value for name, value in self.model_dump().items() if value}


def rejects(explorer: Explorer, filters: RejectFilters, page: int) -> Page:
    """A page of rejects, counted from 1, and how many there are for each reason."""
    parts = [f"{name} = ${name}" for name in COLUMNS if getattr(filters, name)]
    values: dict[str, Any] = {name: getattr(filters, name) for name in COLUMNS if getattr(filters, name)}
    if filters.q:
        parts.append(WORDS)
        values["q"] = filters.q
    source = f"FROM rejects{' WHERE ' if parts else ''}{' AND '.join(parts)}"
    reasons = explorer.rows(f"SELECT reason, count(*) AS n {source} GROUP BY reason ORDER BY n DESC, reason", values)
    query = f"SELECT * {source} ORDER BY stage, source, task, split, id LIMIT {PAGE} OFFSET {(page - 1) * PAGE}"
    found = {row["reason"]: row["n"] for row in reasons}
    return Page(explorer.rows(query, values), sum(found.values()), found)


def choices(explorer: Explorer) -> dict[str, list[str]]:
    """The values that the filters can have."""
    return {
        name: [row[name] for row in explorer.rows(f"SELECT DISTINCT {name} FROM rejects ORDER BY 1") if row[name]]  # noqa: S608
        for name in COLUMNS
    }
