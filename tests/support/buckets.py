"""A bucket on loopback, and a store that misbehaves by plan."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from tasks.base.store.bucket import Bucket


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
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """What reaches it."""
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": "nobody",
            "AWS_SECRET_ACCESS_KEY": "nothing",
            "AWS_DEFAULT_REGION": "us-east-1",
        }

    def back(self) -> None:
        from moto.server import ThreadedMotoServer

        self._server = ThreadedMotoServer("127.0.0.1", self.port, verbose=False)
        self._server.start()
        self.port = self._server.get_host_and_port()[1]

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
