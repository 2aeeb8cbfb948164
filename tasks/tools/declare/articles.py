"""The licence of each article in corpora of full articles, from the file list of PubMed Central's open access."""

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import polars as pl

from schemas.errors import DeclarationError
from schemas.licence import Licence
from sources import find
from tasks.base.store.frames import scan
from tasks.build.builds.build import Build

UNLISTED = "not listed"
_COLUMNS = ("Accession ID", "PMID", "License")
_FREE = ("CC0", "CC BY", "CC BY-SA")
"""Licences of the list that permit commercial use and changes."""


class Article(NamedTuple):
    """An article of a corpus.

    Attributes:
        document: its identifier, as samples have it; empty if they name none.
        licence: as the list names it, or `not listed`.
    """

    source: str
    document: str
    licence: str

    @property
    def commercial(self) -> bool:
        """Whether it may be used commercially and changed."""
        return self.licence in _FREE


def articles(build: Build, listed: Path) -> list[Article]:
    """The articles of all corpora in a build that declare licences of single articles.

    Args:
        build: the build.
        listed: `oa_file_list.csv` of the Open Access Subset.

    Raises:
        DeclarationError: the list cannot be read.
    """
    held = {name: _documents(build, name) for name in sorted(_corpora(build))}
    licences = _licences(listed, {document for documents in held.values() for document in documents})
    return [
        Article(name, document, licences.get(document, UNLISTED))
        for name, documents in held.items()
        for document in documents
    ]


def _corpora(build: Build) -> set[str]:
    built = {outcome.rendered.source for outcome in build.outcomes.values()}
    return {name for name in built if any(each.licence is Licence.ARTICLES for each in find(name).also)}


def _documents(build: Build, source: str) -> list[str]:
    """The documents of a source's samples, sorted; an empty one where samples name none."""
    rendered = [outcome.rendered for outcome in build.outcomes.values() if outcome.rendered.source == source]
    files = [build.root.local(place) for each in rendered for split in each.splits for place in each.files(split)]
    found = scan(files).select(pl.col("document").cast(pl.String).fill_null("")).unique().collect()["document"]
    return sorted(found)


def _licences(listed: Path, wanted: Iterable[str]) -> dict[str, str]:
    """Document -> its licence in the list."""
    known = set(wanted)
    found: dict[str, str] = {}
    try:
        with listed.open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file)
            if missing := [name for name in _COLUMNS if name not in (rows.fieldnames or ())]:
                raise DeclarationError(
                    f"{listed} has no column {', '.join(missing)}; expected the file `oa_file_list.csv` of PubMed "
                    "Central's Open Access Subset, see https://pmc.ncbi.nlm.nih.gov/tools/openftlist/"
                )
            for row in rows:
                for document in (f"pmcid:{row['Accession ID']}", f"pmid:{row['PMID']}"):
                    if document in known:
                        found[document] = row["License"]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DeclarationError(f"{listed} cannot be read as a list of articles: {error}") from error
    return found
