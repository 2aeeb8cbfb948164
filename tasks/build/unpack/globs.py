"""Globs over member names: `*` and `?` stay within a folder, `**` does not.

`[a-c]` is one of some characters. `[!a]` is not supported: in a declaration, `!` separates an archive from its member.
"""

import difflib
import heapq
import re
from collections.abc import Callable, Iterable
from functools import cache
from itertools import takewhile

_TOKEN = re.compile(r"\*\*/|\*\*|\*|\?|\[[^/][^\]/]*\]|.", re.DOTALL)
_FIXED = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
_SHOWN = 10
_COMPARED = 2_000


def matcher(pattern: str) -> Callable[[str], bool]:
    """A test of member names: equal to the pattern, or matched by it as a glob.

    Equality comes first because real names hold brackets (`[Content_Types].xml`). The companions that macOS
    packs along (`__MACOSX/`, `._name`) are met by equality only.
    """
    compiled = _compiled(pattern)
    return lambda name: name == pattern or (compiled.fullmatch(name) is not None and not _is_companion(name))


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile("".join(map(_translated, _TOKEN.findall(pattern))), re.DOTALL)


def _translated(token: str) -> str:
    if token in _FIXED:
        return _FIXED[token]
    if len(token) == 1:
        return re.escape(token)
    inner = re.sub(r"[\\^\[\]&~|]", r"\\\g<0>", token[1:-1])
    try:
        re.compile(f"[{inner}]")
    except re.error:  # `[z-a]` is nothing but text
        return re.escape(token)
    return f"(?!/)[{inner}]"


def _is_companion(name: str) -> bool:
    return name.startswith("__MACOSX/") or name.rsplit("/", 1)[-1].startswith("._")


def nearest(pattern: str, names: Iterable[str]) -> list[str]:
    """Up to ten of the names, those most like the pattern first."""
    likely = heapq.nsmallest(_COMPARED, names, key=lambda name: (-_shared(pattern, name), name))
    return difflib.get_close_matches(pattern, likely, n=_SHOWN, cutoff=0.0)


def _shared(first: str, second: str) -> int:
    pairs = zip(first, second, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
