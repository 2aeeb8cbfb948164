"""Personal data: how many samples hold which direct identifiers, and in which tasks."""

from collections.abc import Sequence
from typing import NamedTuple

from schemas.personal import IDENTIFIERS
from schemas.profile import SampleProfile


class PersonalRow(NamedTuple):
    """One kind of identifier.

    Attributes:
        samples: samples that hold one.
        tasks: the tasks of these samples with their number, most first.
    """

    what: str
    paragraphs: str
    samples: int
    tasks: tuple[tuple[str, int], ...]


def personal_rows(profiles: Sequence[SampleProfile]) -> list[PersonalRow]:
    """One row for each kind, also for those that were not found."""
    rows: list[PersonalRow] = []
    for kind in IDENTIFIERS:
        by_task: dict[str, int] = {}
        for profile in profiles:
            by_task[profile.task] = by_task.get(profile.task, 0) + getattr(profile, kind.measure)
        tasks = sorted(((task, count) for task, count in by_task.items() if count), key=lambda row: (-row[1], row[0]))
        rows.append(PersonalRow(kind.what, kind.paragraphs, sum(by_task.values()), tuple(tasks)))
    return rows
