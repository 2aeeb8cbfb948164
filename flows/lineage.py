"""Telling an OpenLineage receiver of a build: that it started, and how it ended."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from prefect import get_run_logger

from schemas.errors import GateRefused
from schemas.lineage import LineageSettings
from schemas.receipts import Release
from sources import stays
from tasks.base.store.root import Root
from tasks.base.versions.find import releases
from tasks.build.builds.runs import Run, now
from tasks.build.lineage.events import Event, Job, completed, ended, refusal, started
from tasks.build.lineage.teller import teller
from tasks.build.pipeline.finish import load_verdicts


@contextmanager
def lineage(root: Root, run: Run) -> Iterator[Callable[[Release], Release]]:
    """Tell of a build from its start to its end, where `OPENLINEAGE_URL` names a receiver.

    Yields:
        what is given the release at the end, and gives it back.
    """
    settings = LineageSettings()
    telling = teller(settings, get_run_logger().warning)
    if telling is None:
        yield lambda release: release
        return
    job = Job(run.run, settings.namespace)
    telling.tell(started(job, run.started))

    def published(release: Release) -> Release:
        try:
            telling.tell(_completed(job, root, release))
        except Exception as error:  # whatever it is, the build is sound
            get_run_logger().warning(f"OpenLineage: the end of this build could not be told: {type(error).__name__}")
        return release

    try:
        yield published
    except Exception as error:
        telling.tell(_failed(job, error))
        telling.close()
        raise
    except BaseException:
        telling.tell(ended(job, now(), "ABORT", "The run was told to end."))
        telling.close(patience=1)  # it must be gone within seconds
        raise
    telling.close()


def _completed(job: Job, root: Root, release: Release) -> Event:
    found = releases(root).find(release.version)
    assert found is not None
    return completed(job, now(), found.manifest, load_verdicts(root))


def _failed(job: Job, error: Exception) -> Event:
    """How a build ended without a release; errors themselves may quote the data, so that only their kind is told."""
    if isinstance(error, GateRefused):
        failures = error.facts.get("failures", ())
        told = [each for each in failures if not stays(each.source)]  # pyright: ignore
        return ended(job, now(), "FAIL", refusal(told))
    return ended(job, now(), "FAIL", f"{type(error).__name__}: the log of the run says more.")
