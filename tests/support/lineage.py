"""What OpenLineage (specification 2-0-2) demands of an event, and a receiver of events on the loopback."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter

FACETS = "https://openlineage.io/spec/facets/"


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Facet(_Closed):
    producer: str = Field(alias="_producer", pattern=r"^[a-z]+:.+")
    schema_url: str = Field(alias="_schemaURL", pattern=rf"^{FACETS}\d-\d-\d/\w+\.json#/\$defs/\w+$")


class DatasetVersion(Facet):
    datasetVersion: str = Field(min_length=1)


class Assertion(_Closed):
    assertion: str = Field(min_length=1)
    success: bool


class Assertions(Facet):
    assertions: list[Assertion]


class Metrics(Facet):
    rowCount: int = Field(ge=1)
    bytes: int
    fileCount: int
    columnMetrics: dict[str, Any]


class Statistics(Facet):
    rowCount: int
    size: int
    fileCount: int


class ErrorMessage(Facet):
    message: str = Field(min_length=1)
    programmingLanguage: str


class JobType(Facet):
    processingType: Literal["BATCH", "STREAMING", "SERVICE"]
    integration: str
    jobType: str


class RunFacets(_Closed):
    errorMessage: ErrorMessage


class Run(_Closed):
    runId: UUID
    facets: RunFacets | None = None


class JobFacets(_Closed):
    jobType: JobType


class Job(_Closed):
    namespace: str = Field(min_length=1)
    name: str = Field(min_length=1)
    facets: JobFacets


class InputFacets(_Closed):
    version: DatasetVersion


class Input(_Closed):
    namespace: str = Field(min_length=1)
    name: str = Field(min_length=1)
    facets: InputFacets


class OutputFacets(_Closed):
    version: DatasetVersion
    dataQualityAssertions: Assertions
    dataQualityMetrics: Metrics


class OutputOnly(_Closed):
    outputStatistics: Statistics


class Output(_Closed):
    namespace: str = Field(min_length=1)
    name: str = Field(min_length=1)
    facets: OutputFacets
    outputFacets: OutputOnly


class RunEvent(_Closed):
    eventType: Literal["START", "RUNNING", "COMPLETE", "ABORT", "FAIL", "OTHER"]
    eventTime: AwareDatetime
    run: Run
    job: Job
    inputs: list[Input]
    outputs: list[Output]
    producer: str = Field(pattern=r"^[a-z]+:.+")
    schemaURL: Literal["https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent"]


def valid(event: dict[str, Any]) -> RunEvent:
    """An event as it goes over the wire, held against the specification."""
    read = TypeAdapter(RunEvent).validate_json(json.dumps(event))
    datetime.fromisoformat(event["eventTime"])
    return read


class Receiver:
    """What was posted; `status` is what it answers; a slow one waits for `go_on` first."""

    def __init__(self) -> None:
        self.url = ""
        self.status = 201
        self.slow = False
        self.go_on = Event()
        self.events: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.paths: list[str] = []

    @property
    def types(self) -> list[str]:
        return [event["eventType"] for event in self.events]


@contextmanager
def receiving() -> Iterator[Receiver]:
    receiver = Receiver()

    class Post(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.events.append(json.loads(body))
            receiver.headers.append(dict(self.headers))
            receiver.paths.append(self.path)
            if receiver.slow:
                receiver.go_on.wait(60)
            self.send_response(receiver.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Post)
    receiver.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield receiver
    finally:
        receiver.go_on.set()
        server.shutdown()
        thread.join()
        server.server_close()
