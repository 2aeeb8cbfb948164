"""A web site on the loopback whose every answer a test scripts."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from time import sleep
from typing import ClassVar
from urllib.parse import urlsplit

from schemas.settings import Settings

Answer = Callable[["Visit"], None]


def quick(**changes: object) -> Settings:
    """Settings with hardly any waiting."""
    return Settings(**{"wait": 0.001, "wait_longest": 0.05, "timeout": 5.0, "attempts": 3, **changes})


class Visit(BaseHTTPRequestHandler):
    site: "Site"
    serving: ClassVar[set["Visit"]] = set()
    """Requests that have no answer yet."""

    def do_GET(self):
        path = urlsplit(self.path).path
        with self.site.lock:
            self.site.seen.append((self.path, dict(self.headers)))
            answers = self.site.answers.get(path, [missing])
            answer = answers.pop(0) if len(answers) > 1 else answers[0]
            self.serving.add(self)
            self.site.most = max(self.site.most, len(self.serving))
        try:
            answer(self)
        finally:
            self.serving.discard(self)

    def reply(self, status: int, data: bytes = b"", length: int | None = None, **headers):
        self.serving.discard(self)  # whoever has read the answer may ask again before this thread goes on
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(data) if length is None else length))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def do_HEAD(self):
        self.do_GET()

    def log_message(self, format, *args):
        pass


class Site:
    """Answers by path (the last one stays), what was asked, and how many were served at once at most."""

    def __init__(self, url: str):
        self.url = url
        self.lock = Lock()
        self.answers: dict[str, list[Answer]] = {}
        self.seen: list[tuple[str, dict[str, str]]] = []
        self.most = 0

    def on(self, path: str, *answers: Answer) -> str:
        self.answers[path] = list(answers)
        return self.url + path


@contextmanager
def running_site() -> Iterator[Site]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Visit)
    server.RequestHandlerClass = type("SiteVisit", (Visit,), {"serving": set()})
    site = server.RequestHandlerClass.site = Site(f"http://127.0.0.1:{server.server_port}")
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def missing(visit: Visit):
    visit.reply(404, b"nothing here")


def data(body: bytes, **headers) -> Answer:
    return lambda visit: visit.reply(200, body, **headers)


def slow(body: bytes, seconds: float = 0.03) -> Answer:
    """Whoever asks beside it is seen to."""

    def answer(visit: Visit):
        sleep(seconds)
        visit.reply(200, body)

    return answer


def status(code: int, **headers) -> Answer:
    return lambda visit: visit.reply(code, b"try later", **headers)


def cut(body: bytes, after: int, **headers) -> Answer:
    """Promise a body and hang up in its middle."""
    return lambda visit: visit.reply(200, body[:after], length=len(body), **headers)


def ranged(body: bytes, etag: str) -> Answer:
    """A server that knows ranges."""

    def answer(visit: Visit):
        asked = visit.headers.get("Range")
        if asked is None or visit.headers.get("If-Range") != etag:
            visit.reply(200, body, ETag=etag)
            return
        start = int(asked.removeprefix("bytes=").removesuffix("-"))
        visit.reply(206, body[start:], Content_Range=f"bytes {start}-{len(body) - 1}/{len(body)}", ETag=etag)

    return answer
