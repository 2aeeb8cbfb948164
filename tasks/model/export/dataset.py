"""What is exported: a release, a benchmark or a mixture, by its folder, its version or its name."""

from pathlib import PurePosixPath
from typing import Any, NamedTuple

from schemas.errors import ExportError, did_you_mean
from tasks.base.store.root import Root
from tasks.base.store.versions import BENCHMARK, LATEST, MANIFEST, RELEASES
from tasks.model.benchmark.write import MIXTURES as TRAINING_SETS
from tasks.model.benchmark.write import TRAINING, ZERO_SHOT
from tasks.model.mixture.write import MIXTURES


class Dataset(NamedTuple):
    """A version of something.

    Attributes:
        root: where it is.
        place: its folder in the root; empty where it is the root itself.
        said: its manifest.
    """

    root: Root
    place: str
    said: dict[str, Any]

    @property
    def uri(self) -> str:
        """The address of its folder."""
        return self.root.uri(self.place) if self.place else self.root.url

    def file(self, name: str) -> str:
        """Where one of its files lies in the root."""
        return f"{self.place}/{name}" if self.place else name

    @property
    def kind(self) -> str:
        """`mixture`, `benchmark` or `release`."""
        return "mixture" if "recipe" in self.said else "benchmark" if "mixtures" in self.said else "release"

    @property
    def label(self) -> str:
        """A name that tells it from others, for a folder."""
        return f"{self.said['recipe']['name'] if self.kind == 'mixture' else self.kind}-{self.said['version']}"

    def configurations(self, only: tuple[str, ...]) -> dict[str, list[str]]:
        """The paths to export, by split.

        Args:
            only: names of configurations; none for all. Of a benchmark, all are the test sets with their examples.

        Raises:
            ExportError: there is no such configuration.
        """
        paths = [PurePosixPath(name) for name in sorted(self.said["files"]) if name.startswith("data/")]
        names = sorted({path.parts[1] for path in paths})
        for name in only:
            if name not in names:
                raise ExportError(f"{self.uri} has no {name}{did_you_mean(name, names)}. It has: {', '.join(names)}")
        chosen = only or [name for name in names if self.kind != "benchmark" or not _aside(name)]
        found: dict[str, list[str]] = {}
        for path in paths:
            if path.parts[1] in chosen:
                found.setdefault(path.stem, []).append(str(path))
        return found


def _aside(name: str) -> bool:
    return name.endswith(ZERO_SHOT) or name in (TRAINING, *TRAINING_SETS)


def find_dataset(asked: str, root: Root) -> Dataset:
    """Find what is to be exported.

    Args:
        asked: a folder or its address, a version, or the name of a mixture for its latest version.
        root: where versions and names are looked for.

    Raises:
        ExportError: it is not there.
    """
    here = Root(asked)
    if here.exists(MANIFEST):
        return Dataset(here, "", here.read_json(MANIFEST))
    mixtures = root.names(MIXTURES)
    if asked in mixtures:
        asked = str(root.read_json(f"{MIXTURES}/{asked}/{LATEST}")["version"])
    kinds = [RELEASES, BENCHMARK, *(f"{MIXTURES}/{name}" for name in mixtures)]
    for kind in kinds if "/" not in asked else ():
        place = f"{kind}/{asked}"
        if root.exists(f"{place}/{MANIFEST}"):
            return Dataset(root, place, root.read_json(f"{place}/{MANIFEST}"))
    there = [*mixtures, *(name for kind in kinds for name in root.names(kind) if name != LATEST)]
    raise ExportError(
        f"{asked} is no folder with a {MANIFEST}, and {root.url} has no such version{did_you_mean(asked, there)}. "
        f"It has: {', '.join(there) or 'none'}. Make one: medinst build, medinst mix or medinst benchmark"
    )
