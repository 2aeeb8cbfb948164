"""What killed runs left: removed by the next build, which holds the root."""

import os
import re
import shutil
from pathlib import Path

import psutil

from tasks.base.store import scratch
from tasks.base.store.root import STAGES, Root, bucket

_PART = re.compile(r"\..*\.part(\.wal|\.tmp)?|\.mirror-.*")
"""Files that were being written, with what DuckDB puts beside its own, and files on their way from a mirror."""

_VERSION = re.compile(r"\..+\.part-(\d+)")
"""Folders that were to become a version, with the process that wrote them."""


def sweep(root: Root) -> None:
    """Remove the temporary files of killed runs; call it with the root locked. Downloads begun are kept."""
    scratch.sweep()
    if root.url.startswith("s3://"):
        bucket(root).abort_old_uploads(root.url)
    if not root.is_local:
        return
    for stage in STAGES:
        for path in list(Path(root.uri(stage)).rglob(".*")):
            if _PART.fullmatch(path.name):
                root.remove(path.relative_to(root.url).as_posix())
    for folder in Path(root.url).iterdir():
        if folder.is_dir():
            sweep_versions(folder)


def sweep_versions(folder: Path) -> None:
    """Remove the versions of one kind that processes were writing when they were killed."""
    for entry in folder.iterdir():
        found = _VERSION.fullmatch(entry.name)
        if found and not _runs_elsewhere(int(found[1])):
            shutil.rmtree(entry, ignore_errors=True)


def _runs_elsewhere(process: int) -> bool:
    return process != os.getpid() and psutil.pid_exists(process)
