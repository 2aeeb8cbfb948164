"""What is in a root, looked up without asking an object store for one file after the other."""

import os
from typing import Any

from tasks.base.store.root import DONE, Root


class Listing:
    """The files of a root by their places: of a bucket as they were when first asked for, in one listing a folder."""

    def __init__(self, root: Root) -> None:
        self.root = root
        self._listed: dict[str, dict[str, dict[str, Any]]] = {}

    def has(self, place: str) -> bool:
        """Whether a file is there."""
        return bool(self.stamp(place))

    def stamp(self, place: str) -> str:
        """What changes when a file is written; empty if it is not there."""
        if self.root.is_local:
            try:
                about = os.stat(self.root.uri(place))  # noqa: PTH116  of thousands of files
            except FileNotFoundError:
                return ""
            return f"{about.st_size}-{about.st_mtime_ns}"
        about = self._folder(place).get(place, {})
        return "-".join(str(about[name]) for name in _TELLING if name in about)

    def names(self, folder: str) -> list[str]:
        """The sorted names in a folder; none if it is not there."""
        if self.root.is_local:
            return self.root.names(folder)
        below = (place.removeprefix(f"{folder}/") for place in self._folder(folder) if place.startswith(f"{folder}/"))
        return sorted({name.split("/")[0] for name in below})

    def done(self, folder: str) -> dict[str, Any] | None:
        """The receipt of a complete stage folder, or None."""
        if not self.root.is_local and not self.has(f"{folder}/{DONE}"):
            return None
        return self.root.done(folder)

    def _folder(self, place: str) -> dict[str, dict[str, Any]]:
        """The files in the root's folder that a place is in."""
        top = place.split("/", maxsplit=1)[0]
        if top not in self._listed:
            fs, uri = self.root.fs, self.root.uri(top)
            fs.invalidate_cache()
            start = str(fs._strip_protocol(uri))  # what file systems call the folder
            found: Any = fs.find(uri, detail=True)
            self._listed[top] = {f"{top}{path.removeprefix(start)}": about for path, about in found.items()}
        return self._listed[top]


_TELLING = ("size", "ETag", "etag", "md5Hash", "generation", "mtime", "LastModified", "last_modified", "created")
"""What object stores say of a file that differs between two writes."""
