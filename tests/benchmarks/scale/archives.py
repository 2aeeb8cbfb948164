"""Packing what was written, compressed as the publishers' archives are; equal files make equal archives."""

import gzip
import shutil
import tarfile
import zipfile
from pathlib import Path
from typing import IO, cast

LEVEL = 1


def pack(tree: Path, target: Path) -> None:
    """Pack the files of a folder into the archive that the target's name says, and remove the folder."""
    members = sorted(path for path in tree.rglob("*") if path.is_file())
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.suffix == ".zip":
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as archive:
            for path in members:
                info = zipfile.ZipInfo(path.relative_to(tree).as_posix())
                info.compress_type, info.file_size = zipfile.ZIP_DEFLATED, path.stat().st_size
                with path.open("rb") as source, archive.open(info, "w") as member:
                    shutil.copyfileobj(source, member, 2**20)
    else:
        with (
            target.open("wb") as file,
            gzip.GzipFile(filename="", mode="wb", fileobj=file, compresslevel=LEVEL, mtime=0) as stream,
        ):
            _into(cast("IO[bytes]", stream), tree, members, tarred=target.name.endswith(".tar.gz"))
    shutil.rmtree(tree)


def _into(stream: IO[bytes], tree: Path, members: list[Path], tarred: bool) -> None:
    if not tarred:
        with members[0].open("rb") as source:
            shutil.copyfileobj(source, stream, 2**20)
        return
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for path in members:
            info = tarfile.TarInfo(path.relative_to(tree).as_posix())
            info.size = path.stat().st_size
            with path.open("rb") as source:
                archive.addfile(info, source)
