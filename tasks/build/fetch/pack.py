"""Pack: a folder tree stands for an archive, always with the same bytes for the same tree.

Mirrors that people keep by hand, such as `demo/`, hold plain folders that diff well where the publisher has
an archive. Names are sorted, times and modes fixed, and nothing is compressed, since compressors differ
between machines. A folder in the tree with an archive's name stands for an inner archive.
"""

import gzip
import shutil
import stat
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, cast

from schemas.errors import FetchError
from tasks.base.store.scratch import scratch

_MODE = 0o644
_FIRST = "[Content_Types].xml"  # readers of workbooks want their list of members first


def is_archive_name(name: str) -> bool:
    """Whether a folder of that name stands for an archive."""
    return _packer(name) is not None


def pack(tree: Path, target: Path) -> None:
    """Pack a folder as the archive that its name says.

    Args:
        tree: the folder.
        target: the file to write.

    Raises:
        FetchError: the tree holds a link, or a lone packed file (`.gz`) has more than one member.
    """
    packer = _packer(tree.name)
    assert packer is not None, tree
    with scratch("pack") as folder, target.open("wb") as file:
        packer(_leaves(tree, folder), file)


def _leaves(tree: Path, scratch: Path) -> Iterator[tuple[str, Path]]:
    """The files of a tree by name in it, sorted; inner archives are packed when their turn comes."""
    for name, path in sorted(_found(tree, ""), key=lambda leaf: (leaf[0] != _FIRST, leaf[0])):
        if not path.is_dir():
            yield name, path
            continue
        packed = scratch / "inner"
        pack(path, packed)
        yield name, packed


def _found(folder: Path, prefix: str) -> Iterator[tuple[str, Path]]:
    for path in folder.iterdir():
        name = prefix + path.name
        if path.is_symlink():
            raise FetchError(f"`{path}`: expected files and folders, found a link. Put its file there.", path=path)
        if path.is_dir() and not is_archive_name(path.name):
            yield from _found(path, f"{name}/")
        else:
            yield name, path


def _packer(name: str) -> Callable[[Iterator[tuple[str, Path]], IO[bytes]], None] | None:
    return next((packer for suffix, packer in _PACKERS.items() if name.lower().endswith(suffix)), None)


def _zip(leaves: Iterator[tuple[str, Path]], file: IO[bytes]) -> None:
    with zipfile.ZipFile(file, "w") as archive:
        for name, path in leaves:
            info = zipfile.ZipInfo(name)  # stored, and dated 1980-01-01
            info.create_system = 3
            info.external_attr = (stat.S_IFREG | _MODE) << 16
            info.file_size = path.stat().st_size
            with path.open("rb") as source, archive.open(info, "w") as member:
                shutil.copyfileobj(source, member)


def _tar(leaves: Iterator[tuple[str, Path]], file: IO[bytes]) -> None:
    with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, path in leaves:
            info = tarfile.TarInfo(name)  # dated 1970-01-01, of nobody
            info.size = path.stat().st_size
            info.mode = _MODE
            with path.open("rb") as source:
                archive.addfile(info, source)


def _gzipped(file: IO[bytes]) -> gzip.GzipFile:
    return gzip.GzipFile(filename="", mode="wb", fileobj=file, compresslevel=0, mtime=0)


def _tar_gz(leaves: Iterator[tuple[str, Path]], file: IO[bytes]) -> None:
    with _gzipped(file) as stream:
        _tar(leaves, cast("IO[bytes]", stream))


def _gz(leaves: Iterator[tuple[str, Path]], file: IO[bytes]) -> None:
    members = list(leaves)
    if len(members) != 1:
        names = [name for name, _ in members]
        raise FetchError(f"A folder named as a packed file (`.gz`) holds one file, found {names}.")
    with _gzipped(file) as stream, members[0][1].open("rb") as source:
        shutil.copyfileobj(source, stream)


_PACKERS: dict[str, Callable[[Iterator[tuple[str, Path]], IO[bytes]], None]] = {
    ".zip": _zip,
    ".xlsx": _zip,
    ".tar.gz": _tar_gz,
    ".tgz": _tar_gz,
    ".tar": _tar,
    ".gz": _gz,
}
