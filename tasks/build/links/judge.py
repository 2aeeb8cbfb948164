"""What an answer means: one verdict for each address, from what is declared, pinned and answered, and nothing else."""

import re
from urllib.parse import urlsplit

from schemas.links import Address, Answer, LinkVerdict
from tasks.build.fetch.content import wrong_start
from tasks.build.fetch.web_page import is_page

_GONE = (404, 410)
_PASSING = (407, 408, 425)
"""Refusals that are not the publisher's last word: a proxy wants a password, or it was too early or too late."""
_LOGIN = re.compile(r"\b(?:log[ -]?in|sign[ -]?in|sso|auth|accounts?|idp|shibboleth|cas)\b", re.IGNORECASE)


def judge(address: Address, answer: Answer | None) -> tuple[LinkVerdict, str]:
    """The verdict on an address, and why in words.

    Args:
        address: the address, and what is known of its file.
        answer: what it answered; None where it was not asked.
    """
    if answer is None or not address.open:
        return "skipped", "people have to ask for this file"
    if answer.error:
        return "unreachable", answer.error
    if answer.status not in (200, 206):
        return _refusal(answer.status or 0), f"answers {answer.status}"
    if page := _page(address, answer):
        return "login page", page
    if change := _change(address, answer):
        return "changed", change
    way = f"for good to {answer.final}" if answer.permanent else f"by way of {answer.final}"
    return "moved" if answer.permanent else "alive", way if answer.final else ""


def _refusal(status: int) -> LinkVerdict:
    """What a status says that brings no file."""
    if status in _GONE:
        return "gone"
    return "blocked" if 400 <= status < 500 and status not in _PASSING else "unreachable"


def _page(address: Address, answer: Answer) -> str:
    """Which web page came instead of the data; empty where none did."""
    if not is_page(address.file, answer.type, answer.start):
        return ""
    host = urlsplit(answer.final).hostname or ""
    login = "a login page" if _LOGIN.search(f"{host} {urlsplit(answer.final).path} {answer.title}") else "a web page"
    title = f" ({answer.title!r})" if answer.title else ""
    return f"{login}{title}{f' at {answer.final}' if answer.final else ''}"


def _change(address: Address, answer: Answer) -> str:
    """How the file differs from the pinned one; empty where nothing speaks for that."""
    if address.size is not None and answer.size is not None and address.size != answer.size:
        return f"{answer.size:,} bytes, pinned are {address.size:,}"
    if wrong := wrong_start(answer.start, address.file) if answer.start else "":
        return wrong
    if address.stamps and answer.stamp and answer.stamp not in address.stamps:
        before = " or ".join(sorted(stamp.removeprefix(f"{address.url} ") for stamp in address.stamps))
        return f"version {answer.stamp.removeprefix(f'{address.url} ')}, it was {before}"
    return ""
