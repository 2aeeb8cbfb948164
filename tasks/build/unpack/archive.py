"""Archives as a walk over their members: told by their first bytes, and believed in nothing they claim.

Names are taken apart here and sizes are counted while bytes come out, because an archive from the internet
may name files outside its folder, hold links, or unpack to far more than it says. Only plain files are given.
"""

import bz2
import gzip
import lzma
import re
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import PurePosixPath
from typing import IO, NamedTuple, cast

from schemas.errors import ArchiveError
from tasks.build.unpack.allowance import Allowance, Counted
from tasks.build.unpack.member import Member
from tasks.build.unpack.zip_list import refuse_crowd

_Opener = Callable[[IO[bytes]], IO[bytes]]

_OPENERS: dict[bytes, _Opener] = {
    b"\x1f\x8b": gzip.open,  # pyright: ignore[reportAssignmentType]
    b"BZh": bz2.open,  # pyright: ignore[reportAssignmentType]
    b"\xfd7zXZ\x00": lzma.open,  # pyright: ignore[reportAssignmentType]
}
_SUFFIXES = (".gz", ".bz2", ".xz")
DAMAGE = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    ValueError,
    RuntimeError,  # zipfile on encryption, and RecursionError of a chain of tar headers
    NotImplementedError,
)
"""What the archive libraries raise on damaged bytes."""


class Entry(NamedTuple):
    """A plain file in an archive, valid until the walk goes on.

    Attributes:
        name: its path within the archive, checked and without `.` or empty parts.
        open: opens its bytes.
        packed: size of its packed bytes; None where the archive is packed as a whole.
    """

    name: str
    open: Callable[[], IO[bytes]]
    packed: int | None = None


@contextmanager
def damage_named(place: str, cure: str) -> Iterator[None]:
    """Turn what the archive libraries raise on damaged bytes into one error that names the place.

    Args:
        place: the archive's name for the user, archives around it first.
        cure: the next command.

    Raises:
        ArchiveError: instead of their errors.
    """
    try:
        yield
    except DAMAGE as error:
        raise _damaged(place, error, cure) from error
    except OSError as error:
        if error.errno is not None:  # a full disk is not the archive's fault
            raise
        raise _damaged(place, error, cure) from error


def _damaged(place: str, error: Exception, cure: str) -> ArchiveError:
    found = str(error) or type(error).__name__
    return ArchiveError(f"`{place}`: expected a sound archive, found damage: {found}. {cure}", place=place)


def entries(archive: Member, place: str, allowance: Allowance) -> Iterator[Entry]:
    """Walk over the plain files of an archive in the order in which they stand in it.

    Args:
        archive: the archive, from whose name a lone packed file (`x.tsv.gz`) has its own.
        place: the archive's name for the user, source and archives around it first.
        allowance: what it may unpack to.

    Raises:
        ArchiveError: unsupported format, too many members, or a member name that leaves the folder.
    """
    with archive.open() as file:
        head = file.read(tarfile.BLOCKSIZE)
    if head[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return _zip(archive, place, allowance)
    opener = next((opener for magic, opener in _OPENERS.items() if head.startswith(magic)), None)
    if opener is not None:
        with archive.open() as file, opener(file) as unpacked:
            head = unpacked.read(tarfile.BLOCKSIZE)
    if _is_tar(head):
        return _tar(archive, opener, place, allowance)
    if opener is not None:
        return _lone(archive, opener)
    raise ArchiveError(
        f"`{place}`: expected a zip, tar, gz, bz2 or xz archive, found one that begins with {head[:8]!r}. "
        "Put an archive of these kinds into a mirror, or declare the file without `!`.",
        place=place,
    )


def _lone(archive: Member, opener: _Opener) -> Iterator[Entry]:
    name = PurePosixPath(archive.name)
    with archive.open() as file:
        yield Entry(name.stem if name.suffix in _SUFFIXES else name.name, partial(opener, file), archive.size)


def _is_tar(block: bytes) -> bool:
    try:
        tarfile.TarInfo.frombuf(bytearray(block), "utf-8", "surrogateescape")
    except tarfile.HeaderError:
        return len(block) == tarfile.BLOCKSIZE and not block.strip(b"\0")
    return True


def _zip(archive: Member, place: str, allowance: Allowance) -> Iterator[Entry]:
    with archive.open() as file:
        refuse_crowd(file, place, allowance)
        packed = zipfile.ZipFile(file)
        for info in packed.infolist():
            allowance.count_member(place)
            name = _safe(_zip_name(info), place)
            kind = stat.S_IFMT(info.external_attr >> 16)
            if info.is_dir() or kind not in (0, stat.S_IFREG):
                continue
            yield Entry(name, partial(_zip_open, packed, info, place), info.compress_size)


def _zip_name(info: zipfile.ZipInfo) -> str:
    name = info.orig_filename  # `filename` is already cut at a NUL
    if info.flag_bits & 0x800 or name.isascii():
        return name
    try:  # many tools write UTF-8 without saying so
        return name.encode("cp437").decode("utf-8")
    except UnicodeError:
        return name


def _zip_open(archive: zipfile.ZipFile, info: zipfile.ZipInfo, place: str) -> IO[bytes]:
    if info.flag_bits & 0x1:
        raise ArchiveError(
            f"`{place}`: expected members without a password, found `{info.filename}` encrypted. Unpack it "
            "with the publisher's password and put an archive without one into a mirror.",
            place=place,
        )
    return archive.open(info)


def _tar(archive: Member, opener: _Opener | None, place: str, allowance: Allowance) -> Iterator[Entry]:
    packed = archive.size if opener else None
    with archive.open() as file, opener(file) if opener else file as unpacked:
        stream = Counted(unpacked, allowance, place, packed)
        with tarfile.open(fileobj=cast("IO[bytes]", stream), mode="r:") as tar:
            while (info := tar.next()) is not None:
                vars(tar)["members"].clear()  # else it keeps every header
                allowance.count_member(place)
                name = _safe(_tar_name(info), place)
                if info.isreg() and not info.issparse():
                    yield Entry(name, partial(_tar_open, tar, info))
        last = stream.last
        if last.strip(b"\0") or (opener is None and not last):
            raise EOFError("the end-of-archive mark is missing")
        stream.drain()  # so that the checksum of the whole is looked at


def _tar_name(info: tarfile.TarInfo) -> str:
    try:
        info.name.encode()
    except UnicodeEncodeError:
        return info.name.encode("utf-8", "surrogateescape").decode("latin-1")
    return info.name


def _tar_open(archive: tarfile.TarFile, info: tarfile.TarInfo) -> IO[bytes]:
    file = archive.extractfile(info)
    assert file is not None
    return file


def _safe(name: str, place: str) -> str:
    parts = name.split("/")
    if name.startswith("/") or ".." in parts or re.match(r"[A-Za-z]:|.*[\\\0]", name, re.DOTALL):
        raise ArchiveError(
            f"`{place}`: expected member names within the archive's own folder, found {name!r}. An honest "
            "archive has no such name: look at the file, and tell its publisher.",
            place=place,
            member=name,
        )
    return "/".join(part for part in parts if part not in ("", "."))
