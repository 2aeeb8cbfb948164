"""The page `docs/licences.md`: what the licences permit, which sources have them, and what each profile holds."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from schemas.licence import Licence, Profile
from schemas.source import Evidence, Source
from schemas.spdx import SPDX
from schemas.task import SPLITS, Task
from sources import registry
from tasks.base.licences.duties import duties
from tasks.base.licences.profiles import PROFILES, contents
from tasks.base.pages.template import render
from tasks.base.paper import counts

_HOLDS = {
    "open": "what may be redistributed",
    "research": "everything except sources bound by an agreement",
    "local": "everything; never leaves the machine",
}


def licences_page() -> str:
    """Write the page."""
    found = counts.expected((), original=True)
    held = sorted(registry().values(), key=lambda source: (source.title.lower(), source.id))
    licences = [(licence, [pair for pair in _pairs(held) if pair[0] is licence]) for licence in sorted(Licence)]
    profiles = [contents(profile, found) for profile in PROFILES]
    return render(
        __file__,
        "licences.md.j2",
        profiles=[(each, contents(each.profile).terms, _HOLDS[each.profile]) for each in profiles],
        categories=[
            (category, [each.categories[category].tasks for each in profiles]) for category in profiles[0].categories
        ],
        licences=[_licence(licence, [row for _, row in rows]) for licence, rows in licences if rows],
        names=PROFILES,
    )


class Row(NamedTuple):
    """What one licence covers of a source: the tasks, and who says so; None where the codes in answers do."""

    source: Source
    tasks: list[Task]
    evidence: Evidence | None


def _pairs(held: Iterable[Source]) -> Iterator[tuple[Licence, Row]]:
    """Each licence with each source that it holds for."""
    for source in held:
        said = {source.licence: source.evidence, **{each.licence: each for each in source.also}}
        covered = {task.name: source.licences(task, *SPLITS) for task in source.tasks}
        for licence in dict.fromkeys(licence for licences in covered.values() for licence in licences):
            tasks = [task for task in source.tasks if licence in covered[task.name]]
            yield licence, Row(source, tasks, said.get(licence))


def _licence(licence: Licence, rows: list[Row]) -> dict[str, Any]:
    return {
        "name": licence.value,
        "terms": licence.terms,
        "spdx": SPDX[licence],
        "duties": duties(licence),
        "tasks": sum(len(row.tasks) for row in rows),
        "rows": [(row, [_admitted(profile, row) for profile in PROFILES]) for row in rows],
    }


def _admitted(profile: Profile, row: Row) -> str:
    """Whether a profile holds the tasks: yes, no, or in part."""
    found = {row.source.refusal(profile, task, split) is None for task in row.tasks for split in SPLITS}
    return "in part" if len(found) > 1 else "yes" if found == {True} else "no"
