"""Whether there is a network is said before anything is fetched; a name without an address is asked for once."""

import errno
import socket
import time

import pytest

from schemas.errors import FetchError, NoNetwork
from tasks.base.network import proxies
from tasks.build.fetch import network
from tasks.build.fetch.download import download
from tasks.build.pipeline.prepare import prepared
from tests.support.places import DEMO
from tests.support.servers import quick


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The hosts that were asked for; none has an address."""
    hosts: list[str] = []

    def getaddrinfo(host: str, *_: object, **__: object) -> None:
        hosts.append(host)
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    monkeypatch.setattr(proxies, "getproxies", dict)
    return hosts


def test_hosts_without_an_address_are_no_network(asked: list[str]) -> None:
    with pytest.raises(
        NoNetwork, match=r"No address was found for a\.org, b\.org, c\.org\. No network\? .*--mirror demo"
    ):
        network.look_for_network(["a.org", "b.org", "a.org", "c.org", "d.org"])
    assert sorted(asked) == ["a.org", "b.org", "c.org"]


def test_one_address_is_a_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def getaddrinfo(host: str, *_: object) -> list[int]:
        if host != "here.org":
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [1]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    network.look_for_network(["gone.org", "here.org"])


def test_silence_is_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_: time.sleep(2))
    monkeypatch.setattr(network, "_LONGEST", 0.05)
    with pytest.raises(NoNetwork):
        network.look_for_network(["silent.org"])


def test_behind_a_proxy_nothing_is_asked(asked: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proxies, "getproxies", lambda: {"https": "http://proxy:3128"})
    network.look_for_network(["a.org"])
    assert asked == []
    monkeypatch.setattr(proxies, "getproxies", lambda: {"no": "127.0.0.1"})
    with pytest.raises(NoNetwork):
        network.look_for_network(["a.org"])


@pytest.mark.parametrize(
    ("error", "offline"),
    [
        (socket.gaierror(-2, "Name or service not known"), True),
        (OSError(errno.ENETUNREACH, "Network is unreachable"), True),
        (OSError(errno.ECONNREFUSED, "Connection refused"), False),
        (TimeoutError(), False),
    ],
)
def test_what_asking_again_does_not_mend(error: Exception, offline: bool) -> None:
    outer = RuntimeError("connect")
    outer.__cause__ = error
    assert network.is_offline(outer) == offline


def test_a_name_without_an_address_is_asked_for_once(asked: list[str], tmp_path) -> None:
    with pytest.raises(FetchError, match="expected a server, found none"):
        download("https://gone.example/x", tmp_path / "x", quick(attempts=5))
    assert asked == ["gone.example"]


def test_a_first_build_without_a_network_says_so_at_once(asked: list[str], tmp_path) -> None:
    from tasks.build.builds.order import make_order

    with pytest.raises(NoNetwork), prepared(make_order(root=str(tmp_path / "root"))):
        pass
    before = len(asked)
    with prepared(make_order(["mqp"], root=str(tmp_path / "root"), mirrors=[str(DEMO)])):
        assert len(asked) == before, "a folder needs no network"
