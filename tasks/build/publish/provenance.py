"""Where a dataset comes from, in the terms of W3C PROV-O, as Croissant 1.1 recommends them."""

from collections.abc import Mapping
from typing import Any

from schemas.source import Source
from schemas.spdx import expression
from tasks.base.licences.duties import Owned

PROV = "http://www.w3.org/ns/prov#"


def derived(declared: Mapping[str, Source]) -> dict[str, Any]:
    """The sources of a dataset, what made it from them, and who answers for it.

    Args:
        declared: the sources, by id.
    """
    return {
        "prov:wasDerivedFrom": [_entity(source) for _, source in sorted(declared.items())],
        "prov:wasGeneratedBy": {
            "@type": "prov:Activity",
            "prov:label": "medinst: files are read into records, rendered as samples, deduplicated and audited",
        },
        "prov:wasAttributedTo": {"@type": "prov:Organization", "prov:label": "MedINST contributors"},
    }


def derived_task(task: str, owned: Mapping[str, Owned]) -> dict[str, Any]:
    """The source of a task's samples; nothing where a name is not that of a task."""
    return {"prov:wasDerivedFrom": {"@id": _id(owned[task].source)}} if task in owned else {}


def _id(source: str) -> str:
    return f"urn:medinst:source:{source}"


def _entity(source: Source) -> dict[str, Any]:
    return {
        "@id": _id(source.id),
        "@type": "prov:Entity",
        "prov:label": source.title,
        "prov:atLocation": source.homepage,
        "dct:license": expression(source.licences()),
    }
