"""The licences of a dataset, as Croissant names them."""

from collections.abc import Sequence

from schemas.licence import Licence, apart
from schemas.spdx import LIST, SPDX, reference
from tasks.base.licences.terms import terms_of


def licence_of(licences: Sequence[str]) -> str | list[str | dict[str, str]]:
    """The licence of the whole if there is one, else each: by its page in the SPDX License List where that has one."""
    terms = terms_of(licences)
    if terms.only and terms.only.terms.url:
        return reference(terms.only)
    whole = {
        "@type": "sc:CreativeWork",
        "name": terms.name,
        "description": "Each sample keeps the licence of its source (see NOTICE.md), one or more of those listed here.",
    }
    return [whole, *map(_one_licence, sorted({each for licence in licences for each in apart(licence)}))]


def _one_licence(licence: Licence) -> str | dict[str, str]:
    if reference(licence).startswith(LIST):
        return reference(licence)
    url = {"url": licence.terms.url} if licence.terms.url else {}
    return {"@type": "sc:CreativeWork", "name": f"{licence.terms.title} ({SPDX[licence]})", **url}
