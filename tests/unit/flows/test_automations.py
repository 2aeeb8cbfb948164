"""What the automations post: JSON whatever the words, why the gate refused, and no error's text."""

import json
from types import SimpleNamespace
from typing import Any

import pytest

from schemas.errors import MedinstError

pytestmark = pytest.mark.heavy
WORDS = 'mqp "quoted" <b> \\ ü\nin two lines'
LINK = "http://127.0.0.1:4200/runs/flow-run/1"


def rendered(template: str, **values: Any) -> dict[str, str]:
    from prefect.server.utilities.user_templates import UserTemplateEnvironment

    environment = UserTemplateEnvironment()
    environment.filters["ui_url"] = lambda _: LINK
    return json.loads(environment.from_string(template).render(values))


def ended(state: str, message: str) -> dict[str, str]:
    from flows.automations import _BAD_END

    run = SimpleNamespace(name="nightly", state=SimpleNamespace(name=state, message=message))
    return rendered(_BAD_END, flow_run=run)


def test_news_are_posted_as_they_are() -> None:
    from flows.automations import _NEWS

    assert rendered(_NEWS, event={"payload": {"text": WORDS}}) == {"text": WORDS}


def test_a_refusal_says_why() -> None:
    assert ended("Refused", WORDS) == {"text": f"nightly: Refused: {WORDS} {LINK}"}


@pytest.mark.parametrize("state", ["Failed", "Crashed", "TimedOut"])
def test_an_error_is_not_quoted(state: str) -> None:
    assert ended(state, "FormatError: a text of the data") == {"text": f"nightly: {state} {LINK}"}


@pytest.mark.parametrize("address", ["nonsense", "ftp://example.org/x"])
def test_an_address_that_is_none_is_refused_without_showing_it(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from flows.automations import deploy_automations

    monkeypatch.setenv("MEDINST_WEBHOOK_URL", address)
    with pytest.raises(MedinstError, match="MEDINST_WEBHOOK_URL") as refused:
        deploy_automations()
    assert address not in str(refused.value)
