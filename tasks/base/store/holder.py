"""Who holds a bucket, and whether the hold is stale."""

import os
import socket
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Self
from uuid import uuid4

import psutil

from schemas.base import Model

STALE = timedelta(minutes=5)
"""Time without a renewal after which a lock is anybody's: longer than a store may be away."""

_APART = 60.0
"""Seconds between the beginnings of two processes that cannot be one."""


class Holder(Model):
    """Who holds a bucket.

    Attributes:
        token: of this hold only.
        host: the machine's name.
        namespace: what the machine calls the processes that see each other; containers have their own.
        boot: names the time for which the machine has been on, where the system tells it.
        process: its id there.
        since: when the process began, in seconds after the machine was started: ids are used again. No setting of the
            clock changes it. Where the system does not tell it, in seconds since 1970.
    """

    token: str
    host: str
    namespace: str
    boot: str
    process: int
    since: float

    @classmethod
    def me(cls) -> Self:
        """This process, in a hold of its own."""
        process = os.getpid()
        return cls(
            token=uuid4().hex,
            host=socket.gethostname(),
            namespace=_namespace(),
            boot=_boot(),
            process=process,
            since=_since(process),
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
            return self.boot != _boot() or abs(_since(self.process) - self.since) > _APART
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


def _boot() -> str:
    told = Path("/proc/sys/kernel/random/boot_id")
    return told.read_text(encoding="ascii").strip() if told.exists() else ""


def _since(process: int) -> float:
    """When a process began.

    Raises:
        psutil.NoSuchProcess: there is none.
    """
    with suppress(FileNotFoundError, ProcessLookupError):
        told = Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace")
        return int(told.rpartition(")")[2].split()[19]) / os.sysconf("SC_CLK_TCK")
    return psutil.Process(process).create_time()
