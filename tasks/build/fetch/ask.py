"""Asking an address what it holds without fetching it: by HEAD, or by the first bytes where a server refuses that."""

import ftplib
import re

import fsspec
import httpx

from schemas.errors import FetchError
from schemas.links import Answer
from tasks.build.fetch.address import redact
from tasks.build.fetch.believed import redirects
from tasks.build.fetch.web_file import seconds
from tasks.build.fetch.web_page import confirmed, is_page

FIRST, PAGE = 1024, 64 * 1024
"""First bytes of a file, and of a web page, that are asked for."""

_HOPS = 10
_REFUSES_HEAD = (400, 403, 404, 405, 406, 500, 501)
"""Answers to HEAD after which some servers give the file to GET."""
_FOR_GOOD = (301, 308)
_TOTAL = re.compile(r"bytes \d+-\d+/(\d+)")
_TITLE = re.compile(rb"<title[^>]*>(.*?)</title", re.IGNORECASE | re.DOTALL)


def ask(client: httpx.Client, url: str, name: str) -> Answer:
    """Ask what an address holds; whatever goes wrong is part of the answer.

    Args:
        client: sends the requests.
        url: the address; fsspec looks at those that are not `http` or `https`.
        name: name of the file that is due, which tells whether it may be a web page.
    """
    if not url.startswith(("http://", "https://")):
        return _listed(url)
    try:
        answer = _heard(client, "HEAD", url)
        if answer.status in _REFUSES_HEAD:
            answer = _heard(client, "GET", url, FIRST)
        if answer.status in (200, 206) and is_page(name, answer.type, answer.start):
            answer = _past_confirmation(_heard(client, "GET", url, PAGE), url, name)
    except FetchError as error:
        return Answer(redact(url), error=str(error))
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return Answer(redact(url), error=_words(error))
    return answer


def _words(error: Exception) -> str:
    """What went wrong; a time limit of httpx has no message of its own."""
    kind = type(error).__name__
    return "no answer in time" if isinstance(error, httpx.TimeoutException) else f"{error or kind}"


def _heard(client: httpx.Client, method: str, url: str, first: int = 0) -> Answer:
    """What a server says at the end of all redirects.

    Args:
        client: sends the request.
        method: HEAD or GET.
        url: the address.
        first: bytes that are asked for at most.
    """
    check, permanent = redirects(url), True
    request = client.build_request(method, url, headers={"Range": f"bytes=0-{first - 1}"} if first else None)
    for _ in range(_HOPS):
        check(request)
        response = client.send(request, stream=True)
        try:
            if response.next_request is None:
                return _answer(response, url, permanent, _start(response, first))
            permanent &= response.status_code in _FOR_GOOD
            request = response.next_request
        finally:
            response.close()
    raise httpx.TooManyRedirects(f"more than {_HOPS} redirects", request=request)


def _answer(response: httpx.Response, url: str, permanent: bool, start: bytes) -> Answer:
    headers = response.headers
    final, title = redact(str(response.url)), _TITLE.search(start)
    moved = final != redact(str(httpx.URL(url)))
    return Answer(
        url=redact(url),
        status=response.status_code,
        final=final if moved else "",
        permanent=moved and permanent,
        type=headers.get("Content-Type", ""),
        size=_size(response),
        etag=headers.get("ETag", ""),
        modified=headers.get("Last-Modified", ""),
        start=start,
        title=" ".join(title[1].decode(errors="replace").split())[:80] if title else "",
        wait=seconds(headers.get("Retry-After", "")),
    )


def _size(response: httpx.Response) -> int | None:
    """The size of the whole file, if the server tells it."""
    if response.headers.get("Content-Encoding", "identity").lower() not in ("", "identity"):
        return None
    if response.status_code == httpx.codes.PARTIAL_CONTENT:
        total = _TOTAL.fullmatch(response.headers.get("Content-Range", "").strip())
        return int(total[1]) if total else None
    length = response.headers.get("Content-Length", "")
    return int(length) if length.isdecimal() and int(length) else None


def _start(response: httpx.Response, size: int) -> bytes:
    """The first bytes; the rest is not read."""
    start = b""
    for chunk in response.iter_raw() if size else ():
        start += chunk
        if len(start) >= size:
            break
    return start[:size]


def _past_confirmation(answer: Answer, url: str, name: str) -> Answer:
    """The answer of a file behind a page that only wants a confirmation; else that of the page."""
    if not is_page(name, answer.type, answer.start):
        return answer
    try:
        confirmed(answer.start, url)
    except FetchError:
        return answer
    return answer._replace(type="", size=None, etag="", modified="", start=b"", title="")


def _listed(url: str) -> Answer:
    """What a file system says of an address."""
    try:
        fs, path = fsspec.url_to_fs(url)
        size = fs.info(path).get("size")
    except FileNotFoundError:
        return Answer(redact(url), status=404)
    except PermissionError:
        return Answer(redact(url), status=403)
    except ftplib.error_perm as error:
        return Answer(redact(url), status=404 if str(error).startswith("550") else 403)
    except Exception as error:  # each file system brings its own
        return Answer(redact(url), error=str(error).replace(url, redact(url)) or type(error).__name__)
    return Answer(redact(url), status=200, size=size or None)
