"""The published schema of manifest.json refuses what the models refuse; test_golden.py holds it against them."""

import json

import jsonschema
import pytest

from schemas.errors import VersionError
from tasks.base.versions.find import read
from tasks.base.versions.manifest import as_text
from tests.golden.manifest_schema import manifest_schema
from tests.support import manifests


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"samples": "many"}, "samples: Input should be a valid integer"),
        ({"kind": "release"}, "tasks"),
        ({"colour": "red"}, "colour: Extra inputs are not permitted"),
        ({"profile": "secret"}, "profile: Input should be 'open'"),
    ],
)
def test_what_no_version_says_is_refused(change: dict[str, object], words: str) -> None:
    said = json.loads(as_text(manifests.benchmark(tests=("BIOSSES",)))) | change
    schema = jsonschema.Draft202012Validator(json.loads(manifest_schema()))
    assert not schema.is_valid(said)
    with pytest.raises(VersionError, match=f"x/manifest.json is not a manifest .*{words}.*docs/manifest.schema.json"):
        read(json.dumps(said).encode(), "x/manifest.json")
