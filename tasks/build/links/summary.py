"""Links in words: how many of each verdict, which ask for something, and the page that shows all of them."""

from collections import Counter
from collections.abc import Sequence

from schemas.links import SOUND, VERDICTS, Link, LinkVerdict
from tasks.base.pages.template import render
from tasks.base.store.root import Root

ORDER: tuple[LinkVerdict, ...] = (
    "gone",
    "login page",
    "changed",
    "blocked",
    "unreachable",
    "moved",
    "alive",
    "skipped",
)
"""Verdicts, the ones that ask most of a person first."""


def counts(links: Sequence[Link]) -> dict[LinkVerdict, int]:
    """Number of addresses by verdict, without those of which there are none."""
    found = Counter(link.verdict for link in links)
    return {verdict: found[verdict] for verdict in VERDICTS if found[verdict]}


def by_urgency(links: Sequence[Link]) -> list[Link]:
    """All links, the most urgent first."""
    return sorted(links, key=lambda link: (ORDER.index(link.verdict), link.source, link.url))


def troubles(links: Sequence[Link]) -> list[Link]:
    """The links that ask something of a person: to correct an address, to accept a file, or to look again."""
    return [link for link in by_urgency(links) if link.verdict not in SOUND or link.verdict == "moved"]


def write_page(links: Sequence[Link], root: Root) -> str:
    """Write the page of the links, one for each day on which they were asked.

    Returns:
        its place in the root.
    """
    day = max(link.checked for link in links)
    place = f"links/{day}/links.html"
    page = render(__file__, "links.html.j2", day=day, counts=counts(links), links=by_urgency(links), sound=SOUND)
    root.write_bytes(place, page.encode())
    return place
