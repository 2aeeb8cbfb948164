"""The mixture that a recipe names: where its rows are, and what they are called."""

import hashlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from schemas.errors import FinetuneError, did_you_mean
from schemas.manifest import Dataset
from tasks.base.store.root import Root
from tasks.base.versions.find import MIXTURES, Found, Versions, benchmarks, mixtures
from tasks.base.versions.find import find as find_version

NEEDED = ("instruction", "input", "output")
WANTED = (*NEEDED, "history", "task", "licence")
"""Columns that are read; of those that are not needed, the ones that are there."""

_DEPTH = 4
"""Folders from a training file up to that of its version: `<version>/data/<task>/train.parquet`."""

UNKNOWN = "unknown"
"""Task and licence of rows that do not name theirs."""


class Mixture(NamedTuple):
    """Rows to train on.

    Attributes:
        name: as the recipe calls it; the last part of a path.
        version: of a mixture or benchmark in a root; the hash of the files at a path.
        mark: hash of the files.
        files: Parquet.
        manifest: the manifest of the version that the rows are from; None for rows of unknown origin.
    """

    name: str
    version: str
    mark: str
    files: tuple[Path, ...]
    manifest: Dataset | None = None

    @property
    def rows(self) -> int:
        """Samples in all."""
        return sum(pq.ParquetFile(path).metadata.num_rows for path in self.files)

    def samples(self, limit: int | None = None, seed: int = 0) -> Iterator[dict[str, Any]]:
        """The samples in their order, a few at a time in memory.

        Args:
            limit: only so many, drawn from all of them.
            seed: of that draw.
        """
        rows, place = self.rows, 0
        chosen = np.ones(rows, bool)
        if limit is not None and limit < rows:
            chosen[:] = False
            chosen[np.random.default_rng(seed).choice(rows, limit, replace=False)] = True
        for path in self.files:
            file = pq.ParquetFile(path)
            columns = [name for name in WANTED if name in file.schema_arrow.names]
            for batch in file.iter_batches(1024, columns=columns):
                yield from batch.filter(pa.array(chosen[place : place + batch.num_rows])).to_pylist()
                place += batch.num_rows


def find(name: str, root: Root) -> Mixture:
    """Find a mixture.

    Args:
        name: of a mixture in the root, of a training set of its benchmark, or a path.
        root: where both would be.

    Raises:
        FinetuneError: it is not there, is empty, or its rows are not samples.
    """
    known = _known(root)
    place, version = known[name] if name in known else (Path(name), _around(Path(name).absolute()))
    files = _training_files(place) if place.is_dir() else (place,)
    if not files or not all(path.is_file() for path in files):
        raise FinetuneError(
            f"There is no mixture `{name}` in {root.url}{did_you_mean(name, known)}, nor Parquet at that path. "
            f"The root has {', '.join(sorted(known)) or 'none'}; make one with `medinst mix` or `medinst benchmark`."
        )
    for path in files:
        _check(path)
    mark = _digest(files)
    mixture = Mixture(
        name if name in known else place.name,
        version.version if version and name in known else mark,
        mark,
        files,
        version and version.manifest,
    )
    if not mixture.rows:
        raise FinetuneError(f"The mixture {name!r} has no rows: {', '.join(map(str, files))}")
    return mixture


def _training_files(folder: Path) -> tuple[Path, ...]:
    """The training data of a folder: no other splits, and none of the tables that a release has beside its data."""
    data = folder / "data" if (folder / "data").is_dir() else folder
    return tuple(path for path in sorted(data.rglob("*.parquet")) if not path.name.startswith(("dev", "test")))


def _check(path: Path) -> None:
    try:
        columns = pq.ParquetFile(path).schema_arrow.names
    except (OSError, ValueError) as error:
        raise FinetuneError(f"{path}: this is not a Parquet file: {error}") from error
    if missing := [column for column in NEEDED if column not in columns]:
        raise FinetuneError(
            f"{path}: samples need the columns {', '.join(NEEDED)}; {', '.join(missing)} is not among "
            f"{', '.join(columns)}."
        )


def _known(root: Root) -> dict[str, tuple[Path, Found[Dataset]]]:
    """Mixtures of a root and training sets of its benchmark by name, each in its latest version."""
    if not root.is_local:
        return {}
    found: dict[str, tuple[Path, Found[Dataset]]] = {}
    if (benchmark := _latest(benchmarks(root))) is not None:
        paths = (PurePosixPath(path) for path in benchmark.manifest.files)
        for path in (path for path in paths if path.name.startswith("train")):
            found[path.parent.name] = benchmark.local(str(path.parent)), benchmark
    for name in root.names(MIXTURES):
        if (mixture := _latest(mixtures(root, name))) is not None:
            found[name] = Path(mixture.uri), mixture
    return found


def _latest(versions: Versions[Dataset]) -> Found[Dataset] | None:
    return None if versions.latest is None else versions.find(versions.latest)


def _around(place: Path) -> Found[Dataset] | None:
    """The version that a path belongs to; None where it is not part of one."""
    for folder in (folder for folder in (place, *place.parents)[:_DEPTH] if folder.name):
        found = find_version(Root(str(folder.parent)), folder.name)
        if found is not None:
            return found if isinstance(found.manifest, Dataset) else None  # pyright: ignore[reportReturnType]
    return None


def _digest(files: tuple[Path, ...]) -> str:
    """Hash of files: 16 hexadecimal digits of the SHA-256 of their bytes, in order."""
    whole = hashlib.sha256()
    for path in files:
        with path.open("rb") as file:
            whole.update(hashlib.file_digest(file, "sha256").digest())
    return whole.hexdigest()[:16]
