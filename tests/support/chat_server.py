"""A chat endpoint on loopback that speaks OpenAI's protocol and behaves as a test wants it to."""

import asyncio
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from aiohttp import web

Answer = dict[str, Any] | web.Response
Behaviour = Callable[[dict[str, Any], int], Answer]
"""From the body of a request, and how often its question came before, to the answer."""


def said(text: str | None, finish: str = "stop", **message: Any) -> dict[str, Any]:
    """A chat completion."""
    return {
        "choices": [{"message": {"role": "assistant", "content": text, **message}, "finish_reason": finish}],
        "usage": {"prompt_tokens": 11, "completion_tokens": 3},
    }


def failed(status: int, message: str = "no", **headers: str) -> web.Response:
    """An error as such endpoints send it."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return web.json_response({"error": {"message": message}}, status=status, headers=named)


class Chat:
    """The server.

    Attributes:
        seen: the questions that came, with how often.
        bodies: the bodies of the requests, in their order.
        keys: the Authorization headers that came.
        at_once: the most requests that were in flight together.
    """

    def __init__(self, behaviour: Behaviour, delay: float) -> None:
        self.behaviour, self.delay = behaviour, delay
        self.seen: Counter[str] = Counter()
        self.bodies: list[dict[str, Any]] = []
        self.keys: set[str | None] = set()
        self.at_once = self.now = 0
        self.url = ""

    async def answer(self, request: web.Request) -> web.Response:
        self.now += 1
        self.at_once = max(self.at_once, self.now)
        try:
            body = await request.json()
            self.bodies.append(body)
            self.keys.add(request.headers.get("Authorization"))
            question = body["messages"][-1]["content"]
            before = self.seen[question]
            self.seen[question] += 1
            if self.delay:
                await asyncio.sleep(self.delay)
            answer = self.behaviour(body, before)
            return answer if isinstance(answer, web.Response) else web.json_response(answer)
        finally:
            self.now -= 1


@contextmanager
def chat(behaviour: Behaviour, delay: float = 0.0) -> Iterator[Chat]:
    """Run a server as long as the block does."""
    server = Chat(behaviour, delay)
    loop = asyncio.new_event_loop()
    app = web.Application(client_max_size=2**26)
    app.router.add_post("/v1/chat/completions", server.answer)
    runner = web.AppRunner(app, handler_cancellation=True)

    async def start() -> None:
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        server.url = f"http://127.0.0.1:{runner.addresses[0][1]}/v1"

    loop.run_until_complete(start())
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
