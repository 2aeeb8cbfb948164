"""The manifest of a release: what it holds and where it came from."""

from collections.abc import Mapping

from schemas.manifest import File, ReleasedTask, ReleaseManifest
from schemas.release import ReleaseContent, ReleaseTask, training_sets
from tasks.base.licences.terms import terms_of
from tasks.base.versions.manifest import source_files


def manifest(content: ReleaseContent, known: Mapping[str, File]) -> ReleaseManifest:
    """The manifest of a release.

    Args:
        content: what the release is made of.
        known: path in the release -> size and hash of files that were measured already.
    """
    return ReleaseManifest(
        version=content.version,
        profile=content.profile,
        partial=content.partial,
        original=content.original,
        fingerprint=content.fingerprint,
        licence=terms_of(task.licence for task in content.tasks).name,
        samples=sum(split.rows for task in content.tasks for split in task.splits.values()),
        tasks={task.name: _task(task) for task in content.tasks},
        training_sets=training_sets(content),
        withheld=content.withheld,
        missing=content.missing,
        stale=content.stale,
        undeclared=tuple(sorted(content.undeclared)),
        sources=source_files(content.files),
        files=dict(known),
    )


def _task(task: ReleaseTask) -> ReleasedTask:
    return ReleasedTask(
        category=task.category,
        source=task.source,
        language=task.language,
        licence=task.licence,
        rows={split: part.rows for split, part in task.splits.items()},
        made_of=task.made_of,
    )
