"""Deployments: the bucket, the work pool and the schedules of deployments/prefect.yaml, made on a Prefect server.

`medinst serve` calls it on one machine, and the service `deploy` of docker-compose.yml as `python -m flows.deploy`.
Running it again changes nothing.
"""

import os
import subprocess
import sys
from argparse import ArgumentParser
from pathlib import Path

from flows.quiet import quiet
from schemas.errors import MedinstError
from schemas.settings import Settings
from tasks.base.store.root import Root

HOME = Path(__file__).parents[1]
PREFECT_FILE = HOME / "deployments" / "prefect.yaml"
POOL = "medinst"


def main() -> int:
    """Make them on the server of `PREFECT_API_URL`.

    Returns:
        exit code: 1 where something could not be made.
    """
    options = ArgumentParser(prog="python -m flows.deploy", description=main.__doc__)
    options.add_argument("--bucket", action="store_true", help="create the bucket of MEDINST_ROOT if it is not there")
    quiet(verbose=True)
    try:
        if options.parse_args().bucket:
            create_bucket(Root(Settings().root))
        create_pool()
        print(deploy())
    except MedinstError as error:
        print(f"Error: {error}", file=sys.stderr)
        return 1
    return 0


def create_bucket(root: Root) -> None:
    """Create the bucket of a root on S3, if it is not there."""
    if not root.url.startswith("s3://"):
        raise MedinstError(
            f"{root.url} is in no bucket. Set MEDINST_ROOT to s3://bucket/prefix, or leave out --bucket."
        )
    bucket = root.url.removeprefix("s3://").split("/")[0]
    if not root.fs.exists(bucket):
        root.fs.mkdir(bucket)


def create_pool() -> None:
    """Create the work pool, if it is not there; one that a person has changed stays as it is."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.actions import WorkPoolCreate
    from prefect.exceptions import ObjectNotFound
    from prefect.workers.process import ProcessWorker

    template = ProcessWorker.get_default_base_job_template()
    with get_client(sync_client=True) as client:
        try:
            client.read_work_pool(POOL)
        except ObjectNotFound:
            client.create_work_pool(WorkPoolCreate(name=POOL, type=ProcessWorker.type, base_job_template=template))


def deploy() -> str:
    """Make every deployment of deployments/prefect.yaml.

    Returns:
        what Prefect's command said.

    Raises:
        MedinstError: it failed.
    """
    file = PREFECT_FILE.relative_to(HOME)
    environment = {name: value for name, value in os.environ.items() if name != "MEDINST_HOME"}  # each worker's own
    command = [sys.executable, "-m", "prefect", "--no-prompt", "deploy", "--all", "--prefect-file", str(file)]
    done = subprocess.run(  # noqa: S603  in a group of its own, so that Ctrl-C is the caller's to answer
        command,
        cwd=HOME,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        process_group=0,
    )
    if done.returncode:
        said = "\n".join(f"{done.stdout}\n{done.stderr}".strip().splitlines()[-20:])
        raise MedinstError(f"{file} could not be deployed (exit code {done.returncode}). Prefect says:\n{said}")
    return done.stdout


if __name__ == "__main__":
    raise SystemExit(main())
