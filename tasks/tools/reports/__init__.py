"""The pages of a root that people look at, and nothing else of it."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from schemas.errors import OutsideRoot
from tasks.base.predictions.record import EVALUATIONS
from tasks.base.store.root import Root
from tasks.base.versions.find import MODELS, RELEASES, releases

NAME = r"[\w+-][\w.+-]*"
"""A file or folder whose name does not begin with a dot."""


class Kind(NamedTuple):
    """One kind of page.

    Attributes:
        title: what people call it.
        folder: the folder of the root with one folder for each version.
        page: place of the page in the folder of a version; empty where it may have several.
        more: pattern of the places of further pages of the version.
        scripts: whether the pages need the scripts that they contain.
    """

    title: str
    folder: str
    page: str
    more: str = ""
    scripts: bool = False

    def covers(self, place: str) -> bool:
        """Whether a place in a root is of this kind."""
        pages = "|".join(each for each in (re.escape(self.page), self.more) if each)
        return re.fullmatch(f"{self.folder}/{NAME}/(?:{pages})", place) is not None

    def pages(self, root: Root, version: str) -> Iterator[tuple[str, str]]:
        """The pages of a version that a list shows: title and place."""
        folder = f"{self.folder}/{version}"
        if self.page:
            if root.exists(f"{folder}/{self.page}"):
                yield self.title, f"{folder}/{self.page}"
            return
        for name in root.names(folder):
            if re.fullmatch(self.more, name):
                yield f"{self.title} {name.rpartition('.')[0]}", f"{folder}/{name}"


KINDS = (
    Kind("Report", RELEASES, "report.html", scripts=True),
    Kind("Quality pages", RELEASES, "quality/index.html", more=rf"quality/(?:{NAME}/)*{NAME}\.html"),
    Kind("Leaderboard", EVALUATIONS, "leaderboard.html", scripts=True),
    Kind("Training", MODELS, "loss.html", scripts=True),
    Kind("Changes since", "diffs", "", more=rf"{NAME}\.html", scripts=True),
    Kind("Links", "links", "links.html"),
)


def kind_of(place: str) -> Kind | None:
    """The kind of a page; None where a place is no page and must not be served."""
    return next((kind for kind in KINDS if kind.covers(place)), None)


def read(root: Root, place: str) -> bytes:
    """The bytes of a page.

    Raises:
        OutsideRoot: the place is no page, or a link leads out of the root.
        FileNotFoundError: it is not there.
    """
    if kind_of(place) is None:
        raise OutsideRoot(f"expected the place of a page, found {place!r}")
    if root.is_local and not Path(root.uri(place)).resolve().is_relative_to(Path(root.url).resolve()):
        raise OutsideRoot(f"expected a page in the root, found a link out of it: {place!r}")
    return root.read_bytes(place)


class Row(NamedTuple):
    """The pages of one version: title and place of each."""

    version: str
    latest: bool
    pages: tuple[tuple[str, str], ...]


def listed(root: Root) -> dict[str, list[Row]]:
    """All pages of a root by folder, the latest release first, then by name, newest names first."""
    latest = releases(root).latest
    return {
        folder: rows for folder in dict.fromkeys(kind.folder for kind in KINDS) if (rows := _rows(root, folder, latest))
    }


def _rows(root: Root, folder: str, latest: str | None) -> list[Row]:
    kinds = [kind for kind in KINDS if kind.folder == folder]
    rows = [
        Row(
            version,
            folder == RELEASES and version == latest,
            tuple(page for kind in kinds for page in kind.pages(root, version)),
        )
        for version in sorted(root.names(folder), reverse=True)
        if re.fullmatch(NAME, version)
    ]
    return sorted((row for row in rows if row.pages), key=lambda row: not row.latest)
