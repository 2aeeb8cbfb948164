"""Files as publishers would send them: those of the miniatures, or real ones, at the declared addresses."""

import io
import tempfile
import zipfile
from collections import defaultdict
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
    """The miniatures of sources, by address; sources that share one have their members in one archive."""
    found: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for source in sources:
        for name in source.files:
            if (DEMO / source.id / name).exists():
                for url in source.urls(name):
                    found[url].append((source.id, name))
    return {url: partial(_together, tuple(files)) for url, files in found.items()}


@cache
def _together(files: tuple[tuple[str, str], ...]) -> bytes:
    """The file of one source, or the archives of several as one."""
    each = list(dict.fromkeys(miniature(source, name) for source, name in files))
    if len(each) == 1:
        return each[0]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        members: dict[str, bytes] = {}
        for data in each:
            with zipfile.ZipFile(io.BytesIO(data)) as one:
                members |= {name: one.read(name) for name in one.namelist() if not name.endswith("/")}
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data)
    return packed.getvalue()


def copies(sources: Iterable[Source], folder: Path) -> dict[str, File]:
    """The files of a folder that holds `<source>/<file>`, by address."""
    return {
        url: folder / source.id / name
        for source in sources
        for name in source.files
        for url in source.urls(name)
        if (folder / source.id / name).is_file()
    }
