"""Events of OpenLineage: what they say of a build, what they never say, and that no receiver holds a build up."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

import tasks.build.lineage.events as lineage
from schemas.lineage import LineageSettings
from schemas.manifest import File, ReleasedTask, SourceFile
from schemas.receipts import Verdict
from tasks.build.lineage.events import Job, completed, ended, started
from tasks.build.lineage.teller import Teller, teller
from tests.support import manifests
from tests.support.lineage import Receiver, receiving, valid

AT = datetime(2026, 11, 30, 7, tzinfo=UTC)
JOB = Job("0b7c1a52-6a2e-4a5e-9d3e-3f7a1f0f8a11", "nightly")
KEY = "hush-hush"


def file(url: str, sha256: str = "ab" * 32, name: str = "f") -> SourceFile:
    return SourceFile(name=name, url=url, original=True, trust="locked", bytes=9, sha256=sha256)


def task(source: str, **rows: int) -> ReleasedTask:
    said = {"category": "NER", "source": source, "language": "en", "licence": "cc-by-4.0", "rows": rows}
    return ReleasedTask.model_validate(said)


def verdict(measure: str, task: str = "", subject: str = "all", success: bool = True, **said: str) -> Verdict:
    given = {"suite": "samples", "source": "", "severity": "critical", "expectation": "e", "found": "a row's text"}
    return Verdict.model_validate(
        given | said | {"measure": measure, "task": task, "subject": subject, "success": success}
    )


MANIFEST = manifests.release(
    "2026.11.0-open-1a2b3c4d",
    sources={
        "s": (file("https://host.example/a/b.zip"), file("https://host.example/q?id=7&token=hush-hush", "cd" * 32)),
        "ours": (file("file:///home/me/secret.csv"),),
    },
    tasks={"T": task("s", train=5, test=2), "EMPTY": task("s", train=0), "OURS": task("ours", train=3)},
    files={
        "data/T/train.parquet": File(bytes=10, sha256="x"),
        "data/T/test.parquet": File(bytes=4, sha256="x"),
        "data/OURS/train.parquet": File(bytes=4, sha256="x"),
    },
)
VERDICTS = [
    verdict("empty_inputs"),
    verdict("surplus", "T", "T test", success=False, severity="warning"),
    verdict("surplus", "OURS", "OURS test", success=False),
    verdict("unaudited", suite="release"),
]


@pytest.fixture
def event(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    monkeypatch.setattr(lineage, "stays", lambda source: source == "ours")
    return completed(JOB, AT, MANIFEST, VERDICTS)


def test_a_release_is_told_with_what_it_was_made_of(event: dict[str, object]) -> None:
    told = valid(event)
    assert (told.eventType, str(told.run.runId), told.job.namespace, told.job.name) == ("COMPLETE", *JOB)
    assert [(each.namespace, each.name, each.facets.version.datasetVersion) for each in told.inputs] == [
        ("https://host.example", "a/b.zip", "ab" * 32),
        ("https://host.example", "q?id=7&token=…", "cd" * 32),
    ]
    (output,) = told.outputs
    assert (output.namespace, output.name) == ("nightly", "T")
    assert output.facets.version.datasetVersion == MANIFEST.version
    measured = output.facets.dataQualityMetrics
    assert (measured.rowCount, measured.bytes, measured.fileCount) == (7, 14, 2)
    assert (output.outputFacets.outputStatistics.rowCount, output.outputFacets.outputStatistics.size) == (7, 14)


def test_verdicts_are_assertions_of_the_tasks_that_they_are_about(event: dict[str, object]) -> None:
    (output,) = valid(event).outputs
    assert [(each.assertion, each.success) for each in output.facets.dataQualityAssertions.assertions] == [
        ("critical: empty_inputs", True),
        ("warning: surplus (T test)", False),
    ]


def test_nothing_of_the_data_the_machine_or_own_sources_is_told(event: dict[str, object]) -> None:
    said = json.dumps(event)
    assert not [word for word in ("a row's text", "OURS", "ours", "/home/", "secret", KEY) if word in said]


def test_how_a_build_starts_and_ends_is_told() -> None:
    start, failed = (
        started(JOB, AT),
        ended(JOB, AT, "FAIL", lineage.refusal([verdict("b"), verdict("a"), verdict("b")])),
    )
    assert valid(start).eventType == "START"
    assert not valid(start).inputs
    facets = valid(failed).run.facets
    assert facets is not None
    assert facets.errorMessage.message == "The gate refused the release: a, b. Nothing was published."


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


def test_events_arrive_in_their_order_with_the_key(receiver: Receiver) -> None:
    warned: list[str] = []
    telling = Teller(receiver.url + "/api/v1/lineage", KEY, warned.append)
    for event in (started(JOB, AT), ended(JOB, AT, "ABORT", "w")):
        telling.tell(event)
    telling.close()
    assert receiver.types == ["START", "ABORT"]
    assert {each["Authorization"] for each in receiver.headers} == {f"Bearer {KEY}"}
    assert not warned


@pytest.mark.parametrize("status", [401, 404, 500])
def test_a_receiver_that_refuses_is_a_warning(receiver: Receiver, status: int) -> None:
    receiver.status, warned = status, []
    telling = Teller(receiver.url, KEY, warned.append)
    telling.tell(started(JOB, AT))
    telling.tell(ended(JOB, AT, "FAIL", "w"))
    telling.close()
    (message,) = warned
    assert f"it answers {status}" in message
    assert KEY not in message
    assert len(receiver.events) == 2, "the second is tried nonetheless"


def test_a_receiver_that_is_away_is_a_warning() -> None:
    warned: list[str] = []
    telling = Teller("http://127.0.0.1:9", None, warned.append)
    telling.tell(started(JOB, AT))
    telling.close()
    assert warned == [
        "OpenLineage: 127.0.0.1 was not told everything of this build: it does not answer (ConnectError). "
        "The build is sound."
    ]


def test_a_receiver_that_is_slow_is_left(receiver: Receiver) -> None:
    """It still has the first event when the build is over: the build goes on."""
    receiver.slow, warned = True, []
    telling = Teller(receiver.url, None, warned.append)
    telling.tell(started(JOB, AT))
    telling.close(patience=0.2)
    assert telling._thread.is_alive()
    assert "it took longer than 0.2 s" in warned[0]
    receiver.go_on.set()
    telling._thread.join(30)


@pytest.mark.parametrize(
    ("said", "warns"),
    [
        ({}, False),
        ({"url": "https://lineage.example", "disabled": "True"}, False),
        ({"url": "lineage.example:5000"}, True),
        ({"url": "https://me:hush-hush@lineage.example"}, True),
        ({"url": "http://lineage.example", "api_key": KEY}, True),
    ],
)
def test_nobody_is_told(said: dict[str, str], warns: bool) -> None:
    warned: list[str] = []
    assert teller(LineageSettings.model_validate(said), warned.append) is None
    assert bool(warned) == warns
    assert KEY not in "".join(warned)


def test_the_variables_of_other_clients_are_read(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    variables = {"URL": receiver.url + "/", "ENDPOINT": "/lineage", "API_KEY": KEY, "NAMESPACE": "n"}
    for name, value in variables.items():
        monkeypatch.setenv(f"OPENLINEAGE_{name}", value)
    settings = LineageSettings()
    telling = teller(settings)
    assert telling is not None
    telling.tell(started(JOB, AT))
    telling.close()
    assert receiver.paths == ["/lineage"]
    assert settings.namespace == "n"
    assert KEY not in repr(settings)
