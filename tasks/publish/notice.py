"""NOTICE.md: whose data it is, on which terms, and who says so."""

from schemas.release import ReleaseContent
from schemas.source import Source
from tasks.publish.bibliography import PAPER, Bibliography
from tasks.publish.template import render
from tasks.publish.terms import duties

_ACCESS = {
    "open": "open: from the address that its authors give",
    "registration": "after registering with its authors",
    "agreement": "after signing an agreement with its authors",
    "gone": "no longer offered by its authors; built from a copy",
}


def notice(content: ReleaseContent, declared: dict[str, Source], bibliography: Bibliography) -> str:
    """The notices that the licences of the sources ask for.

    Args:
        content: what the release is made of.
        declared: the sources in the release, by id.
        bibliography: the entries that they cite.
    """
    entries = [
        {
            "source": source,
            "tasks": [task.name for task in content.tasks if task.source == name],
            "licence": source.licence.terms,
            "duties": duties(source.licence),
            "access": _ACCESS[source.access],
            "citation": bibliography.words(source.citation),
        }
        for name, source in sorted(declared.items())
    ]
    return render("notice.md.j2", content=content, entries=entries, paper=bibliography.words(PAPER))
