"""A run that was told to end does so within seconds, also where Prefect would wait for its last reports.

At its end, Prefect delivers what it has still to report, however long that takes: a build that is cancelled has
hundreds of steps to report, and a busy server keeps it for half a minute. What was not reported in time is set right
by the next build.
"""

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from prefect.exceptions import TerminationSignal

GRACE = 5.0
"""Seconds that a run may take to report."""


@contextmanager
def leaving_soon() -> Iterator[None]:
    """A block after which the process ends in a few seconds if it was told to end."""
    try:
        yield
    except TerminationSignal:
        threading.Thread(target=_leave, name="leave soon", daemon=True).start()
        raise


def _leave() -> None:
    time.sleep(GRACE)
    os._exit(128 + signal.SIGTERM)
