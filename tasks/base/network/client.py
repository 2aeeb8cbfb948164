"""HTTP clients: who asks, over which proxies, and which certificates are believed."""

from typing import Any

import httpx

from schemas.errors import NetworkError
from tasks.base.network.certificates import certificates

HEADERS = {"User-Agent": "medinst/0.1", "Accept": "*/*", "Accept-Encoding": "identity"}
"""What every request says of itself: the product, and that bytes are wanted as they are."""


def http_client(**options: Any) -> httpx.Client:
    """A client that honours proxies and certificates as the environment names them.

    Args:
        options: further arguments of `httpx.Client`; its `headers` are added to the usual ones.

    Raises:
        NetworkError: a proxy or the certificates that the environment names cannot be used.
    """
    headers = HEADERS | options.pop("headers", {})
    try:
        return httpx.Client(headers=headers, verify=certificates(), **options)
    except (ImportError, ValueError) as error:  # a kind of proxy that httpx, or an extra of it, does not know
        raise NetworkError(
            f"A proxy of the environment cannot be used: {error} Write HTTP_PROXY, HTTPS_PROXY and ALL_PROXY as "
            "http://host:port."
        ) from error
