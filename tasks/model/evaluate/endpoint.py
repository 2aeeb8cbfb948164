"""A chat endpoint that speaks OpenAI's protocol: sending a question, again where an error may pass."""

import asyncio
import json
import re
import time
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import aiohttp
import httpx

from schemas.address import without_secrets
from schemas.errors import EvaluationError
from schemas.evaluation import Asking, Prediction, Question
from tasks.base.network.certificates import certificates
from tasks.base.network.client import HEADERS, http_client
from tasks.base.network.proxies import proxy_of
from tasks.model.evaluate.questions import messages
from tasks.model.evaluate.response import Passing, Reply, fail, message_of, parse

ATTEMPTS = 6
"""Times that a question is sent before it is given up."""

FIRST_WAIT, LONGEST_WAIT = 0.5, 60.0
"""Seconds before the second attempt, doubled each time up to the longest."""

TIMEOUT = 600.0
"""Seconds that an answer may take."""


class Endpoint:
    """An endpoint, with one pool of connections.

    Attributes:
        url: of the chat completions.
        pause: the time before which nothing is sent, because the endpoint asked to wait.
    """

    def __init__(self, base_url: str, key: str, asking: Asking, connections: int, timeout: float = TIMEOUT) -> None:
        without_secrets(base_url, "endpoint")
        if urlsplit(base_url).scheme not in ("http", "https"):
            raise EvaluationError(
                f"{base_url!r} is not the address of an endpoint; write it like http://localhost:8000/v1"
            )
        self.url = base_url.rstrip("/").removesuffix("/chat/completions") + "/chat/completions"
        self.asking, self.key = asking, key
        self.connections, self.timeout = connections, timeout
        self.pause = 0.0
        self.body = _body(asking)
        self.reasoning = re.compile(asking.reasoning) if asking.reasoning else None

    def refuse_unusable(self) -> None:
        """Ask for the list of models, which costs nothing; an endpoint that has none is not refused for that.

        Raises:
            EvaluationError: the endpoint cannot be reached, or rejects the key.
        """
        url = self.url.removesuffix("/chat/completions") + "/models"
        try:
            with http_client() as client:
                found = client.get(url, headers=self._headers, timeout=10)
        except httpx.ReadTimeout:
            return  # it is there, and busy
        except httpx.HTTPError as error:
            raise EvaluationError(f"{self.url} cannot be reached: {error or type(error).__name__}.") from error
        if found.status_code == 401:
            fail(self.url, found.status_code, None, message_of(found.content, self.key))

    @property
    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}"} if self.key else {}

    async def __aenter__(self) -> Self:
        """Open the pool of connections."""
        self.session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=self.connections, ttl_dns_cache=300, ssl=certificates()),
            timeout=aiohttp.ClientTimeout(total=self.timeout),
            headers={"User-Agent": HEADERS["User-Agent"]} | self._headers,
            proxy=proxy_of(self.url),
            json_serialize=_compact,
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connections."""
        await self.session.close()

    async def ask(self, question: Question) -> Prediction:
        """Ask one question, again where an error may pass.

        Raises:
            Refused: the endpoint will never answer it.
            Passing: it did not in all attempts.
            EvaluationError: it answers nothing of ours (wrong key, wrong address, no such model).
        """
        body = self.body | {"messages": messages(question, self.asking.system)}
        for attempt in range(1, ATTEMPTS + 1):
            await self._wait_for_pause()
            try:
                reply = await self._send(body)
            except Passing as error:
                if attempt == ATTEMPTS:
                    raise
                await self._wait(error, attempt)
            else:
                return _prediction(question, reply)
        raise AssertionError("unreachable")

    async def _wait_for_pause(self) -> None:
        while (left := self.pause - time.monotonic()) > 0:
            await asyncio.sleep(left)

    async def _wait(self, error: Passing, attempt: int) -> None:
        seconds = error.wait if error.wait is not None else FIRST_WAIT * 2 ** (attempt - 1)
        seconds = min(seconds, LONGEST_WAIT)
        if error.overload:
            self.pause = max(self.pause, time.monotonic() + seconds)
        await asyncio.sleep(seconds)

    async def _send(self, body: Mapping[str, Any]) -> Reply:
        try:
            async with self.session.post(self.url, json=body) as response:
                data = await response.read()
        except TimeoutError as error:
            raise Passing(f"no answer within {self.timeout:g} s") from error
        except aiohttp.ClientError as error:
            raise Passing(f"{self.url} cannot be reached: {error or type(error).__name__}") from error
        if response.status != 200:
            fail(self.url, response.status, response.headers.get("Retry-After"), message_of(data, self.key))
        return parse(self.url, data, self.reasoning)


def _prediction(question: Question, reply: Reply) -> Prediction:
    return Prediction(
        key=question.key,
        id=question.id,
        task=question.task,
        prediction=reply.text,
        target=question.target,
        outcome=reply.outcome,
        reasoning=reply.reasoning,
        prompt_tokens=reply.prompt_tokens,
        answer_tokens=reply.answer_tokens,
    )


def _body(asking: Asking) -> dict[str, Any]:
    """The fields of a request that are the same for all questions."""
    optional = {"top_p": asking.top_p, "seed": asking.seed, "stop": list(asking.stop) or None}
    body = {"model": asking.model, "temperature": asking.temperature, "max_tokens": asking.max_tokens}
    body |= {name: value for name, value in optional.items() if value is not None}
    return {name: value for name, value in (body | asking.extra).items() if value is not None}


def _compact(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))
