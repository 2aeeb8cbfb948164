"""docs/manifest.schema.json: what manifest.json holds, for programs of others; `make golden` writes it."""

import json

from schemas.manifest import MANIFESTS
from tests.support.places import CHECKOUT

SCHEMA = CHECKOUT / "docs" / "manifest.schema.json"


def manifest_schema() -> str:
    """The JSON schema of the manifests of every kind of version."""
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "manifest.json of MedINST"}
    return json.dumps(head | MANIFESTS.json_schema(mode="serialization"), indent=1, ensure_ascii=False) + "\n"
