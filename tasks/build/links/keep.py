"""What a root knows of the declared addresses: the last answers, and since when it is so."""

from collections.abc import Iterable

import polars as pl

from schemas.links import Address, Answer, Link, LinkVerdict, Spell
from sources import registry
from tasks.base.store.frames import read
from tasks.base.store.root import Root
from tasks.build.fetch.address import redact
from tasks.build.links.judge import judge

PLACE = "catalogue/links.parquet"

_SPELL = pl.Struct({"verdict": pl.String(), "first": pl.String(), "last": pl.String()})
COLUMNS = {
    **dict.fromkeys(("source", "file", "url", "verdict", "detail"), pl.String()),
    "status": pl.Int64(),
    "final": pl.String(),
    "bytes": pl.Int64(),
    **dict.fromkeys(("since", "checked", "last_alive", "heard", "stamp"), pl.String()),
    "history": pl.List(_SPELL),
}
_DERIVED = ("verdict", "since", "checked", "last_alive")

Known = dict[tuple[str, str], Link]
"""Links by source and address."""


def place(root: Root) -> str:
    """Where a root keeps its links; there is a file, also where nothing was asked yet."""
    if not root.exists(PLACE):
        _write(root, ())
    return PLACE


def known(root: Root) -> Known:
    """What a root knows."""
    if not root.exists(PLACE):
        return {}
    rows = read(root.local(PLACE)).drop(_DERIVED).to_dicts()
    return {(link.source, link.url): link for link in map(Link.model_validate, rows)}


def row(link: Link) -> dict[str, object]:
    """A link with what follows from its history."""
    return {**link.model_dump(), **{name: getattr(link, name) for name in _DERIVED}}


def keep(root: Root, links: Iterable[Link]) -> None:
    """Add links to what a root knows, in place of what it knew of the same addresses; undeclared ones are dropped."""
    found = known(root) | {(link.source, link.url): link for link in links}
    declared = {
        (source.id, redact(url)) for source in registry().values() for name in source.files for url in source.urls(name)
    }
    rows = [row(link) for key, link in sorted(found.items()) if key in declared]
    _write(root, rows)


def _write(root: Root, rows: Iterable[dict[str, object]]) -> None:
    with root.writing(PLACE) as path:
        pl.DataFrame(list(rows), schema=COLUMNS).write_parquet(path)


def link_of(address: Address, answer: Answer | None, before: Link | None, day: str) -> Link:
    """What is known of an address after an answer.

    Args:
        address: the address.
        answer: what it answered; None where it was not asked.
        before: what was known of it.
        day: today, as `YYYY-MM-DD`.
    """
    verdict, detail = judge(address, answer)
    heard = answer or Answer(address.url)
    right = verdict in ("alive", "moved")
    return Link(
        source=address.source,
        file=address.file,
        url=address.url,
        detail=detail,
        status=heard.status,
        final=heard.final,
        bytes=heard.size,
        heard=heard.stamp,
        stamp=heard.stamp if right else before.stamp if before else "",
        history=_history(before.history if before else (), verdict, day),
    )


def vouched(link: Link, day: str) -> Link:
    """A link that seemed changed, after the file was fetched and is the same."""
    before = link.history[:-1] if link.since == day else link.history
    return link.model_copy(
        update={
            "detail": "another version by name, the same bytes",
            "stamp": link.heard,
            "history": _history(before, "alive", day),
        }
    )


def _history(before: tuple[Spell, ...], verdict: LinkVerdict, day: str) -> tuple[Spell, ...]:
    """The spells with one more day."""
    if before and before[-1].verdict == verdict:
        return (*before[:-1], before[-1].model_copy(update={"last": day}))
    return (*before, Spell(verdict=verdict, first=day, last=day))
