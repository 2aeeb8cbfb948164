"""What is in a root, looked up without asking an object store for one file after the other."""

import os
from functools import cached_property
from typing import Any

from tasks.base.store.root import DONE, Root


class Listing:
    """The files of some folders of a root: of a bucket as they were when first asked for, in one listing a folder."""

    def __init__(self, root: Root) -> None:
        self.root = root
        self._listed: dict[str, dict[str, dict[str, Any]]] = {}

    def has(self, uri: str) -> bool:
        """Whether a file is there."""
        return os.path.exists(uri) if self.root.is_local else uri in self._folder(uri)  # noqa: PTH110  of thousands

    def stamp(self, uri: str) -> str:
        """What changes when a file is written; empty if it is not there."""
        if self.root.is_local:
            try:
                about = os.stat(uri)  # noqa: PTH116  of thousands
            except FileNotFoundError:
                return ""
            return f"{about.st_size}-{about.st_mtime_ns}"
        about = self._folder(uri).get(uri, {})
        return "-".join(str(about[name]) for name in _TELLING if name in about)

    def names(self, uri: str) -> list[str]:
        """The sorted names in a folder; none if it is not there."""
        if self.root.is_local:
            return self.root.names(uri)
        below = (file.removeprefix(f"{uri}/") for file in self._folder(uri) if file.startswith(f"{uri}/"))
        return sorted({name.split("/")[0] for name in below})

    def done(self, folder: str) -> dict[str, Any] | None:
        """The receipt of a complete stage folder, or None."""
        if not self.root.is_local and not self.has(f"{folder}/{DONE}"):
            return None
        return self.root.done(folder)

    def _folder(self, uri: str) -> dict[str, dict[str, Any]]:
        """The files below the top folder of the root that something is in, by address."""
        top = uri.removeprefix(f"{self.root.url}/").split("/")[0]
        if top not in self._listed:
            files = self._find(self.root.uri(top))
            self._listed[top] = {f"{self._scheme}{name}": about for name, about in files.items()}
        return self._listed[top]

    def _find(self, uri: str) -> dict[str, dict[str, Any]]:
        self.root.fs.invalidate_cache()
        return self.root.fs.find(uri, detail=True)  # pyright: ignore[reportReturnType]

    @cached_property
    def _scheme(self) -> str:
        """What the address of the root has before its path, which the file system leaves out."""
        path = self.root.fs._strip_protocol(self.root.url)
        return self.root.url.removesuffix(str(path))


_TELLING = ("size", "ETag", "etag", "md5Hash", "generation", "mtime", "LastModified", "last_modified", "created")
"""What object stores say of a file that differs between two writes."""
