"""The events of a build: how it starts, and how it ends.

They hold names, counts and hashes: no text of the data, no error, which may quote it, no path of this machine, and
nothing of sources that must stay on it.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple
from urllib.parse import urlsplit

from schemas.manifest import ReleasedTask, ReleaseManifest, SourceFile
from schemas.receipts import Verdict
from sources import stays
from tasks.build.fetch.address import redact
from tasks.build.lineage.facets import EVENT, facets, producer

Event = dict[str, Any]
Type = Literal["START", "COMPLETE", "FAIL", "ABORT"]


class Job(NamedTuple):
    """A run of the build.

    Attributes:
        run: its id, a UUID.
        namespace: of the job and of what it makes.
        name: of the job.
    """

    run: str
    namespace: str
    name: str = "build"


def started(job: Job, at: datetime) -> Event:
    """A build has begun; what it will read is not known yet."""
    return _event(job, "START", at)


def completed(job: Job, at: datetime, manifest: ReleaseManifest, verdicts: Sequence[Verdict]) -> Event:
    """A build has published a release, or found it published.

    Args:
        job: the run.
        at: when.
        manifest: of the release.
        verdicts: what the expectations found.
    """
    inputs = [_input(file) for source, files in manifest.sources.items() if not stays(source) for file in _once(files)]
    outputs = [
        _output(job, name, task, manifest, verdicts)
        for name, task in manifest.tasks.items()
        if any(task.rows.values()) and not stays(task.source)
    ]
    return _event(job, "COMPLETE", at) | {"inputs": inputs, "outputs": outputs}


def ended(job: Job, at: datetime, how: Literal["FAIL", "ABORT"], why: str) -> Event:
    """A build has ended without a release.

    Args:
        job: the run.
        at: when.
        how: `FAIL`, or `ABORT` where it was told to end.
        why: in words, without anything out of the data.
    """
    event = _event(job, how, at)
    event["run"]["facets"] = facets({"errorMessage": {"message": why, "programmingLanguage": "Python"}})
    return event


def refusal(failures: Iterable[Verdict]) -> str:
    """Why the gate refused a release, in words."""
    measures = sorted({verdict.measure for verdict in failures})
    return f"The gate refused the release: {', '.join(measures)}. Nothing was published."


def _event(job: Job, kind: Type, at: datetime) -> Event:
    what = {"processingType": "BATCH", "integration": "MEDINST", "jobType": "FLOW"}
    return {
        "eventType": kind,
        "eventTime": at.isoformat(),
        "run": {"runId": job.run},
        "job": {"namespace": job.namespace, "name": job.name, "facets": facets({"jobType": what})},
        "inputs": [],
        "outputs": [],
        "producer": producer(),
        "schemaURL": EVENT,
    }


def _once(files: Sequence[SourceFile]) -> Iterator[SourceFile]:
    """Files, one for each address."""
    yield from {file.url: file for file in files}.values()


def _input(file: SourceFile) -> dict[str, Any]:
    """A file of a publisher: its host, its path there, and its hash as the version."""
    parts = urlsplit(redact(file.url))
    name = parts.path.lstrip("/") + (f"?{parts.query}" if parts.query else "")
    return {
        "namespace": f"{parts.scheme}://{parts.netloc}",
        "name": name or file.name,
        "facets": facets({"version": {"datasetVersion": file.sha256}}),
    }


def _output(
    job: Job, name: str, task: ReleasedTask, manifest: ReleaseManifest, verdicts: Sequence[Verdict]
) -> dict[str, Any]:
    """A task of the release."""
    sizes = [file.bytes for path, file in manifest.files.items() if path.startswith(f"data/{name}/")]
    rows = sum(task.rows.values())
    extent = {"rowCount": rows, "fileCount": len(sizes)}
    said = {
        "version": {"datasetVersion": manifest.version},
        "dataQualityMetrics": {**extent, "bytes": sum(sizes), "columnMetrics": {}},
        "dataQualityAssertions": {"assertions": list(_assertions(name, verdicts))},
    }
    return {
        "namespace": job.namespace,
        "name": name,
        "facets": facets(said),
        "outputFacets": facets({"outputStatistics": {**extent, "size": sum(sizes)}}),
    }


def _assertions(task: str, verdicts: Sequence[Verdict]) -> Iterator[dict[str, Any]]:
    """What the expectations found of a task: those that hold for all tasks, and those that are about it."""
    for verdict in verdicts:
        if verdict.task == task or (verdict.suite == "samples" and not verdict.task and verdict.success):
            about = "" if verdict.subject in ("all", task) else f" ({verdict.subject})"
            yield {"assertion": f"{verdict.severity}: {verdict.measure}{about}", "success": verdict.success}
