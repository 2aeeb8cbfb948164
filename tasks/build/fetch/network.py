"""Whether there is a network, judged by whether host names resolve."""

import errno
import socket
import time
from collections.abc import Iterable
from queue import Empty, SimpleQueue
from threading import Thread
from urllib.request import getproxies

from schemas.errors import NoNetwork

_UNREACHABLE = (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN)
_ASKED, _LONGEST = 3, 5.0
"""So many hosts are asked for, so many seconds."""


def is_offline(error: BaseException | None) -> bool:
    """Whether an error says that a host has no address or no way leads to it, which asking again soon does not mend."""
    while error is not None:
        if isinstance(error, socket.gaierror) or (isinstance(error, OSError) and error.errno in _UNREACHABLE):
            return True
        error = error.__cause__ or error.__context__
    return False


def look_for_network(hosts: Iterable[str]) -> None:
    """Ask for the addresses of the first few hosts.

    Behind a proxy nothing is asked, because the proxy knows the addresses.

    Raises:
        NoNetwork: none of them has one, or the question is not answered in time.
    """
    chosen = list(dict.fromkeys(hosts))[:_ASKED]
    if not chosen or getproxies().keys() & {"http", "https", "all"}:
        return
    answers: SimpleQueue[bool] = SimpleQueue()
    for host in chosen:  # a question cannot be taken back, and the end of the program must not wait for it
        Thread(target=lambda host=host: answers.put(_has_address(host)), daemon=True).start()
    until = time.monotonic() + _LONGEST
    try:
        if any(answers.get(timeout=max(0.0, until - time.monotonic())) for _ in chosen):
            return
    except Empty:
        pass
    raise NoNetwork(
        f"No address was found for {', '.join(chosen)}. No network? Build from a folder: medinst build --mirror demo, "
        "or --mirror FOLDER"
    )


def _has_address(host: str) -> bool:
    try:
        return bool(socket.getaddrinfo(host, None))
    except OSError:
        return False
