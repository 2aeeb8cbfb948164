"""Proxies and certificates as the environment names them."""

import ssl
from pathlib import Path

import certifi
import pytest

from schemas.errors import NetworkError
from tasks.base.network.certificates import certificates
from tasks.base.network.client import http_client
from tasks.base.network.loopback import exempt_loopback
from tasks.base.network.proxies import is_behind_proxy, proxy_of

_PROXIES = [f"{scheme}_proxy" for scheme in ("http", "https", "all", "no")]
_CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE")


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*_PROXIES, *map(str.upper, _PROXIES), *_CERTIFICATES):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("said", "exempt"),
    [
        ({}, "localhost,127.0.0.1,::1"),
        ({"NO_PROXY": "corp.example, 10.0.0.1"}, "corp.example,10.0.0.1,localhost,127.0.0.1,::1"),
        ({"NO_PROXY": "a.example", "no_proxy": "b.example"}, "b.example,a.example,localhost,127.0.0.1,::1"),
        ({"no_proxy": "localhost"}, "localhost,127.0.0.1,::1"),
        ({"NO_PROXY": "*"}, "*"),
    ],
)
def test_this_machine_is_reached_directly_and_what_was_exempt_stays_so(said: dict[str, str], exempt: str) -> None:
    environment = dict(said)
    exempt_loopback(environment)
    assert environment == {"NO_PROXY": exempt, "no_proxy": exempt}


@pytest.mark.parametrize(
    ("variables", "url", "proxy"),
    [
        ({}, "https://a.example/x", None),
        ({"HTTP_PROXY": "http://p:1"}, "http://a.example/x", "http://p:1"),
        ({"http_proxy": "p:1"}, "http://a.example/x", "http://p:1"),
        ({"HTTP_PROXY": "http://p:1"}, "https://a.example/x", None),
        ({"HTTPS_PROXY": "http://p:1"}, "https://a.example/x", "http://p:1"),
        ({"ALL_PROXY": "http://p:1"}, "https://a.example/x", "http://p:1"),
        ({"all_proxy": "http://p:1", "NO_PROXY": "a.example"}, "https://a.example/x", None),
        ({"all_proxy": "http://p:1", "NO_PROXY": "localhost"}, "http://localhost:8000/v1", None),
    ],
)
def test_the_proxy_of_an_address(
    variables: dict[str, str], url: str, proxy: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert proxy_of(url) == proxy
    assert is_behind_proxy() == (variables != {})


def test_both_families_of_certificates_are_believed() -> None:
    own = ssl.create_default_context()
    own.load_verify_locations(certifi.where())
    assert len(certificates().get_ca_certs()) == len(own.get_ca_certs())
    assert certificates().verify_mode == ssl.CERT_REQUIRED
    assert certificates().check_hostname
    assert certificates() is certificates()


@pytest.mark.parametrize("name", ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"])
def test_a_named_file_of_certificates_replaces_them(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = Path(certifi.where()).read_text().partition("-----END CERTIFICATE-----")
    (tmp_path / "ca.pem").write_text(first[0] + first[1])
    monkeypatch.setenv(name, str(tmp_path / "ca.pem"))
    assert len(certificates().get_ca_certs()) == 1


@pytest.mark.parametrize("name", _CERTIFICATES)
def test_certificates_that_are_not_there_are_a_sentence(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "/nowhere/ca.pem")
    with pytest.raises(NetworkError, match=rf"{name}=/nowhere/ca.pem: .* Correct or unset {name}"):
        certificates()


def test_a_file_without_certificates_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "ca.pem").write_text("nothing")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    with pytest.raises(NetworkError, match="expected certificates in PEM form"):
        certificates()


def test_a_proxy_that_cannot_be_used_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "ftp://p:1")
    with pytest.raises(NetworkError, match="A proxy of the environment cannot be used"):
        http_client()
