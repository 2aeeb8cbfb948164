"""What is to be explored: a release, a benchmark, or an evaluation with its benchmark."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from schemas.errors import VersionError, did_you_mean
from schemas.evaluation import Evaluation
from schemas.manifest import BenchmarkManifest, ReleaseManifest
from tasks.base.predictions.bucket import fetch, here
from tasks.base.predictions.files import PREDICTIONS, RUN
from tasks.base.predictions.record import EVALUATIONS
from tasks.base.store.root import Root
from tasks.base.versions.find import BENCHMARK, MANIFEST, RELEASES, Found, benchmarks, find, releases

LATEST_BENCHMARK = "medinst32"


class Shown(NamedTuple):
    """What is explored.

    Attributes:
        version: the release or benchmark whose samples are shown.
        root: the root that it is in, with the build that made it; None for a folder elsewhere.
        evaluations: name -> folder of the predictions of a model for these samples.
        first: the evaluation that was asked for; empty if none was.
    """

    version: Found[ReleaseManifest] | Found[BenchmarkManifest]
    root: Root | None
    evaluations: dict[str, Path]
    first: str = ""


def shown(name: str | None, root: Root) -> Shown:
    """What a name stands for.

    Args:
        name: the folder of a release, benchmark or evaluation; or, in the root, a version, `latest` for the latest
            release, `medinst32` for the latest benchmark, or the name of an evaluation; None for the latest release.
        root: where names are looked for.

    Raises:
        VersionError: nothing has that name, or it is incomplete or of another kind.
    """
    if name is not None and Path(name).is_dir():
        return _of_folder(Path(name).absolute(), root)
    if (version := _named(name or "latest", root)) is not None:
        return Shown(version, root, _evaluations(root, version))
    for evaluation, folder in _all_evaluations(root) if name else ():
        if evaluation == name:
            return _of_evaluation(folder, root)
    if name is None:
        raise VersionError(
            f"{root.url} has no release yet, so there is nothing to explore. Build one: medinst build --mirror demo"
        )
    there = [*releases(root).names(), *benchmarks(root).names(), *(each for each, _ in _all_evaluations(root))]
    raise VersionError(
        f"{name}: expected a folder, or a release, benchmark or evaluation of {root.url}, found none"
        f"{did_you_mean(name, there)}. The root has: {', '.join(there) or 'none'}."
    )


def _named(name: str, root: Root) -> Found[ReleaseManifest] | Found[BenchmarkManifest] | None:
    pointed = {"latest": releases(root), LATEST_BENCHMARK: benchmarks(root)}
    if name in pointed:
        name = pointed[name].latest or ""
    for versions in (releases(root), benchmarks(root)) if name and "/" not in name else ():
        if (found := versions.find(name)) is not None:
            return found
        if name in versions.names():
            raise VersionError(_incomplete(root.uri(f"{versions.folder}/{name}"), versions.again))
    return None


def _incomplete(place: str, command: str) -> str:
    return (
        f"{place} has no {MANIFEST}, which is written last, so it is incomplete. Make it again: {command}; or name "
        "another version"
    )


def _of_folder(folder: Path, root: Root) -> Shown:
    if (folder / RUN).is_file() or (folder / PREDICTIONS).is_file():
        return _of_evaluation(folder, root)
    found = find(Root(str(folder.parent)), folder.name)
    if found is None:
        raise VersionError(
            f"{folder} has neither {MANIFEST} nor {RUN}: expected the folder of a complete release, benchmark or "
            "evaluation. See what the root has: medinst explore --help"
        )
    if not isinstance(found.manifest, ReleaseManifest | BenchmarkManifest):
        raise VersionError(
            f"{folder} holds a {found.manifest.kind}: expected a release, benchmark or evaluation. See what it is in "
            "its README.md"
        )
    around = folder.parent.parent if folder.parent.name in (RELEASES, BENCHMARK) else None
    owner = Root(str(around)) if around is not None else None
    evaluations = _evaluations(owner or root, found)  # pyright: ignore[reportArgumentType]
    return Shown(found, owner, evaluations)  # pyright: ignore[reportArgumentType]


def _of_evaluation(folder: Path, root: Root) -> Shown:
    fetch(folder / RUN)
    try:
        evaluation = Evaluation.model_validate_json((folder / RUN).read_bytes())
    except FileNotFoundError as error:
        raise VersionError(
            f"{folder} has no {RUN}, so nothing says which benchmark was answered. Copy the whole folder, or go on "
            "with the run that wrote it: medinst evaluate"
        ) from error
    except ValidationError as error:
        raise VersionError(
            f"{folder / RUN} is not a description of an evaluation that this program can read: "
            f"{error.errors()[0]['msg']}. It was cut off, or another version wrote it. Ask again: medinst evaluate"
        ) from error
    around = [Root(str(folder.parents[2])), root] if len(folder.parts) > 3 else [root]
    for owner in around:
        if (found := benchmarks(owner).find(evaluation.benchmark)) is not None:
            others = _evaluations(owner, found) | {evaluation.name: folder}
            return Shown(found, owner, others, evaluation.name)
    places = " or ".join(each.url for each in around)
    raise VersionError(
        f"{folder} answers benchmark {evaluation.benchmark}, which is not in {places}. "
        "Name the root that has it with --root, or make it: medinst benchmark"
    )


def _evaluations(root: Root, version: Found[ReleaseManifest] | Found[BenchmarkManifest]) -> dict[str, Path]:
    return {name: folder for name, folder in _all_evaluations(root) if folder.parent.name == version.version}


def _all_evaluations(root: Root) -> Iterator[tuple[str, Path]]:
    """The names and folders of evaluations, complete or not."""
    for benchmark in root.names(EVALUATIONS):
        for name in root.names(f"{EVALUATIONS}/{benchmark}"):
            place = f"{EVALUATIONS}/{benchmark}/{name}"
            if root.exists(f"{place}/{RUN}"):
                yield name, here(root.uri(EVALUATIONS)) / benchmark / name
