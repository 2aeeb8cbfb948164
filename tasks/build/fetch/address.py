"""Addresses as they may be shown: without passwords and tokens."""

from urllib.parse import urlsplit, urlunsplit

from schemas.address import SECRET


def redact(url: str) -> str:
    """An address without user, password and the values of query fields that look like secrets.

    Everything else stays, because it may be what names the file (`?id=…`).
    """
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2] if parts.scheme != "file" else parts.netloc
    hidden = (SECRET.sub(r"\1=…", text) for text in (parts.query, parts.fragment))
    return urlunsplit((parts.scheme, host, parts.path, *hidden)) if parts.scheme else url
