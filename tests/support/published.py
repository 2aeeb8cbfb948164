"""Files as publishers would send them: those of the miniatures, or real ones, at the declared addresses."""

import tempfile
from collections.abc import Iterable
from functools import cache, partial
from pathlib import Path

from schemas.settings import Settings
from schemas.source import Source
from tasks.build.fetch.mirror import lent, open_mirror
from tests.support.places import DEMO
from tests.support.publishers import File


@cache
def miniature(source: str, file: str) -> bytes:
    """A file of the miniatures, packed as its publisher sends it."""
    with (
        tempfile.TemporaryDirectory() as scratch,
        lent(open_mirror(str(DEMO), Settings()), source, file, Path(scratch), Settings()) as path,
    ):
        assert path is not None
        return path.read_bytes()


def miniatures(sources: Iterable[Source]) -> dict[str, File]:
    """The miniatures of sources, by address."""
    return {
        url: partial(miniature, source.id, name)
        for source in sources
        for name in source.files
        for url in source.urls(name)
        if (DEMO / source.id / name).exists()
    }


def copies(sources: Iterable[Source], folder: Path) -> dict[str, File]:
    """The files of a folder that holds `<source>/<file>`, by address."""
    return {
        url: folder / source.id / name
        for source in sources
        for name in source.files
        for url in source.urls(name)
        if (folder / source.id / name).is_file()
    }
