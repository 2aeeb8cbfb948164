"""Files read one by one: if one of several cannot be read, only it, or the document made from it, is lost."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

import polars as pl

from schemas.errors import FormatError
from schemas.records import Reject
from tasks.build.read import Table
from tasks.build.unpack import Member

BROKEN = "broken file"
"""The reason of a reject that stands for a file that is not in the declared format at all."""

Place = TypeVar("Place")
Item = TypeVar("Item")


def each(
    places: Sequence[Place], read_one: Callable[[Place], Iterable[Item]], name: Callable[[Place], str]
) -> Iterator[Item | Reject]:
    """What is read from each of several places, one after the other.

    Of a file that is read in pieces, what stands before the broken place has been given.

    Args:
        places: files, or whatever names the files of one document.
        read_one: reads one of them.
        name: the id of the reject that stands for a broken one.

    Raises:
        FormatError: the only one is broken, or all are, which says more of the declaration than of the files.
    """
    first: FormatError | None = None
    sound = False
    for place in places:
        try:
            yield from read_one(place)
            sound = True
        except FormatError as error:
            if len(places) == 1:
                raise
            first = first or error
            yield Reject(name(place), BROKEN, str(error))
    if first is not None and not sound:
        raise first


def each_file(members: Sequence[Member], read_one: Callable[[Member], Iterable[Item]]) -> Iterator[Item | Reject]:
    """What is read from each of several files; a reject for a broken one has its name."""
    return each(members, read_one, lambda member: member.name)


def each_table(members: Sequence[Member], read_one: Callable[[Member], Table]) -> Table:
    """The tables of several files as one."""
    found = list(each_file(members, lambda member: [read_one(member)]))
    tables = [table for table in found if isinstance(table, Table)]
    broken = [reject for reject in found if isinstance(reject, Reject)]
    return Table(pl.concat([table.frame for table in tables]), [*broken, *(r for t in tables for r in t.rejects)])


def sound(items: Iterable[Item | Reject], rejects: list[Reject]) -> Iterator[Item]:
    """The items that are no rejects; those are added to a list."""
    for item in items:
        if isinstance(item, Reject):
            rejects.append(item)
        else:
            yield item
