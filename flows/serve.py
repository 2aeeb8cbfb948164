"""`medinst serve`: Prefect's server and UI, the schedules, a worker and the reports on this machine, as one command.

A Ctrl-C in the terminal reaches only this process, which ends the others in order. A build that is ended so is
resumed by the next one.
"""

import errno
import itertools
import os
import socket
import time
from collections.abc import Callable
from typing import NoReturn

import httpx

from flows.automations import deploy_automations
from flows.children import Children
from flows.deploy import HOME, deploy
from flows.pools import POOL, PROCESS, create_pool
from flows.quiet import quiet
from flows.server import RECORDER
from schemas.errors import MedinstError
from sources import folders
from tasks.base.store.root import Root

HOST = "127.0.0.1"
START = 180.0
"""Seconds that the server may take to answer."""

PATIENCE = 9.0
"""Seconds that all processes may take to end, before they are killed."""


def serve(say: Callable[[str], None], port: int, reports: int, root: str) -> NoReturn:
    """Serve until the command is interrupted.

    Args:
        say: prints a line for the user.
        port: of the server and its UI.
        reports: port of the reports.
        root: where the builds go.

    Raises:
        MedinstError: the port is taken, or one of the processes ended by itself.
    """
    refuse_taken(port)
    refuse_taken(reports, "--reports-port")
    os.environ |= _environment(port, reports, Root(root))
    with Children() as children:
        say("Starting Prefect's server …")
        children.start_prefect("server", "start", "--host", HOST, "--port", str(port), silent=True)
        children.start("reports", "flows.reports", "--host", HOST, "--port", str(reports))
        _wait_for_server(port, children)
        create_pool()
        _mark_crashed()
        deploy()
        told = deploy_automations()
        os.environ.pop("MEDINST_WEBHOOK_URL", None)  # the server keeps it, and no run needs it
        children.start_prefect("worker", "start", "--pool", POOL, "--type", PROCESS, "--limit", "1")
        say(f"Prefect's UI:  http://{HOST}:{port}")
        say(f"Reports:       {os.environ['MEDINST_REPORTS_URL']}")
        say(f"Builds go to:  {os.environ['MEDINST_ROOT']}")
        say(f"Webhook:       {'is told of failures, recoveries and outages' if told else 'none (MEDINST_WEBHOOK_URL)'}")
        say("Ctrl-C ends the server, the schedules and the worker.")
        for turn in itertools.count():
            children.refuse_ended()
            if turn % 120 == 0:
                children.bury()
            time.sleep(0.5)
        raise AssertionError("it counts without end")


def refuse_taken(port: int, option: str = "--port") -> None:
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
            raise MedinstError(f"Port {port} {why}. Use another: medinst serve {option} {other}") from error


def _environment(port: int, reports: int, root: Root) -> dict[str, str]:
    quiet(verbose=True)
    api = f"http://{HOST}:{port}/api"
    return {
        "PREFECT_API_URL": api,
        "PREFECT_SERVER_UI_API_URL": api,
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem",
        **RECORDER,
        "MEDINST_REPORTS_URL": f"http://{HOST}:{reports}",
        "MEDINST_HOME": str(HOME),
        "MEDINST_ROOT": root.url,
        "MEDINST_SOURCES": os.pathsep.join(map(str, folders())) or os.environ.get("MEDINST_SOURCES", ""),
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

    from flows.crashed import end_run

    unfinished = [StateType.PENDING, StateType.RUNNING, StateType.CANCELLING]
    state = filters.FlowRunFilterState(type=filters.FlowRunFilterStateType(any_=unfinished))
    with get_client(sync_client=True) as client:
        for run in client.read_flow_runs(
            flow_run_filter=filters.FlowRunFilter(state=state),
            work_pool_filter=filters.WorkPoolFilter(name=filters.WorkPoolFilterName(any_=[POOL])),
        ):
            end_run(client, run, Crashed(message="It ended with the server that ran it."))
