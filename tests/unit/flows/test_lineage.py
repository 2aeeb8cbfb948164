"""A build tells an OpenLineage receiver how it ended, whatever its end."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

import flows.lineage
from schemas.errors import FetchError, GateRefused
from schemas.receipts import Verdict
from tasks.base.store.root import Root
from tasks.base.versions.find import releases
from tasks.build.builds.runs import Run
from tests.support import manifests
from tests.support.lineage import Receiver, receiving, valid

pytestmark = pytest.mark.heavy  # the imports of a flow

STARTED = datetime(2026, 11, 30, tzinfo=UTC)
RUN = Run(run="0b7c1a52-6a2e-4a5e-9d3e-3f7a1f0f8a11", name="n", started=STARTED, profile="open")
REFUSED = Verdict.model_validate(
    {
        "suite": "samples", "subject": "T test", "task": "T", "source": "", "measure": "empty_inputs",
        "severity": "critical", "success": False, "expectation": "e", "found": "a row's text",
    }
)  # fmt: skip


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    monkeypatch.setattr(flows.lineage, "get_run_logger", lambda: logging.getLogger("test"))
    with receiving() as receiver:
        monkeypatch.setenv("OPENLINEAGE_URL", receiver.url)
        yield receiver


def test_a_release_completes_a_run(receiver: Receiver, tmp_path: Path) -> None:
    root = Root(str(tmp_path))
    manifests.put(root, "releases/r1", manifests.release("r1"))
    found = releases(root).find("r1")
    assert found is not None
    with flows.lineage.lineage(root, RUN) as published:
        assert published(found.receipt) == found.receipt
    assert receiver.types == ["START", "COMPLETE"]
    assert {str(valid(event).run.runId) for event in receiver.events} == {RUN.run}
    assert valid(receiver.events[0]).eventTime == STARTED


@pytest.mark.parametrize(
    ("error", "kind", "why"),
    [
        (
            GateRefused("T test: a row's text", failures=[REFUSED]),
            "FAIL",
            "The gate refused the release: empty_inputs. Nothing was published.",
        ),
        (FetchError("a row's text"), "FAIL", "FetchError: the log of the run says more."),
        (KeyboardInterrupt(), "ABORT", "The run was told to end."),
    ],
)
def test_other_ends_are_told_without_the_data(
    receiver: Receiver, tmp_path: Path, error: BaseException, kind: str, why: str
) -> None:
    with pytest.raises(type(error)), flows.lineage.lineage(Root(str(tmp_path)), RUN):
        raise error
    start, end = receiver.events
    assert (start["eventType"], end["eventType"]) == ("START", kind)
    facets = valid(end).run.facets
    assert facets is not None
    assert facets.errorMessage.message == why


def test_what_cannot_be_told_fails_nothing(
    receiver: Receiver, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The manifest is damaged when the event is made of it."""
    root = Root(str(tmp_path))
    manifests.put(root, "releases/r1", manifests.release("r1"))
    found = releases(root).find("r1")
    assert found is not None
    Path(found.uri, "manifest.json").write_text("{")
    with flows.lineage.lineage(root, RUN) as published:
        assert published(found.receipt) == found.receipt
    assert receiver.types == ["START"]
    assert "OpenLineage" in caplog.text


def test_without_a_receiver_nobody_is_told(monkeypatch: pytest.MonkeyPatch, receiver: Receiver, tmp_path: Path) -> None:
    monkeypatch.delenv("OPENLINEAGE_URL")
    with flows.lineage.lineage(Root(str(tmp_path)), RUN):
        pass
    assert not receiver.events
