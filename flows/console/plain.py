"""Text that a terminal shows and does not obey."""

import re

_COMMANDS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
"""Characters that drive a terminal or turn the direction of a line: control characters but tab and line feed,
separators of lines, marks and overrides of direction."""


def visible(text: str, form: str = "") -> str:
    r"""A text in which the characters that would drive a terminal are written out, as `\x1b` for escape.

    Args:
        text: the text.
        form: how one is written, from its number; `\x1b` or `\u202e` if not given.
    """
    return _COMMANDS.sub(lambda found: _written(ord(found[0]), form), text)


def _written(number: int, form: str) -> str:
    return (form or (r"\x{:02x}" if number < 256 else r"\u{:04x}")).format(number)
