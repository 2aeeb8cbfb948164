"""NOTICE.md: whose data it is, on which terms, and who says so."""

from collections.abc import Mapping

from schemas.source import Source
from tasks.base.licences.bibliography import PAPER, Bibliography
from tasks.base.licences.terms import duties, limits_of, terms_of
from tasks.base.pages.template import render

_ACCESS = {
    "open": "open: from the address that its authors give",
    "registration": "after registering with its authors",
    "agreement": "after signing an agreement with its authors",
    "gone": "no longer offered by its authors; built from a copy",
}


def notice(version: str, tasks: Mapping[str, str], declared: Mapping[str, Source], bibliography: Bibliography) -> str:
    """The notices that the licences of the sources ask for.

    Args:
        version: of the release.
        tasks: the tasks in it -> their sources.
        declared: the sources in it, by id.
        bibliography: the entries that they cite.
    """
    entries = [
        {
            "source": source,
            "tasks": [task for task, source in tasks.items() if source == name],
            "licence": source.licence.terms,
            "duties": duties(source.licence),
            "access": _ACCESS[source.access],
            "citation": bibliography.words(source.citation),
        }
        for name, source in sorted(declared.items())
    ]
    licences = {task: declared[source].licence.value for task, source in tasks.items()}
    return render(
        __file__,
        "notice.md.j2",
        version=version,
        entries=entries,
        terms=terms_of(licences.values()),
        limits=limits_of(licences),
        paper=bibliography.words(PAPER),
    )
