"""Models that are fetched, without a network: a package on an index that is a folder, and a Hub on the loopback."""

import zipfile
from hashlib import sha1, sha256
from pathlib import Path
from typing import Any

from schemas.pretrained import Package, Pretrained, Snapshot
from tests.support.hub import _Visit

GGUF = b"GGUF of no model"
FILES = {"config.json": b"{}", "model.safetensors": b"weights " * 100, "tokenizer.json": b"[]"}
REPO = "lab/tiny"


def packaged(**changes: Any) -> Pretrained:
    """A declared model in the package of `write_wheel`."""
    content = {"package": "tiny-model", "version": "1.0", "file": "tiny_model/tiny.gguf"}
    source = Package(**content, sha256=sha256(GGUF).hexdigest())
    return _model(source.model_copy(update=changes))


def published(revision: str) -> Pretrained:
    """A declared model on the Hub."""
    return _model(Snapshot(repo=REPO, revision=revision))


def _model(source: Package | Snapshot) -> Pretrained:
    about = {"title": "Tiny", "hub": REPO, "licence": "Apache-2.0", "parameters": 10, "context": 8, "bytes": 1000}
    return Pretrained(name="tiny", source=source, **about)


def write_wheel(folder: Path) -> None:
    """A wheel that holds a GGUF file and nothing else."""
    folder.mkdir(parents=True, exist_ok=True)
    about = "Metadata-Version: 2.1\nName: tiny-model\nVersion: 1.0\nRequires-Dist: not-there-at-all\n"
    wheel = "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    with zipfile.ZipFile(folder / "tiny_model-1.0-py3-none-any.whl", "w") as archive:
        archive.writestr("tiny_model/tiny.gguf", GGUF)
        archive.writestr("tiny_model-1.0.dist-info/METADATA", about)
        archive.writestr("tiny_model-1.0.dist-info/WHEEL", wheel)
        archive.writestr("tiny_model-1.0.dist-info/RECORD", "")


class ModelVisit(_Visit):
    """A Hub that has models to download: large files by LFS, ranges of files, and gated models (`private`)."""

    def _answer(self, path: str, body: bytes):
        parts = path.strip("/").split("/")
        api = parts[0] == "api"
        repo = "/".join(parts[2:4] if api else parts[:2])
        if repo not in self.hub.commits:
            return self._reply({"error": "Repository not found"}, 404, X_Error_Code="RepoNotFound")
        if self.hub.private[repo]:
            return self._reply({"error": "Access is restricted"}, 403, X_Error_Code="GatedRepo")
        revision = parts[5] if api else parts[3]
        if revision not in dict(self.hub.commits[repo]):
            return self._reply({"error": "Invalid rev id"}, 404, X_Error_Code="RevisionNotFound")
        files = self.hub.files(repo, revision)
        if api:
            return self._reply([_listed(name, content) for name, content in files.items()])
        return self._file(revision, "/".join(parts[4:]), files)

    def _file(self, revision: str, name: str, files: dict[str, bytes]):
        content = self.hub.blobs.get(name, files[name])  # what a faulty Hub sends
        start = int((self.headers.get("Range") or "bytes=0-").removeprefix("bytes=").split("-")[0])
        etag = _listed(name, files[name])["lfs"]["oid"] if "." in name and _large(name) else _git(files[name])
        told = {"ETag": f'"{etag}"', "X_Repo_Commit": revision}
        if start:
            told["Content_Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
        return self._reply(content[start:], 206 if start else 200, **told)


def _large(name: str) -> bool:
    return name.endswith(".safetensors")


def _git(content: bytes) -> str:
    return sha1(b"blob %d\0" % len(content) + content).hexdigest()


def _listed(name: str, content: bytes) -> dict[str, Any]:
    told: dict[str, Any] = {"type": "file", "path": name, "size": len(content), "oid": _git(content)}
    if _large(name):
        told["lfs"] = {"oid": sha256(content).hexdigest(), "size": len(content), "pointerSize": 130}
    return told
