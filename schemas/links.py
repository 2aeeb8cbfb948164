"""Links: the declared addresses, and what each answered when it was last asked."""

from typing import Literal, NamedTuple, get_args

from schemas.base import Model

LinkVerdict = Literal["alive", "moved", "changed", "gone", "login page", "blocked", "unreachable", "skipped"]
"""What an answer means. `moved`: the publisher says that the file has another address for good. `changed`: there is a
file, but not the pinned one. `gone`: there is nothing (404, 410). `login page`: a web page comes instead of the data.
`blocked`: the server refuses us (401, 403, 429, and the like). `unreachable`: no answer, or none now. `skipped`: people
have to ask for the file, so nothing is asked."""

VERDICTS: tuple[LinkVerdict, ...] = get_args(LinkVerdict)
SOUND: tuple[LinkVerdict, ...] = ("alive", "moved", "skipped")
"""Verdicts that ask nothing of anybody now."""


class Answer(NamedTuple):
    """What an address answered.

    Attributes:
        url: the address, without secrets.
        status: HTTP status at the end of all redirects; None where there was no answer.
        final: the address at the end of all redirects, without secrets; empty where it is the same.
        permanent: whether all of the redirects are for good (301, 308).
        type: the header Content-Type.
        size: of the file in bytes; None where the server does not tell.
        etag: the header ETag.
        modified: the header Last-Modified.
        start: the first bytes, if they were asked for.
        title: of the web page that came instead of data.
        error: why there was no answer; empty where there was one.
        wait: seconds after which the server wants to be asked again; 0 where it does not say.
    """

    url: str
    status: int | None = None
    final: str = ""
    permanent: bool = False
    type: str = ""
    size: int | None = None
    etag: str = ""
    modified: str = ""
    start: bytes = b""
    title: str = ""
    error: str = ""
    wait: float = 0.0

    @property
    def stamp(self) -> str:
        """What changes when the file at this address does; empty where the server tells nothing."""
        version = self.etag.removeprefix("W/") or self.modified
        return f"{self.url} {version}" if version else ""


class Address(NamedTuple):
    """A declared address, and what is known of its file.

    Attributes:
        source: id of the source.
        file: name of the file.
        url: the address, without secrets.
        open: whether anybody may fetch it.
        size: the pinned size in bytes; None where no lock pins it.
        stamps: what the address answered when its file was the pinned one.
    """

    source: str
    file: str
    url: str
    open: bool = True
    size: int | None = None
    stamps: frozenset[str] = frozenset()


class Spell(Model):
    """Days in a row on which an address had the same verdict, as `YYYY-MM-DD`, in UTC."""

    verdict: LinkVerdict
    first: str
    last: str


class Link(Model):
    """One declared address, what it answered last, and how it was before.

    Attributes:
        detail: the answer in words.
        status: HTTP status; None where there was no answer.
        final: the address at the end of all redirects; empty where it is the same.
        bytes: size of the file; None where it is not known.
        heard: what the server said of the file's version; empty where it said nothing.
        stamp: what it said when the file was last the right one.
        history: all spells, the last one of today's verdict.
    """

    source: str
    file: str
    url: str
    detail: str = ""
    status: int | None = None
    final: str = ""
    bytes: int | None = None
    heard: str = ""
    stamp: str = ""
    history: tuple[Spell, ...]

    @property
    def verdict(self) -> LinkVerdict:
        """Today's verdict."""
        return self.history[-1].verdict

    @property
    def since(self) -> str:
        """The day since when it is so."""
        return self.history[-1].first

    @property
    def checked(self) -> str:
        """The day on which it was last asked."""
        return self.history[-1].last

    @property
    def last_alive(self) -> str:
        """The last day on which the file was there; empty where it never was."""
        return max((spell.last for spell in self.history if spell.verdict in ("alive", "moved")), default="")
