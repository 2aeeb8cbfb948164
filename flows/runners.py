"""What runs the steps of a build: threads or processes of this machine, or a cluster."""

import logging
from typing import Any

from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

from schemas.errors import DeclarationError
from schemas.settings import Settings


def runner(kind: str, workers: int) -> TaskRunner[Any]:
    """The task runner of a build: threads or processes here, or a Dask cluster, a local one if none is named."""
    if kind == "process":
        from prefect.task_runners import ProcessPoolTaskRunner

        return ProcessPoolTaskRunner(max_workers=workers)
    if kind == "dask":
        try:
            from prefect_dask.task_runners import DaskTaskRunner
        except ImportError as error:
            raise DeclarationError("--runner dask needs the extra `dask`, which `make test` installs.") from error

        logging.getLogger("distributed.client").setLevel(logging.CRITICAL)  # a lost cluster is told by the build
        if (address := Settings().dask) is not None:
            return DaskTaskRunner(address=address)
        return DaskTaskRunner(cluster_kwargs={"n_workers": workers, "threads_per_worker": 1, "dashboard_address": None})
    return ThreadPoolTaskRunner(max_workers=max(4, 2 * workers))
