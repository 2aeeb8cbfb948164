"""Manifests for tests: each kind with the least that it says, and versions in a root that have one."""

import json
from pathlib import Path

import jsonschema

from schemas.benchmark import HeldOutTest, Tier
from schemas.manifest import BenchmarkManifest, Manifest, MixtureManifest, ReleaseManifest
from schemas.mixture import Recipe
from tasks.base.store.root import Root
from tasks.base.versions.find import Found, read
from tasks.base.versions.manifest import as_text, seal
from tests.golden.manifest_schema import SCHEMA

TIER = Tier(task=False, labels=None, category=True, form=True, name="form")


def held_out_test(**fields: object) -> HeldOutTest:
    """What a benchmark says of a test set."""
    said = {
        "category": "QA", "source": "s", "language": "en", "licence": "cc-by-4.0", "instruction": "Answer.",
        "labels": (), "form": "text", "metric": "text", "splits": ("test",), "rows": 16, "size": 16,
        "drawn_from": 16, "examples": {}, "tier": TIER,
    }  # fmt: skip
    return HeldOutTest.model_validate(said | fields)


def release(version: str = "r1", **fields: object) -> ReleaseManifest:
    """The manifest of a release."""
    said = {
        "version": version, "profile": "open", "partial": False, "fingerprint": "f", "samples": 0, "withheld": {},
        "sources": {}, "tasks": {}, "undeclared": (),
    }  # fmt: skip
    return ReleaseManifest.model_validate(said | fields)


def benchmark(version: str = "b1", tests: tuple[str, ...] = (), **fields: object) -> BenchmarkManifest:
    """The manifest of a benchmark."""
    said = {
        "version": version, "profile": "open", "partial": False, "fingerprint": "f", "samples": 0, "withheld": {},
        "sources": {}, "seed": 1, "tasks": {test: held_out_test() for test in tests}, "training": {}, "mixtures": {},
        "missing": {},
    }  # fmt: skip
    return BenchmarkManifest.model_validate(said | fields)


def mixture(version: str = "m1", **fields: object) -> MixtureManifest:
    """The manifest of a mixture."""
    said = {
        "version": version, "profile": "open", "partial": False, "fingerprint": "f", "samples": 0, "withheld": {},
        "sources": {}, "base": None, "recipe": Recipe(name="small"), "counted": "words", "tokens": 0, "tasks": {},
        "gave_nothing": (), "shortfalls": {}, "leaking": 0, "foreign": 0, "missing": {},
    }  # fmt: skip
    return MixtureManifest.model_validate(said | fields)


def check(folder: str | Path, kind: str) -> None:
    """Hold the manifest of a version against the published schema, and against the model by which it is read."""
    data = (Path(folder) / "manifest.json").read_bytes()
    said = json.loads(data)
    jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))).validate(said)
    assert said["kind"] == kind
    assert as_text(read(data, str(folder))).encode() == data, "nothing is lost by reading it"
    if kind != "model":
        del said["kind"]
        assert read(json.dumps(said).encode(), "").kind == kind, "those of older versions did not say their kind"


def put(root: Root, folder: str, manifest: Manifest, latest: bool = True) -> None:
    """Make a folder of a root a complete version, which `latest.json` beside it names."""
    place = Path(root.uri(folder))
    place.mkdir(parents=True, exist_ok=True)
    seal(place, manifest)
    if latest:
        (place.parent / "latest.json").write_text(f'{{"version": "{place.name}"}}')


def found(manifest: Manifest, folder: str = "benchmark/b1") -> Found[Manifest]:
    """A version that is nowhere."""
    return Found(Root("nowhere"), folder, manifest, "")
