"""Servers behind a proxy that inspects TLS: asked for answers, and asked in Prefect's place."""

import asyncio
import json
from collections.abc import Iterator

import pytest

from flows.server import PrefectServer
from schemas.errors import EvaluationError, MedinstError
from schemas.evaluation import Asking, Question
from tasks.model.evaluate.endpoint import Endpoint
from tests.support.chat_server import said
from tests.support.medinst import free_port
from tests.support.publishers import Publishers, running_publishers
from tests.support.servers import data, status

URL = "https://chat.example/v1"
QUESTION = Question(key="k", id="1", task="T", turns=(), prompt="Why?", target="x")


@pytest.fixture
def publishers(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Publishers]:
    with running_publishers(tmp_path_factory.mktemp("certificates"), {}) as found:
        for name, value in found.environment.items():
            monkeypatch.setenv(name, value)
        yield found


async def _ask(endpoint: Endpoint) -> str:
    async with endpoint:
        return (await endpoint.ask(endpoint.request(QUESTION))).text


def test_a_model_is_asked_over_the_proxy_with_its_authority(publishers: Publishers) -> None:
    publishers.plan = {
        f"{URL}/models": data(b"{}"),
        f"{URL}/chat/completions": data(json.dumps(said("because")).encode(), Content_Type="application/json"),
    }
    endpoint = Endpoint(URL, "", Asking(model="m"), connections=1)
    endpoint.refuse_unusable()
    assert asyncio.run(_ask(endpoint)) == "because"
    assert publishers.asked == {("GET", f"{URL}/models"): 1, ("POST", f"{URL}/chat/completions"): 1}


def test_a_proxy_that_is_down_is_named_without_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    place = f"127.0.0.1:{free_port()}"
    monkeypatch.setenv("HTTPS_PROXY", f"http://me:secret@{place}")
    with pytest.raises(EvaluationError, match=f"cannot be reached over the proxy {place}: ") as caught:
        Endpoint(URL, "", Asking(model="m"), connections=1).refuse_unusable()
    assert "secret" not in str(caught.value)


def test_an_unknown_authority_is_a_sentence(publishers: Publishers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(EvaluationError, match=r"cannot be reached over the proxy .*certificate"):
        Endpoint(URL, "", Asking(model="m"), connections=1).refuse_unusable()


def test_what_a_proxy_says_in_the_place_of_prefect_is_no_answer(
    publishers: Publishers, monkeypatch: pytest.MonkeyPatch
) -> None:
    publishers.plan = {"http://prefect.example/api/health": status(502)}
    monkeypatch.setenv("PREFECT_API_URL", "http://prefect.example/api")
    with pytest.raises(MedinstError, match=r"prefect\.example/api does not answer \(502 .*unset PREFECT_API_URL"):
        PrefectServer().__enter__()


def test_a_proxy_that_is_down_is_not_asked_for_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    from tasks.base.network.client import http_client
    from tasks.base.network.loopback import exempt_loopback
    from tests.support.servers import running_site

    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{free_port()}")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    environment = dict(os.environ)
    exempt_loopback(environment)
    monkeypatch.setenv("NO_PROXY", environment["NO_PROXY"])
    with running_site() as site, http_client() as client:
        assert client.get(site.on("/x", data(b"here"))).content == b"here"
