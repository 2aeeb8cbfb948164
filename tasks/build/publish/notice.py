"""NOTICE.md: whose data it is, on which terms, who says so, and what has to be shown."""

from collections.abc import Mapping

from schemas.source import Source
from schemas.spdx import SPDX
from tasks.base.licences.bibliography import PAPER, Bibliography
from tasks.base.licences.duties import FOLDER, Owned, notices
from tasks.base.licences.terms import limits_of, terms_of
from tasks.base.pages.template import render

_ACCESS = {
    "open": "open: from the address that its authors give",
    "registration": "after registering with its authors",
    "agreement": "after signing an agreement with its authors",
    "gone": "no longer offered by its authors; built from a copy",
}


def notice(version: str, owned: Mapping[str, Owned], declared: Mapping[str, Source], bibliography: Bibliography) -> str:
    """The notices that the licences of the sources ask for.

    Args:
        version: of the release.
        owned: the tasks in it.
        declared: the sources in it, by id.
        bibliography: the entries that they cite.
    """
    entries = [
        {
            "notice": each,
            "access": _ACCESS[each.source.access],
            "citation": bibliography.words(declared[each.source.id].citation),
        }
        for each in notices(owned)
    ]
    licences = {task: each.licences for task, each in owned.items()}
    return render(
        __file__,
        "notice.md.j2",
        version=version,
        entries=entries,
        folder=FOLDER,
        spdx=SPDX,
        terms=terms_of(licences.values()),
        limits=limits_of(licences),
        paper=bibliography.words(PAPER),
    )
