"""`python -m tests.benchmarks.chat_mock PORT MILLISECONDS`: a chat endpoint that answers all alike after a while.

It takes requests apart no more than it must, so that what is measured is whoever asks.
"""

import asyncio
import json
import selectors
import sys

BODY = json.dumps(
    {
        "choices": [{"message": {"role": "assistant", "content": "[velt fever <disease>]"}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 900, "completion_tokens": 12},
    }
).encode()
REPLY = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(BODY), BODY)


class Connection(asyncio.Protocol):
    """One kept-alive connection."""

    delay = 0.0

    def connection_made(self, transport) -> None:
        self.transport, self.data = transport, b""

    def data_received(self, data: bytes) -> None:
        self.data += data
        while (end := self.data.find(b"\r\n\r\n")) >= 0:
            head = self.data[:end].lower()
            length = int(head[head.index(b"content-length:") + 15 :].split(b"\r\n", 1)[0])
            if len(self.data) < end + 4 + length:
                return
            self.data = self.data[end + 4 + length :]
            asyncio.get_running_loop().call_later(self.delay, self.transport.write, REPLY)


async def main(port: int, delay: float) -> None:
    Connection.delay = delay
    server = await asyncio.get_running_loop().create_server(Connection, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    # epoll and poll round waits up to milliseconds, so that each answer would be half a millisecond late
    with asyncio.Runner(loop_factory=lambda: asyncio.SelectorEventLoop(selectors.SelectSelector())) as runner:
        runner.run(main(int(sys.argv[1]), float(sys.argv[2]) / 1000))
