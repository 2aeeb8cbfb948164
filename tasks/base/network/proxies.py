"""Proxies by the usual variables: HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY, also in small letters."""

from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass


def proxy_of(url: str) -> str | None:
    """The proxy that leads to an address; None where it is reached directly."""
    parts = urlsplit(url)
    if not parts.hostname or proxy_bypass(parts.hostname):
        return None
    known = getproxies()
    proxy = known.get(parts.scheme) or known.get("all")
    return proxy if not proxy or "://" in proxy else f"http://{proxy}"


def is_behind_proxy() -> bool:
    """Whether any proxy is set."""
    return bool(getproxies().keys() & {"http", "https", "all"})
