"""Trust: which bytes an address may give, and who vouches for them."""

from typing import Literal

from schemas.errors import ChecksumMismatch, NotLocked
from schemas.source import Source
from tasks.base.store.root import Root
from tasks.build.fetch.lock import Lock, LockLine, remember, root_lock, today

Level = Literal["locked", "first-use", "copy"]


class Trust:
    """The locks as one source sees them.

    Attributes:
        source: the source's id.
        copies: sha256 of the copies that its declaration knows.
        root: the root with a lock of its own.
        committed: the committed lock.
        frozen: refuse what the committed lock does not pin.
        update: take what comes as the truth, and remember it.
    """

    def __init__(self, source: Source, root: Root, committed: Lock, frozen: bool, update: bool) -> None:
        self.source = source.id
        self.copies = copies(source, frozen)
        self.root = root
        self.committed = {} if update else committed
        self.frozen = frozen and not update
        self.update = update

    def line(self, key: str) -> tuple[LockLine | None, Level]:
        """What is known of an address (a file's first declared one), and from which lock."""
        if key in self.committed:
            return self.committed[key], "locked"
        return (None if self.update else root_lock(self.root).get(key)), "first-use"

    def size(self, key: str) -> int | None:
        """The size that a file must have; None where no lock pins it."""
        line, _ = self.line(key)
        return line.bytes if line is not None and line.note != "unread" else None

    def check_copy(self, key: str, name: str, found: LockLine, place: str) -> Level:
        """Compare bytes of a mirror with the copies that the declaration knows, then as `check` does."""
        return "copy" if found.sha256 in self.copies else self.check(key, name, found, place)

    def require(self, key: str, name: str) -> None:
        """Refuse, where only pinned files may be used, one that is not.

        Raises:
            NotLocked: `--frozen` is asked for and the committed lock does not pin it.
        """
        if self.frozen and key not in self.committed:
            raise NotLocked(
                f"`{self.source}`: `{name}`: expected a line of `sources/sources.lock` (`--frozen`), found "
                f"none for `{key}`. Pin it: `medinst lock {self.source}`; or build without `--frozen`.",
                source=self.source,
                file=name,
                url=key,
            )

    def check(self, key: str, name: str, found: LockLine, place: str) -> Level:
        """Compare bytes with the locks.

        Args:
            key: the file's first declared address.
            name: the file's name.
            found: what came.
            place: where from, for the message.

        Raises:
            ChecksumMismatch: they are not what a lock pins.
            NotLocked: see `require`.
        """
        self.require(key, name)
        line, level = self.line(key)
        if line is None or line.note == "unread" or line.sha256 == found.sha256:
            return level
        lock = "the lock" if level == "locked" else "the root's own lock, written at the first use,"
        raise ChecksumMismatch(
            f"`{self.source}`: `{name}` from `{place}` has sha256 {found.sha256}, {lock} says {line.sha256} "
            f"(bytes {found.bytes:,}, locked {line.bytes:,}). If the publisher changed it: "
            f"`medinst lock {self.source} --update`.",
            source=self.source,
            file=name,
            found=found.sha256,
            locked=line.sha256,
        )

    def remember(self, key: str, found: LockLine, level: Level) -> None:
        """Write what came for the first time into the root's own lock; it is trusted once it has been read."""
        line, _ = self.line(key)
        if level == "first-use" and (line is None or line.sha256 != found.sha256):
            remember(self.root, {key: found._replace(note="unread")})


def copies(source: Source, frozen: bool) -> frozenset[str]:
    """The sha256 of the copies of a source's files that a mirror may have; none where only pinned files are allowed."""
    return frozenset() if frozen else source.known_copies


def line_of(sha256: str, size: int) -> LockLine:
    """The lock line of bytes that came today."""
    return LockLine(sha256, size, today())
