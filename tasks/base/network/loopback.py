"""Servers on this machine are reached directly, whatever proxies are set."""

from collections.abc import MutableMapping

LOOPBACK = ("localhost", "127.0.0.1", "::1")
"""This machine, which no proxy leads to."""


def exempt_loopback(environment: MutableMapping[str, str]) -> None:
    """Have this process and its children reach servers on this machine directly, also where a proxy is set.

    Libraries read the variable in small letters, in capital ones, or in both and believe the first. So both say the
    same.
    """
    said = ",".join(environment.get(name, "") for name in ("no_proxy", "NO_PROXY"))
    hosts = [host for each in said.split(",") if (host := each.strip())]
    exempt = ",".join(dict.fromkeys(hosts if "*" in hosts else [*hosts, *LOOPBACK]))
    environment.update({"NO_PROXY": exempt, "no_proxy": exempt})
