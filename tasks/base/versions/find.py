"""Finding, reading and listing the versions of one thing, and which of them is the latest."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import ValidationError

from schemas.errors import VersionError
from schemas.manifest import (
    MANIFESTS,
    BenchmarkManifest,
    Dataset,
    ExperimentManifest,
    ExportManifest,
    Manifest,
    MixtureManifest,
    ModelManifest,
    ReleaseManifest,
)
from schemas.receipts import Release
from tasks.base.store.root import Root

MANIFEST = "manifest.json"
LATEST = "latest.json"
LATEST_PARTIAL = "latest-partial.json"
RELEASES, BENCHMARK, MIXTURES, EXPORTS, MODELS = "releases", "benchmark", "mixtures", "exports", "models"
EXPERIMENTS = "experiments"
DIFFS = "diffs"
"""Folder of a root with what changed between releases: `diffs/<version>/<version before>.json` and `.html`."""

M_co = TypeVar("M_co", bound=Manifest, covariant=True)


@dataclass(frozen=True)
class Found(Generic[M_co]):
    """A complete version.

    Attributes:
        root: where it is.
        folder: its folder in the root.
        manifest: what it says of itself.
        digest: SHA-256 of the manifest's bytes, so equal versions have equal digests.
    """

    root: Root
    folder: str
    manifest: M_co
    digest: str

    @property
    def version(self) -> str:
        """Its name, which is that of its folder."""
        return self.folder.rpartition("/")[2]

    @property
    def uri(self) -> str:
        """The address of its folder."""
        return self.root.uri(self.folder)

    def local(self, name: str) -> Path:
        """A path on this machine with the bytes of one of its files."""
        return self.root.local(f"{self.folder}/{name}")

    @property
    def receipt(self) -> Release:
        """What a flow passes on of it."""
        manifest = self.manifest
        return Release(
            uri=self.uri,
            tasks=_count(manifest),
            samples=manifest.samples,
            version=self.version,
            profile=manifest.profile,
            partial=manifest.partial,
            manifest_sha256=self.digest,
        )


def _count(manifest: Manifest) -> int:
    """The number of tasks of a version; one of a release that has no sample does not count."""
    if isinstance(manifest, ReleaseManifest):
        return sum(any(task.rows.values()) for task in manifest.tasks.values())
    return len(manifest.rows if isinstance(manifest, ExportManifest | ExperimentManifest) else manifest.tasks)


@dataclass(frozen=True)
class Versions(Generic[M_co]):
    """The versions of one thing: a folder of a root.

    Attributes:
        folder: its path in the root.
        kind: the kind of their manifests.
        again: the command that makes a version.
        elsewhere: the option of that command for another root.
        pointed: whether `latest.json` names one of them.
    """

    root: Root
    folder: str
    kind: type[M_co]
    again: str
    elsewhere: str = "--out"
    pointed: bool = True

    def names(self) -> list[str]:
        """The names of all versions, sorted; some may be incomplete."""
        pointers = (LATEST, LATEST_PARTIAL)
        return [name for name in self.root.names(self.folder) if name not in pointers and name[0] != "."]

    def find(self, version: str) -> Found[M_co] | None:
        """A version; None if it does not exist or is incomplete.

        Raises:
            VersionError: its manifest cannot be read, or is of another kind.
        """
        found = find(self.root, f"{self.folder}/{version}")
        if found is not None and not isinstance(found.manifest, self.kind):
            raise VersionError(f"{found.uri} holds a {found.manifest.kind}, which does not belong there. Move it away.")
        return found  # pyright: ignore[reportReturnType]

    def all(self) -> Iterator[Found[M_co]]:
        """All complete versions, sorted by name."""
        return (found for name in self.names() if (found := self.find(name)) is not None)

    @property
    def latest(self) -> str | None:
        """The version that `latest.json` names."""
        pointer = f"{self.folder}/{LATEST}"
        return str(self.root.read_json(pointer)["version"]) if self.root.exists(pointer) else None


def releases(root: Root) -> Versions[ReleaseManifest]:
    """The releases of a root."""
    return Versions(root, RELEASES, ReleaseManifest, "medinst publish", "--to")


def benchmarks(root: Root) -> Versions[BenchmarkManifest]:
    """The benchmarks of a root."""
    return Versions(root, BENCHMARK, BenchmarkManifest, "medinst benchmark")


def mixtures(root: Root, name: str) -> Versions[MixtureManifest]:
    """The versions of a mixture in a root."""
    return Versions(root, f"{MIXTURES}/{name}", MixtureManifest, "medinst mix")


def exports(root: Root, dataset: str) -> Versions[ExportManifest]:
    """The exports of a dataset in a root, by their format."""
    return Versions(root, f"{EXPORTS}/{dataset}", ExportManifest, "medinst export", pointed=False)


def models(root: Root) -> Versions[ModelManifest]:
    """The models trained in a root, by their folder."""
    return Versions(root, MODELS, ModelManifest, "medinst finetune", pointed=False)


def datasets(root: Root) -> Iterator[Versions[Dataset]]:
    """The versions of everything with rows that may be drawn from or exported, kind by kind."""
    yield releases(root)
    yield benchmarks(root)
    for name in root.names(MIXTURES):
        yield mixtures(root, name)


def find(root: Root, folder: str) -> Found[Manifest] | None:
    """The version in a folder of a root, of whatever kind; None if there is none or it is incomplete.

    Raises:
        VersionError: its manifest cannot be read.
    """
    place = f"{folder}/{MANIFEST}"
    try:
        data = root.read_bytes(place)
    except (FileNotFoundError, NotADirectoryError):
        return None
    return Found(root, folder, read(data, root.uri(place)), sha256(data).hexdigest())


def read(data: bytes, uri: str) -> Manifest:
    """Read a manifest.

    Args:
        data: its bytes.
        uri: where they are from, for the message.

    Raises:
        VersionError: it cannot be read.
    """
    try:
        return MANIFESTS.validate_json(data)
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        where = ".".join(str(step) for step in fault["loc"][1:])
        raise VersionError(
            f"{uri} is not a manifest that this program can read: {where or 'the file'}: {fault['msg']}. "
            "docs/manifest.schema.json says what one holds. Move the folder away and make the version again."
        ) from error
