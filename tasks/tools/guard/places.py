"""The files of a training set or of a set of tests: one file, or a folder of them, plain or packed."""

import gzip
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import file_digest, sha256
from pathlib import Path
from typing import BinaryIO, Literal, NamedTuple, cast

import pyarrow as pa

from schemas.errors import GuardError

Form = Literal["jsonl", "json", "parquet", "csv", "tsv", "txt"]
Packing = Literal["", "gz", "zst"]
Side = Literal["training set", "test"]

FORMS: dict[str, Form] = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "json",
    ".parquet": "parquet",
    ".csv": "csv",
    ".tsv": "tsv",
    ".txt": "txt",
}
"""The endings of the names of data files; `.gz` or `.zst` may follow, except after `.parquet`."""

_PACKINGS: dict[str, Packing] = {".gz": "gz", ".zst": "zst"}

_ASIDE = re.compile(
    r"^[._]|^(readme|license|licence|notice|requirements|manifest|dataset_infos?|dataset_dict|state|croissant)\b|"
    r"ground_truth",
    re.IGNORECASE,
)
"""What lies beside data and is none: names in lower case or not."""

_SPLITS: dict[Side, re.Pattern[str]] = {
    "training set": re.compile(r"(^|[^a-z])(test|dev|validation|valid|val|eval)([^a-z]|$)", re.I),
    "test": re.compile(r"(^|[^a-z])train(ing)?([^a-z]|$)", re.I),
}
"""The files of a folder that are not meant: tests beside a training set, training sets beside a test."""


class File(NamedTuple):
    """A file with rows.

    Attributes:
        name: relative to the place that the user named.
        packing: how it is packed, if it is.
    """

    path: Path
    name: str
    form: Form
    packing: Packing = ""

    @contextmanager
    def opened(self) -> Iterator[BinaryIO]:
        """Its bytes, unpacked.

        Raises:
            GuardError: they cannot be unpacked.
        """
        try:
            with _unpacked(self) as data:
                yield data
        except (EOFError, gzip.BadGzipFile, OSError) as error:
            raise GuardError(
                f"{self.path}: expected a file {f'packed as {self.packing}' if self.packing else 'that can be read'}, "
                f"found something else ({error}). Unpack or copy it again, and guard again.",
                path=str(self.path),
            ) from error

    @contextmanager
    def packed_to(self, path: Path) -> Iterator[BinaryIO]:
        """Where bytes go that are to be packed as this file is."""
        if self.packing == "zst":
            with pa.OSFile(str(path), "wb") as raw, pa.CompressedOutputStream(raw, "zstd") as stream:
                yield cast(BinaryIO, stream)
        elif self.packing == "gz":
            with gzip.GzipFile(path, "wb", mtime=0) as stream:
                yield cast(BinaryIO, stream)
        else:
            with path.open("wb") as stream:
                yield stream


@contextmanager
def _unpacked(file: File) -> Iterator[BinaryIO]:
    if file.packing == "zst":
        with pa.OSFile(str(file.path)) as raw, pa.CompressedInputStream(raw, "zstd") as stream:
            yield cast(BinaryIO, io.BufferedReader(stream))  # pyright: ignore[reportArgumentType]
    elif file.packing == "gz":
        with gzip.open(file.path) as stream:
            yield cast(BinaryIO, stream)
    else:
        with file.path.open("rb") as stream:
            yield stream


def files(place: Path, side: Side) -> list[File]:
    """The data files of a place, sorted by name.

    Args:
        place: a file, or a folder whose subfolders are looked into.
        side: what it holds: of a folder with splits, those of the other side are left out.

    Raises:
        GuardError: there are none.
    """
    if place.is_file():
        found = _file(place, place.name)
        if found is None:
            raise GuardError(f"{place}: expected a file whose name ends in {_endings()}, found `{place.name}`.")
        return [found]
    if not place.is_dir():
        raise GuardError(f"{place}: expected a file or folder, and there is none. Check the path.")
    inside = sorted(path for path in place.rglob("*") if path.is_file() and not _aside(path, place))
    every = [found for path in inside if (found := _file(path, path.relative_to(place).as_posix())) is not None]
    if not every:
        there = ", ".join(path.relative_to(place).as_posix() for path in inside[:5]) or "no file"
        raise GuardError(f"{place}: expected files whose names end in {_endings()}, found {there}.")
    return [file for file in every if not _SPLITS[side].search(file.name)] or every


def _aside(path: Path, place: Path) -> bool:
    return any(_ASIDE.search(part) for part in path.relative_to(place).parts)


def _file(path: Path, name: str) -> File | None:
    packing = _PACKINGS.get(path.suffix.lower(), "")
    form = FORMS.get((Path(path.stem) if packing else path).suffix.lower())
    if form is None or (form == "parquet" and packing):
        return None
    return File(path, name, form, packing)


def _endings() -> str:
    return f"{', '.join(FORMS)} (also with .gz or .zst)"


def digest(every: list[File]) -> str:
    """The SHA-256 of the names and bytes of files."""
    whole = sha256()
    for file in every:
        with file.path.open("rb") as data:
            whole.update(f"{file.name}\0{file_digest(data, 'sha256').hexdigest()}\n".encode())
    return whole.hexdigest()
