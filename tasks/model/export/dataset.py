"""What is exported: a release, a benchmark or a mixture, by its folder, its version or its name."""

from pathlib import PurePosixPath

from schemas import shards
from schemas.errors import ExportError, did_you_mean
from schemas.manifest import BenchmarkManifest, Dataset
from tasks.base.store.root import Root
from tasks.base.versions.find import MANIFEST, MIXTURES, Found, datasets, find, mixtures, releases
from tasks.model.benchmark.place import ZERO_SHOT
from tasks.model.benchmark.training import MIXTURES as TRAINING_SETS
from tasks.model.benchmark.training import TRAINING


def label(dataset: Found[Dataset]) -> str:
    """A name that tells a dataset from others, for a folder."""
    manifest = dataset.manifest
    return f"{manifest.recipe.name if manifest.kind == 'mixture' else manifest.kind}-{manifest.version}"


def configurations(dataset: Found[Dataset], only: tuple[str, ...]) -> dict[str, list[str]]:
    """The paths to export, by split.

    Args:
        dataset: the dataset.
        only: names of configurations; none for all. Of a benchmark, all are the test sets with their examples.

    Raises:
        ExportError: there is no such configuration.
    """
    paths = [PurePosixPath(name) for name in sorted(dataset.manifest.files) if name.startswith("data/")]
    names = sorted({path.parts[1] for path in paths})
    for name in only:
        if name not in names:
            raise ExportError(f"{dataset.uri} has no {name}{did_you_mean(name, names)}. It has: {', '.join(names)}")
    whole = isinstance(dataset.manifest, BenchmarkManifest)
    chosen = only or [name for name in names if not (whole and _aside(name))]
    found: dict[str, list[str]] = {}
    for path in paths:
        if path.parts[1] in chosen:
            found.setdefault(shards.whole(path.name).removesuffix(".parquet"), []).append(str(path))
    return found


def _aside(name: str) -> bool:
    return name.endswith(ZERO_SHOT) or name in (TRAINING, *TRAINING_SETS)


def find_dataset(asked: str, root: Root) -> Found[Dataset]:
    """Find what is to be exported.

    Args:
        asked: a folder or its address, a version, `latest` for the latest release, or the name of a mixture for its
            latest version.
        root: where versions and names are looked for.

    Raises:
        ExportError: it is not there, or is an export or a model.
    """
    parent, _, name = Root(asked).url.rpartition("/")
    if (here := find(Root(parent), name)) is not None:
        if not isinstance(here.manifest, Dataset):
            raise ExportError(f"{asked} is already an {here.manifest.kind}. Name what it was made from.")
        return here  # pyright: ignore[reportReturnType]
    named = root.names(MIXTURES)
    latest = mixtures(root, asked).latest if asked in named else releases(root).latest if asked == "latest" else None
    version = latest or asked
    for versions in datasets(root) if "/" not in version else ():
        if (found := versions.find(version)) is not None:
            return found
    there = [*named, *(name for versions in datasets(root) for name in versions.names())]
    raise ExportError(
        f"{asked} is not a folder with a {MANIFEST}, and {root.url} has no such version{did_you_mean(asked, there)}. "
        f"It has: {', '.join(there) or 'none'}. Make one: medinst build, medinst mix or medinst benchmark"
    )
