"""Who holds a bucket, and whether the hold is stale."""

import socket
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Self
from uuid import uuid4

import psutil

from schemas.base import Model

STALE = timedelta(minutes=5)
"""Time without a renewal after which a lock is anybody's: longer than a store may be away."""

_CLOCK = 60.0
"""Seconds by which a clock may be set while a process runs."""


class Holder(Model):
    """Who holds a bucket.

    Attributes:
        token: of this hold only.
        host: the machine's name.
        namespace: what the machine calls the processes that see each other; containers have their own.
        process: its id there.
        began: when the process began, in seconds since 1970: ids are used again.
    """

    token: str
    host: str
    namespace: str
    process: int
    began: float

    @classmethod
    def me(cls) -> Self:
        """This process, in a hold of its own."""
        process = psutil.Process()
        began = process.create_time()
        return cls(
            token=uuid4().hex, host=socket.gethostname(), namespace=_namespace(), process=process.pid, began=began
        )

    @classmethod
    def read(cls, said: bytes) -> Self | None:
        """The holder that an object names; None where it is not one of ours."""
        try:
            return cls.model_validate_json(said)
        except ValueError:
            return None

    @property
    def is_gone(self) -> bool:
        """Whether it is a process of this machine that has ended; of other machines nobody knows."""
        if (self.host, self.namespace) != (socket.gethostname(), _namespace()):
            return False
        try:
            return abs(psutil.Process(self.process).create_time() - self.began) > _CLOCK
        except psutil.NoSuchProcess:
            return True


@dataclass(frozen=True)
class Seen:
    """A lock as it was found.

    Attributes:
        holder: who holds it; None where the object is not one of ours.
        etag: what the store calls these bytes by.
        age: since its last renewal.
    """

    holder: Holder | None
    etag: str
    age: timedelta

    @property
    def is_stale(self) -> bool:
        """Whether it is anybody's."""
        return self.age > STALE or (self.holder is not None and self.holder.is_gone)


def _namespace() -> str:
    link = Path("/proc/self/ns/pid")
    return str(link.readlink()) if link.is_symlink() else ""
