"""A receiver of messages on the loopback, as a chat gives one to post to."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


class Receiver:
    """What was posted: the path and the message of each post; `status` is what the receiver answers."""

    def __init__(self) -> None:
        self.url = ""
        self.status = 200
        self.posts: list[tuple[str, dict[str, str]]] = []

    @property
    def texts(self) -> list[str]:
        return [message["text"] for _, message in self.posts]


@contextmanager
def receiving() -> Iterator[Receiver]:
    receiver = Receiver()

    class Post(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            assert self.headers["Content-Type"] == "application/json"
            receiver.posts.append((self.path, json.loads(body)))
            self.send_response(receiver.status)
            self.end_headers()

        def log_message(self, format, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Post)
    receiver.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
