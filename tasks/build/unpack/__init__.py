"""Unpack: the wanted members of an archive become files on this machine, or bytes in memory, and nothing else does.

A declaration names a member as `archive.zip!member`, again with `!` for an archive in an archive, and may use
globs. All declarations of one archive are served by one pass over it, so that train, dev and test cost one.
"""

import tempfile
from collections.abc import Iterator, Mapping
from itertools import count
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple, TypeVar

from schemas.errors import ArchiveError
from schemas.settings import Settings
from tasks.build.unpack.allowance import Allowance
from tasks.build.unpack.archive import damage_named, entries
from tasks.build.unpack.globs import matcher, nearest
from tasks.build.unpack.member import Member

__all__ = ["Member", "members", "unpack_all"]

Key = TypeVar("Key")


class _Job(NamedTuple):
    folder: Path
    numbers: Iterator[int]
    allowance: Allowance
    source: str


def members(path: Path, spec: str, into: Path, settings: Settings, source: str = "<source>") -> list[Member]:
    """Unpack what one declaration names; see `unpack_all`."""
    return unpack_all(path, {"": spec}, into, settings, source)[""]


def unpack_all(
    path: Path, specs: Mapping[Key, str], into: Path, settings: Settings, source: str = "<source>"
) -> dict[Key, list[Member]]:
    """Unpack what several declarations name in the same file.

    Args:
        path: the file, under any name.
        specs: declarations by whatever the caller calls them, all with the same file name first; one without
            `!` is the file itself, which is not copied.
        into: folder for the larger members, made if it is not there. They get numbered names in a new folder of
            their own, so that several calls can share it.
        settings: how much an archive may unpack to.
        source: the source's id, for messages.

    Returns:
        For each key the members, sorted by name (of inner archives matched by a glob, archive by archive). A
        name that an archive holds twice stands for its last bytes, as with other unpackers.

    Raises:
        ArchiveError: the archive is damaged, encrypted, unknown, hostile or too large, or lacks a member.
    """
    chains = {key: spec.split("!") for key, spec in specs.items()}
    name = next((chain[0] for chain in chains.values()), "")
    into.mkdir(parents=True, exist_ok=True)
    job = _Job(Path(tempfile.mkdtemp(dir=into)), count(), Allowance(settings), source)
    inner = {key: chain[1:] for key, chain in chains.items()}
    return _unpacked(Member(name, path), f"{source}: {name}", inner, job)


def _unpacked(archive: Member, place: str, chains: Mapping[Key, list[str]], job: _Job) -> dict[Key, list[Member]]:
    found: dict[Key, list[Member]] = {key: [] if chain else [archive] for key, chain in chains.items()}
    deeper = {key: chain for key, chain in chains.items() if chain}
    if not deeper:
        return found
    extracted, matched = _extracted(archive, place, {chain[0] for chain in deeper.values()}, job)
    for member in sorted(extracted, key=attrgetter("name")):
        inner = {key: chain[1:] for key, chain in deeper.items() if member.name in matched[chain[0]]}
        for key, reached in _unpacked(member, f"{place}!{member.name}", inner, job).items():
            found[key] += reached
    return found


def _extracted(archive: Member, place: str, patterns: set[str], job: _Job) -> tuple[list[Member], dict[str, set[str]]]:
    """Unpack the members that any of the patterns matches; also the names that each pattern does."""
    matchers = {pattern: matcher(pattern) for pattern in sorted(patterns)}
    names: set[str] = set()
    found: dict[str, Path | bytes] = {}
    matched: dict[str, set[str]] = {pattern: set() for pattern in matchers}
    with damage_named(place, f"If the publisher has mended it: `medinst lock {job.source} --update`."):
        for entry in entries(archive, place, job.allowance):
            names.add(entry.name)
            if reached := [pattern for pattern, matches in matchers.items() if matches(entry.name)]:
                with entry.open() as source:
                    target = job.folder / str(next(job.numbers))
                    found[entry.name] = job.allowance.kept(source, target, f"{place}!{entry.name}", entry.packed)
                for pattern in reached:
                    matched[pattern].add(entry.name)
    for pattern in (pattern for pattern, reached in matched.items() if not reached):
        raise _missing(pattern, names, place, job.source)
    return [Member(name, content) for name, content in found.items()], matched


def _missing(pattern: str, names: set[str], place: str, source: str) -> ArchiveError:
    there = ", ".join(f"`{name}`" for name in nearest(pattern, names)) or "none"
    return ArchiveError(
        f"`{place}`: expected a member that `{pattern}` names, found others: {there} (links are never "
        f"followed). Correct the declaration in `sources/{source}.py`.",
        place=place,
        pattern=pattern,
    )
