"""JSON of texts with entities, each with all its names and their mentions, and of interactions between entities.

    [{"id": "x.0", "text": "xyl1 (Xyl-1) binds bux",
      "entities": [{"label": "protein", "names": {"xyl1": {"mentions": [[0, 4]]}, "Xyl-1": {"mentions": [[6, 11]]}},
                    "grounding": {"link": "https://…", …}}, …],
      "interactions": [{"participants": [0, 1], "label": 1}]}]

Offsets count code points. The argument of an interaction is an entity, and is named by its first mention.
"""

import re
from collections.abc import Iterable
from functools import partial

from schemas.formats import JsonClusters
from schemas.records import Argument, Document, Entity, Link, Mention, Relation
from tasks.build.read import Files, Found, by_place, plain, read
from tasks.build.read.concepts import concepts
from tasks.build.read.each import each_file
from tasks.build.read.json_texts import Row, text_of, texts
from tasks.build.read.text import as_text
from tasks.build.unpack import Member


@read.register
def _(options: JsonClusters, files: Files) -> Found:
    yield from each_file(plain(files), partial(_documents, options))


def _documents(options: JsonClusters, member: Member) -> Found:
    return texts(member, options.encoding, "id", partial(_document, options))


def _document(options: JsonClusters, id_: str, row: Row) -> Document:
    clusters: list[list[Entity]] = []
    count = 0
    for entity in row["entities"]:
        links = _links(options, entity["grounding"])
        places = [
            (name, (int(start), int(end))) for name, told in entity["names"].items() for start, end in told["mentions"]
        ]
        found = [
            Entity(f"T{number}", as_text(entity["label"]), (span,), name, links)
            for number, (name, span) in enumerate(places, count + 1)
        ]
        count += len(found)
        clusters.append(sorted(found, key=by_place))
    return Document(
        id=id_,
        text=text_of(row["text"]),
        entities=tuple(sorted((entity for cluster in clusters for entity in cluster), key=by_place)),
        relations=tuple(_relations(row["interactions"], clusters)),
        chains=tuple(
            tuple(Mention(entity.id, entity.text) for entity in cluster) for cluster in clusters if len(cluster) > 1
        ),
        origin=text_of(row.get(options.origin) or ""),
    )


def _relations(interactions: Iterable[Row], clusters: list[list[Entity]]) -> Iterable[Relation]:
    for number, interaction in enumerate(interactions, 1):
        arguments: list[Argument] = []
        for place, participant in enumerate(interaction["participants"], 1):
            if participant < 0:
                raise IndexError(f"participant {participant}")
            first = next((entity.text for entity in clusters[participant]), "")
            arguments.append(Argument(f"Arg{place}", str(participant), "concept", first))
        yield Relation(f"R{number}", as_text(interaction["label"]), tuple(arguments))


def _links(options: JsonClusters, grounding: Row | None) -> tuple[Link, ...]:
    """The concepts that ground an entity, each once."""
    if not grounding:
        return ()
    cells = ((database, as_text(grounding.get(key) or "")) for key, database in options.keys.items())
    found = [link for database, cell in cells for link in concepts(cell, database, nothing=options.nothing)]
    link = str(grounding.get("link") or "").strip()
    for pattern, database in options.databases.items():
        if (match := re.fullmatch(pattern, link)) is not None and match[1]:
            found.append(Link(database, match[1]))
    return tuple(dict.fromkeys(found))
