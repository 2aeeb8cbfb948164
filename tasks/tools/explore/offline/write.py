"""Writing an explorer as a folder of files."""

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import mkdtemp

from schemas.errors import MedinstError
from tasks.base.store.disk import room
from tasks.tools.explore.explorer import Explorer
from tasks.tools.explore.offline import engine, pages, tables, texts
from tasks.tools.explore.site import REPORT, STATIC

MARK = "explorer.json"
"""The file by which the folder of an explorer is known."""

_SCRIPTS = Path(__file__).with_name("scripts")


def is_explorer(folder: Path) -> bool:
    """Whether a folder is one that `write` wrote."""
    return (folder / MARK).is_file()


def may_write(folder: Path) -> None:
    """Check that a folder can be written.

    Raises:
        MedinstError: something is in it that is no explorer, or it has no parent.
    """
    if folder.exists() and not (folder.is_dir() and (is_explorer(folder) or not any(folder.iterdir()))):
        raise MedinstError(f"--out {folder}: expected a new or empty folder, or one of an explorer. Name another one.")
    if not folder.parent.is_dir():
        raise MedinstError(f"--out {folder}: expected a place in a folder that is there, found no {folder.parent}.")


def write(explorer: Explorer, folder: Path, files: Mapping[str, bytes], told: Callable[[int], None]) -> None:
    """Write an explorer; it appears whole, in place of one that is there.

    Args:
        explorer: of a release or benchmark.
        folder: where it goes, see `may_write`.
        files: of the engine, see `engine.engine`.
        told: called with the number of samples that are done.

    Raises:
        PublishError: the disk is full.
    """
    with room(str(folder), "medinst explore --out"):
        new = Path(mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        try:
            _fill(explorer, new, files, told)
            new.chmod(0o755)
            if folder.exists():
                shutil.rmtree(folder)
            new.replace(folder)
        finally:
            shutil.rmtree(new, ignore_errors=True)


def _fill(explorer: Explorer, folder: Path, files: Mapping[str, bytes], told: Callable[[int], None]) -> None:
    for name in (engine.FOLDER, "data", "pages/tasks"):
        (folder / name).mkdir(parents=True)
    for name, content in files.items():
        (folder / engine.FOLDER / name).write_bytes(content)
    for path in (*STATIC.iterdir(), *_SCRIPTS.iterdir()):
        shutil.copyfile(path, folder / path.name)
    for name, text in pages.pages(explorer):
        (folder / "pages" / f"{name}.html").write_text(text, encoding="utf-8")
    tables.write_tables(explorer, folder / "data")
    texts.write_rejects(explorer, folder / "data/rejects.parquet")
    texts.write_texts(explorer, folder / "data/texts.parquet", told)
    version = explorer.shown.version
    if report := REPORT in version.manifest.files:
        shutil.copyfile(version.local(REPORT), folder / REPORT)
    (folder / "index.html").write_text(pages.index(explorer, report), encoding="utf-8")
    (folder / MARK).write_text(json.dumps(pages.config(explorer), indent=1), encoding="utf-8")
