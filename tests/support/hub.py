"""A stand-in of the Hugging Face Hub on the loopback: what huggingface_hub asks to publish a dataset."""

import base64
import json
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import sha1, sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from schemas.errors import PublishError

TOKEN = "hf_aSecretThatNobodyMaySee"
LARGE = (".parquet",)
"""Endings of files that go by LFS."""

Tree = dict[str, bytes]


@dataclass
class Hub:
    """Datasets by `owner/name`, and what was asked.

    Attributes:
        commits: dataset -> (hash, files) of each commit, oldest first.
        tags: dataset -> tag -> commit.
        blobs: large files by their SHA-256.
        asked: method and path of each request.
        faults: beginning of `METHOD /path` -> status that is answered.
        held: set while the upload of a second large file waits for `go_on`.
    """

    url: str = ""
    commits: dict[str, list[tuple[str, Tree]]] = field(default_factory=dict)
    tags: dict[str, dict[str, str]] = field(default_factory=dict)
    private: dict[str, bool] = field(default_factory=dict)
    blobs: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    faults: dict[str, int] = field(default_factory=dict)
    hold: bool = False
    held: Event = field(default_factory=Event)
    go_on: Event = field(default_factory=Event)
    lock: Any = field(default_factory=Lock)

    def create(self, repo: str, private: bool = False, **files: bytes) -> None:
        self.private[repo], self.tags[repo], self.commits[repo] = private, {}, []
        self.commit(repo, {".gitattributes": b"*.parquet filter=lfs\n", **files})

    def commit(self, repo: str, files: Tree) -> str:
        mark = sha1(f"{repo} {len(self.commits[repo])}".encode()).hexdigest()
        self.commits[repo].append((mark, files))
        return mark

    def files(self, repo: str, revision: str = "main") -> Tree:
        wanted = self.tags[repo].get(revision, revision)
        if wanted == "main":
            return self.commits[repo][-1][1]
        return dict(self.commits[repo])[wanted]

    def count(self, start: str) -> int:
        return sum(each.startswith(start) for each in self.asked)

    @property
    def sent(self) -> list[str]:
        """The requests that change something."""
        return [each for each in self.asked if not each.startswith(("GET", "HEAD"))]


class _Visit(BaseHTTPRequestHandler):
    hub: Hub
    protocol_version = "HTTP/1.1"

    def log_message(self, format, *args):
        pass

    def do_GET(self):
        with suppress(BrokenPipeError, ConnectionResetError):  # of one who was killed
            self._handle()

    do_HEAD = do_POST = do_PUT = do_GET

    def _handle(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = unquote(urlsplit(self.path).path)
        line = f"{self.command} {path}"
        with self.hub.lock:
            self.hub.asked.append(line)
        fault = next((status for start, status in self.hub.faults.items() if line.startswith(start)), None)
        signed = path.startswith("/upload/")  # whose address is the right to use it
        if fault is None and not signed and self.headers.get("Authorization") != f"Bearer {TOKEN}":
            fault = 401
        if fault is not None:
            return self._reply({"error": f"no, and not with {self.headers.get('Authorization')}"}, fault)
        return self._answer(path, body)

    def _answer(self, path: str, body: bytes):
        parts = path.strip("/").split("/")
        if path == "/api/repos/create":
            said = json.loads(body)
            self.hub.create(f"{said['organization']}/{said['name']}", private=said["visibility"] == "private")
            return self._reply({"url": f"{self.hub.url}/datasets/{said['organization']}/{said['name']}"})
        if path == "/api/validate-yaml":
            return self._reply({"errors": [], "warnings": []})
        if parts[0] == "upload":
            return self._upload(parts[1], body)
        repo = "/".join(parts[2:4] if parts[0] == "api" else parts[1:3]).removesuffix(".git")
        if repo not in self.hub.commits:
            return self._reply({"error": "Repository not found"}, 404, X_Error_Code="RepoNotFound")
        if parts[0] == "api":
            return self._api(repo, parts[4:], body)
        if parts[3] == "resolve":
            return self._resolve(repo, parts[4], "/".join(parts[5:]))
        return self._batch(json.loads(body))

    def _api(self, repo: str, rest: list[str], body: bytes):
        hub = self.hub
        if not rest:
            head, files = hub.commits[repo][-1]
            siblings = [{"rfilename": name} for name in files]
            return self._reply({"id": repo, "sha": head, "private": hub.private[repo], "siblings": siblings})
        if rest == ["refs"]:
            tags = [{"name": n, "ref": f"refs/tags/{n}", "targetCommit": c} for n, c in hub.tags[repo].items()]
            return self._reply({"branches": [], "converts": [], "tags": tags})
        if rest[0] == "preupload":
            return self._reply({"files": [self._mode(repo, each) for each in json.loads(body)["files"]]})
        if rest[0] == "tag":
            name = json.loads(body)["tag"]
            if name in hub.tags[repo]:
                return self._reply({"error": "Tag exists"}, 409)
            assert rest[1] in dict(hub.commits[repo])
            hub.tags[repo][name] = rest[1]
            return self._reply({})
        assert rest == ["commit", "main"]
        return self._commit(repo, [json.loads(line) for line in body.splitlines()])

    def _mode(self, repo: str, said: dict[str, Any]) -> dict[str, Any]:
        there = self.hub.files(repo).get(said["path"])
        large = said["path"].endswith(LARGE)
        oid = None
        if there is not None:
            oid = sha256(there).hexdigest() if large else sha1(b"blob %d\0" % len(there) + there).hexdigest()
        return {"path": said["path"], "uploadMode": "lfs" if large else "regular", "shouldIgnore": False, "oid": oid}

    def _batch(self, said: dict[str, Any]):
        objects = [self._action(each["oid"], each["size"]) for each in said["objects"]]
        return self._reply({"transfer": "basic", "objects": objects})

    def _action(self, oid: str, size: int) -> dict[str, Any]:
        there = {"oid": oid, "size": size}
        if oid in self.hub.blobs:
            return there
        return there | {"actions": {"upload": {"href": f"{self.hub.url}/upload/{oid}?signature=hush-hush"}}}

    def _upload(self, oid: str, body: bytes):
        if self.hub.hold and self.hub.blobs:
            self.hub.held.set()
            self.hub.go_on.wait(30)
            return self._reply({}, 500)
        assert sha256(body).hexdigest() == oid
        with self.hub.lock:
            self.hub.blobs[oid] = body
        return self._reply({})

    def _commit(self, repo: str, lines: list[dict[str, Any]]):
        head, files = self.hub.commits[repo][-1]
        if lines[0]["value"].get("parentCommit", head) != head:
            return self._reply({"error": "A commit has happened since"}, 412)
        files = dict(files)
        for line in lines[1:]:
            value = line["value"]
            if line["key"] == "file":
                files[value["path"]] = base64.b64decode(value["content"])
            elif line["key"] == "lfsFile":
                files[value["path"]] = self.hub.blobs[value["oid"]]
            else:
                assert line["key"] == "deletedFile"
                del files[value["path"]]
        mark = self.hub.commit(repo, files)
        return self._reply({"commitUrl": f"{self.hub.url}/datasets/{repo}/commit/{mark}", "commitOid": mark})

    def _resolve(self, repo: str, revision: str, name: str):
        try:
            return self._reply(self.hub.files(repo, revision)[name])
        except KeyError:
            return self._reply({"error": "Entry not found"}, 404, X_Error_Code="EntryNotFound")

    def _reply(self, said: Any, status: int = 200, **headers: str):
        data = said if isinstance(said, bytes) else json.dumps(said).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)


@contextmanager
def running_hub(visit: type[_Visit] = _Visit) -> Iterator[Hub]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Visit)
    server.daemon_threads = True
    server.block_on_close = False  # connections are kept alive by the client
    hub = Hub(url=f"http://127.0.0.1:{server.server_port}")
    server.RequestHandlerClass = type("HubVisit", (visit,), {"hub": hub})
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield hub
    finally:
        hub.go_on.set()
        server.shutdown()
        thread.join()
        server.server_close()


def refused(call: Callable[[], object]) -> str:
    """The message of a refusal, which with all that led to it holds no secret."""
    with pytest.raises(PublishError) as caught:
        call()
    told = "".join(traceback.format_exception(caught.value)) + repr(caught.value.facts)
    assert TOKEN not in told
    assert "hush-hush" not in told
    return str(caught.value)
