"""Sources as tests declare them."""

from typing import Any

from schemas.formats import Standoff
from schemas.licence import Licence
from schemas.source import Evidence, Part, Source
from schemas.task import Ner

NER = Ner(name="T", types={"X": "thing", "Z": "other thing"}, ignore=("Y",))


def source(**fields: Any) -> Source:
    """A source with these fields; the others are those of `tea`, which has one file of training data."""
    id_ = fields.get("id", "tea")
    return Source(
        **{
            "id": id_,
            "title": id_.title(),
            "about": f"Texts about {id_}.",
            "homepage": f"https://example.org/{id_}",
            "citation": f"{id_}2020",
            "licence": Licence.MIT,
            "evidence": Evidence(url=f"https://example.org/{id_}/licence", words=f"the terms of {id_}", about=("all",)),
            "files": {"a": f"https://example.org/{id_}/a"},
            "format": Standoff(),
            "parts": {"main": Part(train="a")},
            "tasks": (NER,),
            **fields,
        }
    )
