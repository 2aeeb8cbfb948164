"""What every dataset says of itself beside its data: card, notices, citations, and a description for machines."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import sources
from schemas.manifest import File
from schemas.source import Source
from tasks.base.licences.bibliography import Bibliography
from tasks.base.licences.duties import Owned, texts
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
        "croissant.json": described(said, configurations, bibliography, facts, declared, owned),
        **texts(owned),
    }


def write_texts(folder: Path, files: Mapping[str, str]) -> None:
    """Write text files, with the same bytes on every system."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


def by_reason(tasks: Mapping[str, str]) -> dict[str, list[str]]:
    """Tasks that are left out, by the reason."""
    reasons: dict[str, list[str]] = {}
    for task, reason in sorted(tasks.items()):
        reasons.setdefault(reason, []).append(task)
    return reasons
