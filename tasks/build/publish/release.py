"""Writing a release: its content, rendered into one folder."""

import shutil
from functools import partial
from pathlib import Path, PurePosixPath

import sources
from schemas.errors import PublishError
from schemas.licence import Profile, apart, refusal
from schemas.manifest import ReleaseManifest
from schemas.receipts import Release
from schemas.release import ReleaseContent
from schemas.shards import grouped
from schemas.source import Source
from tasks.base.licences.duties import Owned
from tasks.base.store.root import Root
from tasks.base.versions.find import MANIFEST, releases
from tasks.base.versions.manifest import measure
from tasks.base.versions.write import write
from tasks.build.publish.about import about, write_texts
from tasks.build.publish.card import card, cut_copies
from tasks.build.publish.clean import write_clean
from tasks.build.publish.croissant import description
from tasks.build.publish.data import write_data
from tasks.build.publish.extent import extent
from tasks.build.publish.manifest import manifest
from tasks.build.publish.tables import write_tables


def write_release(
    content: ReleaseContent, root: Root, extras: dict[str, Path | bytes], replace: bool = False
) -> Release:
    """Publish a version under `<root>/releases/` and let the pointers there name it.

    A version that is there already stays as it is, byte for byte.

    Args:
        content: what the release is made of.
        root: where the samples are and the release goes.
        extras: files (bytes or a path) and folders made elsewhere, by their path in the release.
        replace: whether `latest.json` may move to a release that lacks tasks of the one it names.

    Raises:
        PublishError: the content is not what it says, or may not be published under its profile.
    """
    declared = {task.source: sources.find(task.source) for task in content.tasks}
    _check_licences(content, declared)
    filled = partial(_fill, content=content, declared=declared, root=root, extras=extras)
    return write(releases(root), content.version, filled, replace).receipt


def _fill(
    folder: Path,
    content: ReleaseContent,
    declared: dict[str, Source],
    root: Root,
    extras: dict[str, Path | bytes],
) -> ReleaseManifest:
    data = write_data(content, root, folder)
    clean = write_clean(content, root, folder, data)
    written = (*data, *clean, *write_tables(content, declared, root, folder))
    files = grouped((*data, *clean))
    facts = {name: measure(folder / name) for name in written}
    held = extent(content)
    owned = {task.name: Owned(task.source, task.licence) for task in held.filled}
    said = description(content, held, cut_copies(content, declared), files)
    write_texts(folder, about(owned, *said, facts, partial(card, content, held, folder, files)))
    for name, extra in sorted(extras.items()):
        _add(folder, name, extra)
    return manifest(content, facts)


def _add(folder: Path, name: str, extra: Path | bytes) -> None:
    relative = PurePosixPath(name)
    if relative.is_absolute() or ".." in relative.parts or (folder / name).exists() or name == MANIFEST:
        raise PublishError(
            f"An extra of the release is to be `{name}`: expected a relative path that the release does not "
            "have yet. Choose another one in `extras`.",
            name=name,
        )
    target = folder / name
    target.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(extra, bytes):
        target.write_bytes(extra)
    elif extra.is_dir():
        shutil.copytree(extra, target, copy_function=shutil.copyfile)
    else:
        shutil.copyfile(extra, target)


def _refusal(profile: Profile, licence: str, source: Source) -> str | None:
    return source.kept_back(profile) or refusal(profile, apart(licence), source.access)


def _check_licences(content: ReleaseContent, declared: dict[str, Source]) -> None:
    """Refuse a task that its profile may not hold: the gate says so first, this makes sure."""
    reasons = {
        task.name: reason
        for task in content.tasks
        if (reason := _refusal(content.profile, task.licence, declared[task.source]))
    }
    if reasons:
        listed = "; ".join(f"{name}: {reason}" for name, reason in sorted(reasons.items()))
        raise PublishError(
            f"Release {content.version} holds tasks that its profile does not admit: {listed}. "
            f"Build it again: medinst build --profile {content.profile}",
            reasons=reasons,
        )
