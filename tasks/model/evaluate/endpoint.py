"""A chat endpoint that speaks OpenAI's protocol: sending a question, again where an error may pass."""

import asyncio
import json
import time
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import aiohttp
import httpx

from schemas.address import without_secrets
from schemas.errors import EvaluationError
from schemas.evaluation import Asking, Question
from tasks.base.network.certificates import certificates
from tasks.base.network.client import HEADERS, http_client
from tasks.base.network.proxies import proxy_of
from tasks.model.evaluate.failures import Passing, Refused
from tasks.model.evaluate.requests import Requests
from tasks.model.evaluate.response import Reader, Reply

ATTEMPTS = 6
"""Times that a question is sent before it is given up."""

FIRST_WAIT, LONGEST_WAIT = 0.5, 60.0
"""Seconds before the second attempt, doubled each time up to the longest."""

TIMEOUT = 600.0
"""Seconds that an answer may take."""

LARGEST = 2**26
"""Bytes that an answer may have."""


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
        self.requests = Requests(asking)
        self.reader = Reader(self.url, key, asking)

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
            raise EvaluationError(f"{self._unreached}: {error or type(error).__name__}.") from error
        if found.status_code in (400, 401, 402):
            error = self.reader.failure(found.status_code, found.content)
            if isinstance(error, EvaluationError):
                raise error

    @property
    def _unreached(self) -> str:
        proxy = urlsplit(proxy_of(self.url) or "").netloc.rpartition("@")[2]
        return f"{self.url} cannot be reached{f' over the proxy {proxy}' if proxy else ''}"

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
            cookie_jar=aiohttp.DummyCookieJar(),
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connections."""
        await self.session.close()

    def request(self, question: Question) -> bytes:
        """The body of the request that asks a question."""
        return json.dumps(self.requests.body(question), separators=(",", ":")).encode()

    async def ask(self, request: bytes) -> Reply:
        """Send a request, again where an error may pass.

        Raises:
            Refused: the endpoint will never answer it.
            Passing: it did not in all attempts.
            EvaluationError: it answers nothing of ours (wrong key, wrong address, no such model).
        """
        for attempt in range(1, ATTEMPTS + 1):
            await self._wait_for_pause()
            try:
                return await self._send(request)
            except Passing as error:
                if attempt == ATTEMPTS:
                    raise
                await self._wait(error, attempt)
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

    async def _send(self, request: bytes) -> Reply:
        payload = aiohttp.BytesPayload(request, content_type="application/json")
        try:
            async with self.session.post(self.url, data=payload, allow_redirects=False) as response:
                data = await _read(response)
        except TimeoutError as error:
            raise Passing(f"no answer within {self.timeout:g} s") from error
        except (aiohttp.ClientError, OSError) as error:
            raise Passing(f"{self._unreached}: {error or type(error).__name__}") from error
        if response.status == 200:
            return self.reader.read(data)
        moved = response.headers.get("Location", "").encode() if 300 <= response.status < 400 else b""
        raise self.reader.failure(response.status, moved or data, response.headers.get("Retry-After"))


async def _read(response: aiohttp.ClientResponse) -> bytes:
    """The body of a response.

    Raises:
        Refused: it is larger than any answer.
    """
    if (response.content_length or LARGEST) < LARGEST and "Content-Encoding" not in response.headers:
        return await response.read()
    chunks, size = [], 0
    async for chunk in response.content.iter_any():
        chunks.append(chunk)
        if (size := size + len(chunk)) > LARGEST:
            raise Refused(f"a response of more than {LARGEST:,} bytes")
    return b"".join(chunks)
