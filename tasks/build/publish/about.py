"""What every dataset says of itself beside its data: card, notices, citations, and a description for machines."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

import sources
from schemas.manifest import File
from schemas.source import Source
from tasks.base.licences.bibliography import Bibliography
from tasks.base.licences.duties import Owned, texts
from tasks.base.licences.terms import terms_of
from tasks.build.publish.croissant import Configuration, Description, described
from tasks.build.publish.notice import notice


def about(
    owned: Mapping[str, Owned],
    said: Description,
    configurations: Sequence[Configuration],
    facts: Mapping[str, File],
    card: Callable[[dict[str, Source], Bibliography], str],
) -> dict[str, str]:
    """The texts of a dataset, by file name.

    Args:
        owned: task -> its source and licences.
        said: the dataset as a whole.
        configurations: its configurations.
        facts: path -> size and hash, of the Parquet files.
        card: writes the card from the sources, by id, and the bibliography.
    """
    bibliography = Bibliography.read()
    declared = {each.source: sources.find(each.source) for each in owned.values()}
    return {
        "README.md": card(declared, bibliography),
        "NOTICE.md": notice(said.version, owned, declared, bibliography),
        "references.bib": bibliography.subset(declared.values()),
        "croissant.json": described(said, configurations, bibliography, facts),
        **texts(owned),
    }


def write_texts(folder: Path, files: Mapping[str, str]) -> None:
    """Write text files, with the same bytes on every system."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


def front(name: str, licences: Iterable[str], **fields: Any) -> str:
    """The block of YAML at the head of a card, which the Hub and `datasets` read.

    Args:
        name: of the dataset, for people.
        licences: of its parts.
        fields: what else it says, in this order.
    """
    return as_yaml({"pretty_name": name, **hub_licence(licences), **fields})


def hub_licence(licences: Iterable[str]) -> dict[str, str]:
    """The licence of a whole, as the Hub wants it said."""
    terms = terms_of(licences)
    if terms.hub is not None:
        return {"license": terms.hub}
    return {"license": "other", "license_name": terms.name, "license_link": "NOTICE.md"}


def as_yaml(value: object) -> str:
    """A value as people read it, in the order that it has."""
    return yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=120)


def by_reason(tasks: Mapping[str, str]) -> dict[str, list[str]]:
    """Tasks that are left out, by the reason."""
    reasons: dict[str, list[str]] = {}
    for task, reason in sorted(tasks.items()):
        reasons.setdefault(reason, []).append(task)
    return reasons
