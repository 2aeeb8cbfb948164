"""The page `docs/licences.md`: what the licences permit, which sources have them, and what each profile holds."""

from typing import Any

from schemas.licence import Licence, refusal
from schemas.source import Source
from sources import registry
from tasks.base.licences.profiles import PROFILES, contents
from tasks.base.licences.terms import duties
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
    rows = {task: sum(splits.values()) for task, splits in found.items()}
    held = sorted(registry().values(), key=lambda source: (source.title.lower(), source.id))
    licences = [(licence, [source for source in held if source.licence is licence]) for licence in sorted(Licence)]
    profiles = [contents(profile, rows) for profile in PROFILES]
    return render(
        __file__,
        "licences.md.j2",
        profiles=[(each, contents(each.profile).terms, _HOLDS[each.profile]) for each in profiles],
        categories=[
            (category, [each.categories[category].tasks for each in profiles]) for category in profiles[0].categories
        ],
        licences=[_licence(licence, sources) for licence, sources in licences if sources],
        names=PROFILES,
    )


def _licence(licence: Licence, sources: list[Source]) -> dict[str, Any]:
    return {
        "name": licence.value,
        "terms": licence.terms,
        "duties": duties(licence),
        "tasks": sum(len(source.tasks) for source in sources),
        "sources": [
            (source, ["no" if refusal(profile, source.licence, source.access) else "yes" for profile in PROFILES])
            for source in sources
        ],
    }
