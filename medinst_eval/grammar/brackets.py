r"""Text within brackets: how it is quoted, and how a list of bracketed items is parsed.

A backslash makes the bracket, angle bracket or backslash after it an ordinary character. It is written only where a
text would otherwise be parsed wrongly: square brackets that are balanced stay as they are, and so do angle brackets
unless a text holds the very signs at which its item is taken apart.
"""

import re
from collections.abc import Iterator

NOTHING = "none"
"""The answer if there is nothing to list."""

TYPE = " <"
"""Where an item `mention <type>` is taken apart."""
TRIPLE = "> <"
"""Where an item `<first> <second> <third>` is taken apart."""

_SPECIAL = re.compile(r"\\([\\\[\]<>])")
_ESCAPING = re.compile(r"\\(?=[\\\[\]<>]|$)")


class Unparsable(ValueError):
    """A text is not an answer of the form; the message says where and why."""


def quoted(text: str, apart: str = "") -> str:
    """A text as it stands within brackets: on one line, with a backslash before each character that would be misread.

    Args:
        text: a mention, type or identifier.
        apart: the signs at which the item is taken apart, where the text may not hold them.
    """
    text = _ESCAPING.sub(r"\\\\", " ".join(text.split()))
    if not _balanced(text):
        text = text.replace("[", "\\[").replace("]", "\\]")
    return text.replace("<", "\\<").replace(">", "\\>") if apart and apart in text else text


def _balanced(text: str) -> bool:
    depth = 0
    for character in text:
        depth += (character == "[") - (character == "]")
        if depth < 0:
            return False
    return depth == 0


def plain(text: str) -> str:
    """The text without the backslashes of `quoted`."""
    return _SPECIAL.sub(r"\1", text)


def items(answer: str) -> list[str]:
    """The contents of the outermost brackets, still quoted.

    Raises:
        Unparsable: a bracket is not closed, or something other than `, ` stands between the brackets.
    """
    if answer == NOTHING:
        return []
    found: list[str] = []
    last = 0
    for start, end in _outermost(answer):
        if answer[last:start] != (", " if found else ""):
            raise Unparsable(f"{answer[last:start][:60]!r} stands before item {len(found) + 1}")
        found.append(answer[start + 1 : end])
        last = end + 1
    if last != len(answer) or not found:
        raise Unparsable(f"{answer[last:][:60]!r} is not an item in brackets")
    return found


def _outermost(answer: str) -> Iterator[tuple[int, int]]:
    """The positions of the outermost brackets."""
    depth = start = 0
    for match in re.finditer(r"\\.|[\[\]]", answer):
        if match.group() == "[":
            start = start if depth else match.start()
            depth += 1
        elif match.group() == "]":
            depth -= 1
            if depth == 0:
                yield start, match.start()
            elif depth < 0:
                raise Unparsable(f"a bracket closes at {match.start()} that never opened")
    if depth:
        raise Unparsable(f"the bracket at {start} is not closed")
