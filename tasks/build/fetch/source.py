"""Fetching the files of a source: from the first place that has each, compared with the locks on the way in."""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from threading import Lock as ThreadLock
from typing import NamedTuple

from schemas.errors import FetchError, NotAFile, NotLocked, Unavailable, Withheld
from schemas.receipts import ORIGIN, Blob, Fetched, Order
from schemas.settings import Settings
from schemas.source import Source, file_of
from schemas.state import State
from sources import find
from tasks.base.store.root import Root
from tasks.build.fetch.address import redact
from tasks.build.fetch.blobs import blob_place, copy_in, hash_file, move_in, scratch
from tasks.build.fetch.content import wrong_content
from tasks.build.fetch.download import download
from tasks.build.fetch.lock import Lock, LockLine, committed_lock, confirm, forget
from tasks.build.fetch.lock import remember as pin
from tasks.build.fetch.mirror import Mirror, lent, open_mirror
from tasks.build.fetch.outages import Outages
from tasks.build.fetch.stamps import remember
from tasks.build.fetch.trust import Level, Trust, line_of

_turns: dict[str, ThreadLock] = {}


class _Job(NamedTuple):
    source: Source
    root: Root
    mirrors: tuple[Mirror | None, ...]  # None stands for the declared addresses
    trust: Trust
    settings: Settings
    fresh: bool
    stamps: dict[str, str]
    strict: bool
    outages: Outages


def fetch_source(
    source: Source, order: Order, settings: Settings, *, committed: Lock | None = None, update: bool = False
) -> Fetched:
    """Bring the files of a source into the root.

    Args:
        source: the source.
        order: root, mirrors, whether it is frozen, and whether it is strict.
        settings: how to download.
        committed: the committed lock; that of the sources if None.
        update: do not look at the locks; what comes is written to the root's own lock.

    Returns:
        The blobs, and the withheld files with their reasons.

    Raises:
        FetchError: a mirror is not there; or the order is strict and a file cannot be fetched from any place now.
        ChecksumMismatch: a file of a mirror on this machine, or of a strict order, is not the one that a lock pins.
        NotAFile: a web page came instead of a file, and the order is strict.
        NotLocked: the order is frozen and a file is not pinned.
    """
    root = Root(order.root)
    lock = committed_lock() if committed is None else committed
    mirrors = tuple(None if url == ORIGIN else open_mirror(url, settings) for url in order.mirrors)
    trust = Trust(source, root, lock, order.frozen, update)
    outages = Outages(root, source.id)
    job = _Job(source, root, mirrors, trust, settings, order.fresh, {}, order.strict or update, outages)
    blobs: list[Blob] = []
    withheld: dict[str, str] = {}
    for name in wanted(source, blobs):
        try:
            blobs.append(_fetch_file(job, name))
        except Withheld as reason:
            withheld[name] = str(reason)
        except Unavailable as error:
            outage = outages.add(name, error)
            if (last := _last_good(job, name)) is not None:
                blobs.append(last)
            else:
                withheld[name] = f"`{name}` is unreachable since {outage.since}: {outage.error}"
    fetched = Fetched(source=source.id, blobs=tuple(blobs), withheld=withheld, stamps=job.stamps, outages=outages.now)
    remember(root, fetched)
    outages.remember()
    return fetched


def wanted(source: Source, blobs: Sequence[Blob], coming: Collection[str] = ()) -> Iterator[str]:
    """The publishers' files, then the converted ones that are needed because of those that are not here by then.

    Args:
        source: the source.
        blobs: the files that are here, while the iterator goes on.
        coming: the names of files that may come, likewise.
    """
    yield from source.own_files
    yield from source.spares({*(blob.name for blob in blobs), *coming})


def settle(source: Source, fetched: Fetched, parts: Iterable[str], root: Root, read: bool) -> None:
    """Trust the files of some parts that came for the first time because they were read, or forget them if not."""
    new = {key: line.sha256 for key, line in _first(source, fetched, parts)}
    if new:
        (confirm if read else forget)(root, new)


def pin_read(state: State) -> None:
    """Make sure that the root's own lock has every file that was read and that no other lock pins.

    Steps of several processes that write the lock at once may lose each other's lines. Call it when they have ended.
    """
    lines: dict[str, LockLine] = {}
    for built in state.sources:
        if built.fetched is not None:
            parts = [batch.part for batch in built.batches if not batch.withheld]
            lines |= _first(find(built.source), built.fetched, parts)
    if lines:
        pin(Root(state.order.root), lines)


def _first(source: Source, fetched: Fetched, parts: Iterable[str]) -> Iterator[tuple[str, LockLine]]:
    """The files of some parts that the root's own lock pins: their keys and lines."""
    given = source.given({blob.name for blob in fetched.blobs})
    names = {file_of(member) for part in parts for member in given.parts[part].members}
    for blob in fetched.blobs:
        if blob.trust == "first-use" and blob.name in names:
            yield lock_key(source, blob.name), line_of(blob.sha256, blob.bytes)


def lock_key(source: Source, name: str) -> str:
    """The address under which the locks know a file: its first declared one."""
    urls = source.urls(name)
    return redact(urls[0]) if urls else f"{source.id}/{name}"


def _fetch_file(job: _Job, name: str) -> Blob:
    """The file from the first of its places that has it.

    Raises:
        Unavailable: none has it, and a server among them fails now.
        Withheld: none has it.
        FetchError: the user must act: the order is frozen or strict, or a folder of this machine holds other bytes.
    """
    key = lock_key(job.source, name)
    errors: list[FetchError] = []
    with _turns.setdefault(f"{job.root.url} {key}", ThreadLock()):  # two sources may share an address
        for mirror in job.mirrors:
            try:
                blob = _from_origin(job, name, key) if mirror is None else _from_mirror(job, name, key, mirror)
            except FetchError as error:
                if job.strict or isinstance(error, NotLocked) or (mirror is not None and mirror.is_local):
                    raise
                errors.append(error)
            else:
                if blob is not None:
                    return blob
    if errors:
        raise Unavailable(" ".join(map(str, errors)))
    raise Withheld(reason(job.source, name, any(job.mirrors)))


def _last_good(job: _Job, name: str) -> Blob | None:
    """The file as a lock pins it, if the root has these bytes."""
    key = lock_key(job.source, name)
    line, level = job.trust.line(key)
    if line is None or not job.root.exists(blob_place(line.sha256)):
        return None
    return blob_of(name, key, line, blob_place(line.sha256), level)


def _from_mirror(job: _Job, name: str, key: str, mirror: Mirror) -> Blob | None:
    place = mirror.place(job.source.id, name)
    if mirror.original and not mirror.is_local and (blob := _known(job, name)) is not None:
        return blob
    before = mirror.stamp(job.source.id, name)
    with (
        scratch(job.root) as folder,
        lent(mirror, job.source.id, name, folder, job.settings) as path,
    ):
        if path is None:
            return None
        found = line_of(*hash_file(path))
        level = job.trust.check_copy(key, name, found, place) if mirror.original else None
        stored = copy_in(job.root, path, found.sha256)
    if level is not None:
        job.trust.remember(key, found, level)
    if before and mirror.stamp(job.source.id, name) == before:
        job.stamps[name] = before
    return blob_of(name, place, found, stored, level)


def _from_origin(job: _Job, name: str, key: str) -> Blob | None:
    if job.source.access != "open" or not job.source.urls(name):
        return None
    job.trust.require(key, name)
    if (blob := _known(job, name)) is not None:
        return blob
    errors: list[FetchError] = []
    for url in job.source.urls(name):
        try:
            return _downloaded(job, name, key, url)
        except FetchError as error:
            errors.append(error)
    if len(errors) == 1:
        raise errors[0]
    reasons = " ".join(map(str, errors))
    raise type(errors[0])(f"`{job.source.id}`: none of the addresses gave `{name}`: {reasons}")


def _known(job: _Job, name: str) -> Blob | None:
    """The blob that a lock names, if the root has it and it need not come anew, as after an outage."""
    return None if job.fresh or job.outages.since(name) else _last_good(job, name)


def _downloaded(job: _Job, name: str, key: str, url: str) -> Blob:
    with scratch(job.root) as folder:
        partial = folder / _partial(job.source.id, url)
        found = line_of(*download(url, partial, job.settings, name, job.trust.size(key)))
        try:
            level = job.trust.check(key, name, found, redact(url))
            if level == "first-use" and (wrong := wrong_content(partial, name)):
                raise NotAFile(f"`{redact(url)}`: expected `{name}`, found {wrong}.", url=redact(url))
        except FetchError:
            partial.unlink()
            raise
        stored = move_in(job.root, partial, found.sha256)
    job.trust.remember(key, found, level)
    return blob_of(name, redact(url), found, stored, level)


def _partial(source: str, url: str) -> str:
    """The name of a file while it comes: a later try goes on with it, but no other source that shares the address."""
    return f".partial-{hashlib.sha256(f'{source} {url}'.encode()).hexdigest()[:16]}"


def blob_of(name: str, url: str, line: LockLine, place: str, level: Level | None) -> Blob:
    """The receipt of a file; without a level, a mirror of files that are not the publishers' vouches for it."""
    return Blob(
        name=name,
        url=url,
        sha256=line.sha256,
        bytes=line.bytes,
        place=place,
        original=level is not None,
        trust=level or "mirror",
    )


def reason(source: Source, name: str, mirrored: bool) -> str:
    """Why a file is withheld and what to do about it; it stands in the release, so it names no place of a machine.

    Args:
        source: the source.
        name: the file's name.
        mirrored: whether mirrors were given.
    """
    found = f"`{name}` is in none of the mirrors given" if mirrored else f"`{name}` is not here"
    if source.access == "open" and source.urls(name):
        return f"{found}; add `--mirror {ORIGIN}` to download it"
    cure = f"put it at <mirror>/{source.id}/{name} and pass `--mirror <mirror>`"
    if source.access == "open":
        return f"{found}, and `{source.id}` declares no address for it; {cure}"
    verb = "ask at" if source.access == "gone" else "apply at"
    how = f"(access: {source.access}); {verb} {source.apply}, {cure}"
    return f"{found}, and `{source.id}` is not downloaded {how}"
