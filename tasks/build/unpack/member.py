"""A member of an archive, or a file that is none, as readers see it."""

from io import BytesIO
from pathlib import Path
from typing import IO, NamedTuple


class Member(NamedTuple):
    """A file to be read.

    Attributes:
        name: its path within the archive it stands in; the file's own name where nothing was unpacked.
        content: a file on this machine with its bytes, whose name means nothing; or the bytes, where they are few.
    """

    name: str
    content: Path | bytes

    def open(self) -> IO[bytes]:
        """The bytes as a stream."""
        return BytesIO(self.content) if isinstance(self.content, bytes) else self.content.open("rb")

    def read(self) -> bytes:
        """All bytes."""
        return self.content if isinstance(self.content, bytes) else self.content.read_bytes()

    @property
    def size(self) -> int:
        """The number of bytes."""
        return len(self.content) if isinstance(self.content, bytes) else self.content.stat().st_size
