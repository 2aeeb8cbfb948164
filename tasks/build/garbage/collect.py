"""Collecting what nothing needs: what there is of each kind, and its removal.

Only folders and files that carry a name of the pipeline's own, a hash or a version, are looked at. Releases,
benchmarks, mixtures, exports, models and whatever else lies in a root are never touched.
"""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from tasks.base.store.root import DONE, Root
from tasks.build.garbage.needed import needed

_STAGE = re.compile(r"[0-9a-f]{16}")


class Where(NamedTuple):
    """Where something of one kind lies: in which folder, how deep in it, and what its name looks like."""

    folder: str
    depth: int
    named: re.Pattern[str] = _STAGE


KINDS: Mapping[str, Where] = {
    "blobs": Where("blobs", 1, re.compile(r"[0-9a-f]{64}")),
    "unfinished downloads": Where("blobs", 1, re.compile(r"\.partial-[0-9a-f]{16}")),
    "records": Where("records", 2),
    "samples": Where("samples", 2),
    "rejects": Where("rejects", 3, re.compile(r"[0-9a-f]{16}\.parquet")),
    "indexes and audits": Where("audit", 2),
    "measurements": Where("catalogue/measured", 1),
    "diagnoses": Where("catalogue/diagnosed", 1),
    "verdicts": Where("catalogue/verdicts", 1),
    "builds": Where("catalogue/builds", 1, re.compile(r"\d.*-[0-9a-f]{8}\.json")),
}
"""What is collected. A build is needed as long as the release that was made of it is in the root."""

_MARKERS = (DONE, "profile.json")
"""Files that say a folder is complete: they go first, so that one half removed is made anew."""


class Unit(NamedTuple):
    """A blob, the folder of a stage, or a file of rejects.

    Attributes:
        place: where it lies in the root.
        bytes: the sum of its files.
        modified: when the last of them was written.
        markers: those of its files that say it is complete.
    """

    place: str
    bytes: int
    modified: datetime
    markers: tuple[str, ...] = ()


class Collection(NamedTuple):
    """What a root has of one kind.

    Attributes:
        garbage: what nothing needs.
        young: what nothing needs either, but is too new to be removed: an unfinished build may have left it.
        used: bytes of what is needed.
    """

    kind: str
    garbage: tuple[Unit, ...]
    young: tuple[Unit, ...]
    used: int

    @property
    def told(self) -> dict[str, Any]:
        """It, for programs: places and bytes."""
        return {
            "kind": self.kind,
            "garbage": [{"place": unit.place, "bytes": unit.bytes} for unit in self.garbage],
            "young": [{"place": unit.place, "bytes": unit.bytes} for unit in self.young],
            "used": self.used,
        }


def collect(root: Root, keep_days: float) -> list[Collection]:
    """Find what nothing needs, by kind; call it with the root locked.

    Args:
        root: the root.
        keep_days: days for which what nothing needs stays.
    """
    names, oldest = needed(root), datetime.now(UTC) - timedelta(days=keep_days)
    return [_collection(kind, root, names, oldest) for kind in KINDS]


def remove(root: Root, unit: Unit) -> None:
    """Remove something and the folders that it leaves empty; a stage is incomplete before the rest of it goes."""
    for marker in unit.markers:
        root.remove(f"{unit.place}/{marker}")
    root.remove(unit.place)
    if root.is_local:
        with suppress(OSError):  # it is not empty
            Path(root.uri(unit.place)).parent.rmdir()


def _collection(kind: str, root: Root, names: frozenset[str], oldest: datetime) -> Collection:
    garbage: list[Unit] = []
    young: list[Unit] = []
    used = 0
    for unit in _units(root, KINDS[kind]):
        if _stem(unit.place) in names:
            used += unit.bytes
        else:
            (young if unit.modified > oldest else garbage).append(unit)
    return Collection(kind, tuple(garbage), tuple(young), used)


def _stem(place: str) -> str:
    return place.rpartition("/")[2].removesuffix(".parquet").removesuffix(".json")


def _units(root: Root, where: Where) -> list[Unit]:
    """All of one kind, each with the sum of its files, sorted."""
    found: dict[str, Unit] = {}
    for place, size, modified in _files(root, where.folder):
        steps = place.removeprefix(f"{where.folder}/").split("/")[: where.depth]
        if len(steps) < where.depth or not where.named.fullmatch(steps[-1]):
            continue
        name = "/".join((where.folder, *steps))
        before = found.get(name, Unit(name, 0, modified))
        marker = (file,) if (file := place.removeprefix(f"{name}/")) in _MARKERS else ()
        latest = max(before.modified, modified)
        found[name] = Unit(name, before.bytes + size, latest, before.markers + marker)
    return [found[name] for name in sorted(found)]


def _files(root: Root, folder: str) -> Iterator[tuple[str, int, datetime]]:
    """All files below a folder: place, size, time of writing. Links are not followed."""
    return _local_files(root, folder) if root.is_local else _remote_files(root, folder)


def _local_files(root: Root, folder: str) -> Iterator[tuple[str, int, datetime]]:
    for where, _, names in os.walk(root.uri(folder)):
        for name in names:
            path = Path(where, name)
            with suppress(FileNotFoundError):
                about = path.lstat()
                modified = datetime.fromtimestamp(about.st_mtime, UTC)
                yield path.relative_to(root.url).as_posix(), about.st_size, modified


def _remote_files(root: Root, folder: str) -> Iterator[tuple[str, int, datetime]]:
    root.fs.invalidate_cache()
    start = str(root.fs._strip_protocol(root.uri(folder)))
    found: Any = root.fs.find(root.uri(folder), detail=True) if root.exists(folder) else {}
    for path, about in found.items():
        when = about.get("LastModified") or root.fs.modified(path)
        yield f"{folder}{path.removeprefix(start)}", int(about["size"]), when
