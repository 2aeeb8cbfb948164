"""Web pages where a data file is due: most are errors, one asks for a confirmation that can be given.

Google Drive asks before it sends a large file that it could not scan for viruses. That page is known by its
form, not by its host, so that other addresses of the same service work too.
"""

import re
from pathlib import PurePosixPath
from urllib.parse import urljoin, urlsplit

from schemas.errors import FetchError, NotAFile
from tasks.build.fetch.address import redact

LONGEST = 2**20
"""Bytes of a page that are looked at."""

_PAGES = (".html", ".htm", ".xhtml", ".shtml", ".xml")
_START = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL)
_PACKED = (b"PK\x03\x04", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00")
_QUOTA = re.compile(r"too many users have viewed or downloaded|download quota", re.IGNORECASE)


def is_page(name: str, content_type: str, start: bytes) -> bool:
    """Whether an answer is a web page although a data file is due.

    Args:
        name: the file's name; one that names a page is never refused.
        content_type: the header of the answer.
        start: the first bytes of the answer.
    """
    if PurePosixPath(name).suffix.lower() in _PAGES:
        return False
    said = content_type.partition(";")[0].strip().lower() in ("text/html", "application/xhtml+xml")
    return _START.match(start) is not None or (said and not start.startswith(_PACKED))


def confirmed(page: bytes, address: str) -> str:
    """The address that a confirmation page leads to.

    Args:
        page: the page's bytes.
        address: where it came from.

    Raises:
        FetchError: the page says that too many people fetched the file today.
        NotAFile: it is any other page.
    """
    import lxml.html

    tree = lxml.html.document_fromstring(page.strip() or b"<p/>")
    text = " ".join(tree.text_content().split())
    if _QUOTA.search(text):
        raise FetchError(
            f"`{redact(address)}`: expected a file, found Google Drive's page that too many users have "
            "downloaded it lately. Try again tomorrow, or fetch it in a browser and pass it with `--mirror`.",
            url=redact(address),
        )
    forms = tree.xpath("//form[@id='download-form']")
    if not forms:
        raise not_a_file(address, str(tree.findtext(".//title") or text)[:80])
    fields = {field.get("name"): field.get("value", "") for field in forms[0].xpath(".//input[@name]")}
    return _with_fields(urljoin(address, forms[0].get("action", "")), fields, address)


def _with_fields(action: str, fields: dict[str, str], address: str) -> str:
    import httpx

    if urlsplit(action).scheme not in ("http", "https"):
        raise not_a_file(address, "a form that leads nowhere")
    return str(httpx.URL(action).copy_merge_params(fields))


def not_a_file(address: str, title: str) -> NotAFile:
    """The error for a page where a file is due."""
    return NotAFile(
        f"`{redact(address)}`: expected a data file, found a web page ({title.strip()!r}). "
        "Open the address in a browser: if the publisher moved the file, correct `files` in the declaration; "
        "else pass it with `--mirror`.",
        url=redact(address),
    )
