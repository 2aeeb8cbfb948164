"""The documents of a split that become records: those that are listed, where a list says so, sound, and once."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from schemas.errors import FormatError
from schemas.formats import Encoding
from schemas.records import Document, Reject
from schemas.task import Split
from tasks.build.read import UNLISTED, Files, check, twice
from tasks.build.read.text import lines
from tasks.build.unpack import Member

IDS = "ids"
"""The role of a file that lists the record ids of a split, one a line."""


def listed(roles: Mapping[str, list[Member]], encoding: Encoding) -> tuple[frozenset[str] | None, Files]:
    """The record ids that belong to the split, if a list says so, and the files that may hold them.

    Where a role has several files, each is one record, and its name up to one of its dots is the record's id.
    """
    if IDS not in roles:
        return None, roles
    named = (line.strip() for member in roles[IDS] for line in lines(member, encoding))
    ids = frozenset(id_ for id_ in named if id_)
    files = {
        role: [member for member in members if len(members) == 1 or not ids.isdisjoint(_stems(member.name))]
        for role, members in roles.items()
        if role != IDS
    }
    if not any(files.values()):
        names = ", ".join(f"`{member.name}`" for member in roles[IDS])
        raise FormatError(f"{names}: none of its {len(ids)} ids names a file; the first are {sorted(ids)[:3]}.")
    return ids, files


def passed_files(roles: Files, files: Files) -> Iterator[Reject]:
    """A reject for each record whose files the list of a split passes over.

    Args:
        roles: all files of the split.
        files: those that may hold records of it, as `listed` gives them.
    """
    for role, members in files.items():
        taken = set(members)
        for member in roles[role]:
            if member not in taken:
                id_ = member.name.rsplit("/", 1)[-1].partition(".")[0]
                yield Reject(id_, UNLISTED, f"`{member.name}` bears an id that no list of a split names")


def passed_by_all(
    passed: Mapping[Split, Mapping[str, Reject]], splits: Mapping[Split, Mapping[str, str]]
) -> list[Reject]:
    """What belongs to no split: each split that reads the same files passed it over.

    Args:
        passed: for each split that was read, what it passed over, by id.
        splits: the declared files of the splits by role.
    """
    outside: dict[str, Reject] = {}
    for split, found in passed.items():
        shared = set(splits[split].values())
        others = [passed[other] for other in passed if shared.intersection(splits[other].values())]
        outside |= {id_: reject for id_, reject in found.items() if all(id_ in other for other in others)}
    return [outside[id_] for id_ in sorted(outside)]


def _stems(name: str) -> Iterator[str]:
    """What may be the id of the record in a file: its name, cut at any of its dots, or whole."""
    name = name.rsplit("/", 1)[-1]
    yield name
    yield from (name[:place] for place, character in enumerate(name) if character == ".")


def absent(ids: Iterable[str], seen: Iterable[str], strays: Sequence[Reject] = ()) -> list[Reject]:
    """A reject for each listed id that no file holds, or that could not be read there."""
    detail = "the list of the split names it, no file holds it"
    if strays:
        first = strays[0]
        detail += f"; {len(strays)} that no list names could not be read, first {first.id}: {first.reason}"
    return [Reject(id_, "listed but not there", detail) for id_ in sorted(set(ids).difference(seen))]


class Kept:
    """The documents of a split that become records, as they pass.

    Attributes:
        rejects: those that do not.
        strays: what could not be read and has no listed id, perhaps because the id could not be read either.
        passed: what no list of the split names, read or not.
        seen: the ids of records and rejects.
        met: how many the reader gave, kept or not.
    """

    def __init__(self, found: Iterable[Document | Reject], ids: frozenset[str] | None) -> None:
        self.found, self.ids = found, ids
        self.rejects: list[Reject] = []
        self.strays: list[Reject] = []
        self.passed: list[Reject] = []
        self.seen: set[str] = set()
        self.met = 0

    def __iter__(self) -> Iterator[Document]:
        known: set[str] = set()
        for item in self.found:
            if self._passes(item):
                continue
            self.met += 1
            self.seen.add(item.id)
            record, aside = (item, []) if isinstance(item, Reject) else self._sound(item)
            self.met += len(aside)
            self.rejects += aside
            if isinstance(record, Reject):
                self.rejects.append(record)
            elif record.id in known:
                self.rejects.append(Reject(item.id, "repeated record", "an earlier record of the split has this id"))
            else:
                known.add(record.id)
                yield record

    def _sound(self, document: Document) -> tuple[Document | Reject, list[Reject]]:
        """A document as a record, and what is left out of it; or why it is none."""
        whole, aside = twice.resolved(document)
        record = check.checked(whole)
        return record, [] if isinstance(record, Reject) else aside

    def _passes(self, item: Document | Reject) -> bool:
        """Whether an item does not belong to the split; if so, it is noted."""
        if isinstance(item, Reject) and item.reason == UNLISTED:
            self.passed.append(item)
            return True
        if self.ids is None or item.id in self.ids:
            return False
        detail = "no list of a split names it"
        if isinstance(item, Reject):
            self.strays.append(item)
            detail += f"; {item.reason}: {item.detail}"
        self.passed.append(Reject(item.id, UNLISTED, detail))
        return True
