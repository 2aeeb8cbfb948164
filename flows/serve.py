"""`medinst serve`: Prefect's server and UI, the schedules and a worker on this machine, as one command.

A Ctrl-C in the terminal reaches only this process, which ends the others in order. A build that is ended so is
resumed by the next one.
"""

import errno
import os
import socket
import time
from collections.abc import Callable
from typing import NoReturn

import httpx

from flows.children import Children
from flows.deploy import HOME, deploy
from flows.pools import POOL, PROCESS, create_pool
from flows.quiet import quiet
from schemas.errors import MedinstError
from tasks.base.store.root import Root

HOST = "127.0.0.1"
START = 180.0
"""Seconds that the server may take to answer."""

PATIENCE = 9.0
"""Seconds that all processes may take to end, before they are killed."""


def serve(say: Callable[[str], None], port: int, root: str) -> NoReturn:
    """Serve until the command is interrupted.

    Args:
        say: prints a line for the user.
        port: of the server and its UI.
        root: where the builds go.

    Raises:
        MedinstError: the port is taken, or one of the processes ended by itself.
    """
    refuse_taken(port)
    os.environ |= _environment(port, Root(root))
    with Children() as children:
        say("Starting Prefect's server …")
        children.start("server", "server", "start", "--host", HOST, "--port", str(port), silent=True)
        _wait_for_server(port, children)
        create_pool()
        _mark_crashed()
        deploy()
        children.start("worker", "worker", "start", "--pool", POOL, "--type", PROCESS, "--limit", "1")
        say(f"Prefect's UI:  http://{HOST}:{port}")
        say(f"Builds go to:  {os.environ['MEDINST_ROOT']}")
        say("Ctrl-C ends the server, the schedules and the worker.")
        while True:
            children.refuse_ended()
            time.sleep(0.5)


def refuse_taken(port: int) -> None:
    """Refuse a port that something listens on, before anything is started.

    Raises:
        MedinstError: it is taken, or not for us.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            why = "is taken" if error.errno == errno.EADDRINUSE else f"cannot be used ({error.strerror})"
            other = port + 1 if 1024 <= port < 65535 else 4200
            raise MedinstError(f"Port {port} {why}. Use another: medinst serve --port {other}") from error


def _environment(port: int, root: Root) -> dict[str, str]:
    quiet(verbose=True)
    api = f"http://{HOST}:{port}/api"
    return {
        "PREFECT_API_URL": api,
        "PREFECT_SERVER_UI_API_URL": api,
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem",
        "MEDINST_HOME": str(HOME),
        "MEDINST_ROOT": root.url,
    }


def _wait_for_server(port: int, children: Children) -> None:
    end = time.monotonic() + START
    while True:
        children.refuse_ended()
        try:
            if httpx.get(f"http://{HOST}:{port}/api/health", timeout=5, trust_env=False).is_success:
                return
        except httpx.TransportError:
            if time.monotonic() > end:
                raise MedinstError(f"Prefect's server does not answer on port {port} after {START:.0f} s.") from None
        time.sleep(0.5)


def _mark_crashed() -> None:
    """Mark the runs crashed that the last server left running; each kept the place of the deployment's next run."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas import filters
    from prefect.client.schemas.objects import StateType
    from prefect.states import Crashed

    unfinished = [StateType.PENDING, StateType.RUNNING, StateType.CANCELLING]
    state = filters.FlowRunFilterState(type=filters.FlowRunFilterStateType(any_=unfinished))
    with get_client(sync_client=True) as client:
        for run in client.read_flow_runs(
            flow_run_filter=filters.FlowRunFilter(state=state),
            work_pool_filter=filters.WorkPoolFilter(name=filters.WorkPoolFilterName(any_=[POOL])),
        ):
            client.set_flow_run_state(run.id, Crashed(message="It ended with the server that ran it."), force=True)
