"""Asking politely: one request at a time to a host, a pause between two, and no host that does not answer twice."""

import threading
import time
from collections import defaultdict, deque
from collections.abc import Iterator, Mapping
from queue import SimpleQueue
from urllib.parse import urlsplit

import httpx

from schemas.links import Answer
from schemas.settings import Settings
from tasks.base.network.client import http_client
from tasks.build.fetch.address import redact
from tasks.build.fetch.ask import ask

HOSTS = 16
"""Hosts that are asked at once."""

PATIENCE = 20.0
"""Seconds that an answer may take."""

SILENT = 2
"""Requests in a row that a host may leave unanswered, before it is not asked again."""


class Pace:
    """When a host may be asked next, whoever asks.

    Args:
        pause: seconds between two requests to a host.
    """

    def __init__(self, pause: float) -> None:
        self._pause = pause
        self._free: defaultdict[str, float] = defaultdict(float)
        self._lock = threading.Lock()

    def __call__(self, request: httpx.Request) -> None:
        """Wait for the turn of a request; a client calls this before each, redirects included."""
        with self._lock:
            now = time.monotonic()
            turn = max(now, self._free[request.url.host])
            self._free[request.url.host] = turn + self._pause
        time.sleep(turn - now)

    def hold(self, url: str, seconds: float) -> None:
        """Leave the host of an address alone for some seconds, because it asks for that."""
        with self._lock:
            host = urlsplit(url).hostname or ""
            self._free[host] = max(self._free[host], time.monotonic() + seconds)


def ask_all(urls: Mapping[str, str], settings: Settings) -> Iterator[Answer]:
    """Ask addresses, those of one host one after the other; answers come as they are there.

    Args:
        urls: address -> name of the file that is due.
        settings: pause between two requests to a host, and time limits.

    Raises:
        NetworkError: proxies or certificates that the environment names cannot be used.
    """
    by_host: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for url, name in urls.items():
        by_host[urlsplit(url).hostname or ""][url] = name
    waiting = deque(sorted(by_host.values(), key=len, reverse=True))  # the longest takes the longest
    answers: SimpleQueue[Answer | BaseException] = SimpleQueue()
    pace = Pace(settings.pause)
    with http_client(timeout=min(settings.timeout, PATIENCE), event_hooks={"request": [pace]}) as client:
        asking = _Asking(client, pace, settings, waiting, answers)
        for _ in range(min(HOSTS, len(waiting))):
            threading.Thread(target=asking.work, daemon=True).start()
        try:
            for _ in urls:
                answer = answers.get()
                if isinstance(answer, BaseException):
                    raise answer
                yield answer
        finally:
            asking.over = True


class _Asking:
    """What the threads share; each takes a host after the other.

    Attributes:
        over: nobody wants any more answers.
    """

    def __init__(
        self,
        client: httpx.Client,
        pace: Pace,
        settings: Settings,
        waiting: deque[dict[str, str]],
        answers: SimpleQueue[Answer | BaseException],
    ) -> None:
        self._client, self._pace, self._settings = client, pace, settings
        self._waiting, self._answers = waiting, answers
        self.over = False

    def work(self) -> None:
        """Ask hosts until there are none."""
        try:
            while True:
                try:
                    urls = self._waiting.popleft()
                except IndexError:
                    return
                self._ask_host(urls)
        except BaseException as error:
            self._answers.put(error)

    def _ask_host(self, urls: Mapping[str, str]) -> None:
        silent, last = 0, ""
        for url, name in urls.items():
            if self.over:
                return
            if silent >= SILENT:
                self._answers.put(
                    Answer(redact(url), error=f"not asked, because its host did not answer twice: {last}")
                )
                continue
            answer = self._ask(url, name)
            silent, last = (silent + 1, answer.error) if answer.error else (0, "")
            self._answers.put(answer)

    def _ask(self, url: str, name: str) -> Answer:
        """Ask an address, and once more where it says when."""
        answer = ask(self._client, url, name)
        if answer.wait and answer.status in (429, 503):
            self._pace.hold(url, min(answer.wait, self._settings.wait_longest))
            answer = ask(self._client, url, name)
        return answer
