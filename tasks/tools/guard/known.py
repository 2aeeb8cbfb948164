"""Where a training set or a set of tests is: a path, or the name of something in a root."""

from collections.abc import Sequence
from pathlib import Path

from schemas.errors import GuardError, VersionError, did_you_mean
from schemas.guard import MEDINST32
from schemas.manifest import BenchmarkManifest
from tasks.base.store.root import Root
from tasks.base.versions.find import MANIFEST, MIXTURES, Found, benchmarks, datasets, find, mixtures, releases
from tasks.tools.guard.tests import Set, benchmark_tests, folder_tests


def place_of(name: str, root: Root) -> Path:
    """The file or folder of a training set.

    Args:
        name: its path, or `latest` for the latest release, a version, or the name of a mixture for its latest version.
        root: where versions and names are looked for.

    Raises:
        GuardError: there is none.
    """
    if (place := Path(name)).exists():
        return _rows(place)
    latest = releases(root).latest if name == "latest" else None
    named = root.names(MIXTURES)
    version = latest or (mixtures(root, name).latest if name in named else None) or name
    for versions in datasets(root) if "/" not in version else ():
        if versions.find(version) is not None:
            if not root.is_local:
                raise GuardError(
                    f"{versions.root.uri(versions.folder)}: copy {version} to this machine and name its folder."
                )
            return _rows(Path(root.uri(f"{versions.folder}/{version}")))
    there = [*named, *(each for versions in datasets(root) for each in versions.names())]
    raise GuardError(
        f"{name}: expected a file, a folder, or a release or mixture of {root.url}, found none"
        f"{did_you_mean(name, there)}. "
        f"The root has: {', '.join(there) or 'none'}."
    )


def _rows(place: Path) -> Path:
    """The folder with the rows, where a folder is a release, a mixture or an export."""
    inside = place / "data"
    return inside if place.is_dir() and (place / MANIFEST).is_file() and inside.is_dir() else place


def tests(name: str, root: Root, columns: Sequence[str]) -> Set:
    """The tests of the newest benchmark, of a benchmark in a folder, or in files.

    Args:
        name: `medinst32`, or a path.
        root: where the newest benchmark is.
        columns: those of files with texts, where the user named them.

    Raises:
        GuardError: there are none.
    """
    if name == MEDINST32:
        return benchmark_tests(_newest(root))
    place = Path(name)
    if not place.exists():
        raise GuardError(f"{name}: expected `{MEDINST32}`, or a folder or file with tests, and there is none.")
    if (place / MANIFEST).is_file():
        found = find(Root(str(place.absolute().parent)), place.absolute().name)
        if found is not None and isinstance(found.manifest, BenchmarkManifest):
            return benchmark_tests(found)  # pyright: ignore[reportArgumentType]
    return folder_tests(_rows(place), columns)


def _newest(root: Root) -> Found[BenchmarkManifest]:
    versions = benchmarks(root)
    latest = versions.latest
    found = versions.find(latest) if latest else None
    if found is None:
        raise VersionError(
            f"{root.url} has no benchmark yet, so there is no {MEDINST32} to compare with. Build and make one: "
            "medinst build, then medinst benchmark"
        )
    return found
