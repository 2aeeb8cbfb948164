"""The files of a part: which splits have theirs, and how they are unpacked."""

from collections.abc import Mapping
from pathlib import Path

from schemas.errors import ArchiveError
from schemas.receipts import Batch, Fetched
from schemas.settings import Settings
from schemas.source import Part, Source, file_of
from schemas.task import Split
from tasks.base.store.root import Root
from tasks.build.read.kept import IDS
from tasks.build.unpack import Member, unpack_all

LISTS = (IDS, "documents")
"""Roles of files that list the records of a split."""

Roles = dict[str, str]


def available(declared: Part, fetched: Fetched) -> tuple[dict[Split, Roles], dict[Split, str]]:
    """The splits whose files were all fetched, by role, and the reasons why the others are withheld.

    If only the lists of the splits are missing, a part may declare that its records are read as one split.
    """
    blobs = {blob.name for blob in fetched.blobs}

    def lost(roles: Roles) -> Roles:
        files = {role: file_of(spec) for role, spec in roles.items()}
        gone = {role: name for role, name in files.items() if name not in blobs}
        return {role: fetched.withheld.get(name, f"`{name}` is not there") for role, name in sorted(gone.items())}

    there: dict[Split, Roles] = {}
    missing: dict[Split, str] = {}
    for split, roles in declared.splits.items():
        if reasons := lost(roles):
            missing[split] = "; ".join(dict.fromkeys(reasons.values()))
        else:
            there[split] = roles
    whole = declared.unlisted
    if whole is not None and not there and set(lost(declared.splits[whole])) <= set(LISTS):
        there[whole] = {role: spec for role, spec in declared.splits[whole].items() if role not in LISTS}
        why = missing.pop(whole)
        missing = dict.fromkeys(missing, f"{why}; without it all records are in {whole}")
    return there, missing


def sound(source: Source, fetched: Fetched) -> Fetched:
    """The files without those that are known to be damaged, which are withheld with what is wrong."""
    damaged = {blob.name: source.damaged[blob.sha256] for blob in fetched.blobs if blob.sha256 in source.damaged}
    reasons = {name: f"the copy of `{name}` at hand is damaged: {what}" for name, what in damaged.items()}
    blobs = tuple(blob for blob in fetched.blobs if blob.name not in damaged)
    return fetched.model_copy(update={"blobs": blobs, "withheld": {**fetched.withheld, **reasons}})


Unpacked = dict[Split, dict[str, list[Member]]]


def unpack(
    source: Source, planned: Batch, fetched: Fetched, root: Root, into: Path, settings: Settings
) -> tuple[Unpacked, dict[Split, str]]:
    """The unpacked files of each split, and the splits that a partial copy lacks, with the reason.

    Raises:
        ArchiveError: a declared member is missing from its archive, which is not known to be a partial copy.
    """
    paths = {blob.name: root.local(blob.place) for blob in fetched.blobs}
    there, _ = available(source.parts[planned.part], fetched)
    try:
        return members_of(there, source.id, paths, into, settings), {}
    except ArchiveError as error:
        if not planned.partial or "pattern" not in error.facts:
            raise
    files: Unpacked = {}
    lacking: dict[Split, str] = {}
    for split, roles in there.items():
        try:
            files |= members_of({split: roles}, source.id, paths, into, settings)
        except ArchiveError as error:
            if "pattern" not in error.facts:
                raise
            place = str(error.facts["place"]).removeprefix(f"{source.id}: ")
            lacking[split] = f"this copy of `{place}` has no `{error.facts['pattern']}`"
    return files, lacking


def members_of(
    splits: Mapping[Split, Mapping[str, str]], source: str, paths: Mapping[str, Path], into: Path, settings: Settings
) -> Unpacked:
    """Unpack the files of some splits, each archive once."""
    wanted: dict[str, dict[tuple[Split, str], str]] = {}
    for split, roles in splits.items():
        for role, spec in roles.items():
            wanted.setdefault(file_of(spec), {})[split, role] = spec
    unpacked: dict[tuple[Split, str], list[Member]] = {}
    for name, specs in wanted.items():
        unpacked |= unpack_all(paths[name], specs, into, settings, source)
    return {split: {role: unpacked[split, role] for role in roles} for split, roles in splits.items()}
