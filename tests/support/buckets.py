"""A bucket on loopback, and a store that misbehaves by plan."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from tasks.base.store.bucket import Bucket


def environment(port: int) -> dict[str, str]:
    """What reaches a store on loopback."""
    return {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_ACCESS_KEY_ID": "nobody",
        "AWS_SECRET_ACCESS_KEY": "nothing",
        "AWS_DEFAULT_REGION": "us-east-1",
    }


class Store:
    """S3 on loopback, which keeps what it holds while it is away.

    Attributes:
        port: the one that it listens on, also after it was away.
    """

    def __init__(self) -> None:
        self.port = 0
        self.back()

    @property
    def url(self) -> str:
        return self.environment["AWS_ENDPOINT_URL"]

    @property
    def environment(self) -> dict[str, str]:
        """What reaches it."""
        return environment(self.port)

    def back(self) -> None:
        from moto.server import ThreadedMotoServer

        self._server = ThreadedMotoServer("127.0.0.1", self.port, verbose=False)
        self._server.start()
        self.port = self._server.get_host_and_port()[1]

    @contextmanager
    def throttled(self, burst: int, rate: float) -> Iterator["Throttle"]:
        """Take no more than some requests at once and so many a second; the others are told to slow down."""
        server: Any = self._server._server
        throttle = Throttle(server.app, burst, rate)
        server.app = throttle
        try:
            yield throttle
        finally:
            server.app = throttle.app

    def away(self) -> None:
        """Refuse connections; those that are open are cut at their next request."""
        self._server.stop()

    def away_for(self, seconds: float) -> threading.Thread:
        """Go away now and come back later."""
        self.away()

        def later() -> None:
            time.sleep(seconds)
            self.back()

        thread = threading.Thread(target=later)
        thread.start()
        return thread


class Throttle:
    """A store in front of which requests beyond a rate are refused as S3 does, with 503 and `SlowDown`.

    Attributes:
        rate: requests a second.
        taken: requests that the store answered.
        refused: requests that were told to slow down.
    """

    def __init__(self, app: Any, burst: int, rate: float) -> None:
        self.app, self.taken, self.refused = app, 0, 0
        self.rate, self._burst, self._room, self._since = rate, burst, float(burst), time.monotonic()
        self._lock = threading.Lock()

    def __call__(self, environ: dict[str, Any], start: Any) -> Any:
        with self._lock:
            now = time.monotonic()
            self._room = min(self._burst, self._room + (now - self._since) * self.rate)
            self._since = now
            taken = self._room >= 1
            self._room -= taken
            self.taken += taken
            self.refused += not taken
        if taken:
            return self.app(environ, start)
        environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        body = b"<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>"
        start("503 Slow Down", [("Content-Type", "application/xml"), ("Content-Length", str(len(body)))])
        return [body]


@contextmanager
def reached(store: Store) -> Iterator[None]:
    """This process reaches a store."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in store.environment.items():
            patch.setenv(name, value)
        Bucket.clear_instance_cache()
        yield
    Bucket.clear_instance_cache()


@contextmanager
def running_store(*buckets: str) -> Iterator[Store]:
    """A store with buckets, which this process reaches."""
    store = Store()
    try:
        with reached(store):
            for bucket in buckets:
                with suppress(FileExistsError):  # moto's buckets outlive its server in a process
                    Bucket().call_s3("create_bucket", Bucket=bucket)
            yield store
    finally:
        store.away()


def answers(code: str, message: str = "said the store", status: int = 400) -> ClientError:
    """What botocore raises when a store answers with an error."""
    said: Any = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(said, "PutObject")


def no_connection() -> EndpointConnectionError:
    """What botocore raises when nobody listens."""
    return EndpointConnectionError(endpoint_url="http://127.0.0.1:9/bucket?list-type=2")
