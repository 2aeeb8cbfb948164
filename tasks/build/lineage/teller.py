"""Sending events to a receiver, one after the other, without ever holding up or failing a build."""

import logging
from collections.abc import Callable
from queue import SimpleQueue
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import httpx

from schemas.errors import MedinstError
from schemas.lineage import LineageSettings
from tasks.base.network.client import http_client
from tasks.base.network.loopback import LOOPBACK

PATIENCE = 5.0
"""Seconds that the end of a build waits for the receiver."""

Say = Callable[[str], None]
_log = logging.getLogger(__name__)


class Teller:
    """Sends events in the background and in their order.

    Args:
        url: where events are posted.
        api_key: sent along as a bearer token.
        warn: is told, once, of a receiver that takes no events.
    """

    def __init__(self, url: str, api_key: str | None = None, warn: Say = _log.warning) -> None:
        self._url, self._warn = url, warn
        self._headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        self._events: SimpleQueue[dict[str, Any] | None] = SimpleQueue()
        self._wrong = ""
        self._thread = Thread(target=self._send_all, name="OpenLineage", daemon=True)
        self._thread.start()

    def tell(self, event: dict[str, Any]) -> None:
        """Send an event soon."""
        self._events.put(event)

    def close(self, patience: float = PATIENCE) -> None:
        """Wait for what is still to be sent, `patience` seconds at most."""
        self._events.put(None)
        self._thread.join(patience)
        if self._thread.is_alive():
            self._wrong = f"it took longer than {patience:g} s"
        if self._wrong:
            host = urlsplit(self._url).hostname
            self._warn(f"OpenLineage: {host} was not told everything of this build: {self._wrong}. The build is sound.")

    def _send_all(self) -> None:
        try:
            with http_client(timeout=PATIENCE, headers=self._headers) as client:
                while (event := self._events.get()) is not None:
                    self._send(client, event)
        except MedinstError as error:  # the proxy or the certificates
            self._wrong = str(error).rstrip(".")

    def _send(self, client: httpx.Client, event: dict[str, Any]) -> None:
        try:
            answer = client.post(self._url, json=event)
        except httpx.HTTPError as error:
            self._wrong = f"it does not answer ({type(error).__name__})"
            return
        if not answer.is_success:
            self._wrong = f"it answers {answer.status_code}"


def teller(settings: LineageSettings, warn: Say = _log.warning) -> Teller | None:
    """Whoever tells the receiver that the environment names; None where it names none, or none that can be used."""
    if settings.url is None or settings.disabled.lower() == "true":
        return None
    parts = urlsplit(settings.url)
    key = settings.api_key.get_secret_value() if settings.api_key else None
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.query:
        warn("OpenLineage: OPENLINEAGE_URL is not http(s)://HOST without user and query, so nobody is told of builds.")
        return None
    if key and parts.scheme == "http" and parts.hostname not in LOOPBACK:
        warn(f"OpenLineage: OPENLINEAGE_API_KEY is not sent to {parts.hostname} without https, so nobody is told.")
        return None
    return Teller(f"{settings.url.rstrip('/')}/{settings.endpoint.lstrip('/')}", key, warn)
