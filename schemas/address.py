"""Addresses hold no secrets: they are kept in logs, in records, in Prefect's database and in releases."""

import re
from urllib.parse import unquote, urlsplit

from schemas.errors import DeclarationError

SECRET = re.compile(
    r"(?i)(?<![^?&;#])"
    r"([^=&;#]*(?:token|signature|password|passwd|secret|credential|accesskey|apikey|api[-_]key|auth)[^=&;#]*"
    r"|sig|key|pwd)=[^&;#]*"
)
"""A field of a query or fragment that looks like a secret, by its name; the first group is the name."""


def secret_in(url: str) -> str:
    """What in an address looks like a secret, in words that do not repeat it; empty where nothing does.

    An address may be a chain of fsspec's, such as `simplecache::https://…`, and names may be percent-encoded.
    """
    for link in url.split("::"):
        if "://" not in link or link.startswith("file:"):
            continue
        parts = urlsplit(link)
        if "@" in parts.netloc:
            return "a user or password before the host"
        for text in (parts.query, parts.fragment):
            if found := SECRET.search(text) or SECRET.search(unquote(text)):
                return f"a secret in its query, `{found[1]}=…`"
    return ""


def without_secrets(url: str, what: str = "address") -> str:
    """An address, if it holds no secret.

    Args:
        url: the address.
        what: what it is the address of, for the message.

    Raises:
        DeclarationError: it holds one; the message does not repeat it and says where secrets belong.
    """
    if found := secret_in(url):
        start = url.partition("?")[0].partition("#")[0]
        shown = re.sub(r"://[^/]*@", "://", start)
        raise DeclarationError(
            f"The {what} {shown}: expected no credentials, because addresses are kept in logs, records and Prefect's "
            f"database; found {found}. Give it in the environment: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY for a "
            "bucket, a line of ~/.netrc for a web server, MEDINST_API_KEY for the endpoint of a model. "
            "See docs/configuration.md"
        )
    return url
