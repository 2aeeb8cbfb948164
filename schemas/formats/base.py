"""What all format options share."""

import re
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, SerializeAsAny

from schemas.base import Model

Encoding = Literal["utf-8", "cp1252", "latin-1", "mac-roman", "ascii"]


def _with_group(pattern: str) -> str:
    try:
        groups = re.compile(pattern).groups
    except re.error as error:
        raise ValueError(f"{pattern!r} is not a regular expression: {error}") from error
    if groups < 1:
        raise ValueError(f"{pattern!r} has no group; put what is to be taken in brackets")
    return pattern


Pattern = Annotated[str, AfterValidator(_with_group)]
"""A regular expression for a whole text, of which the first group is taken."""


class Format(Model):
    """Base of all format options.

    Attributes:
        encoding: the encoding of the text; a byte order mark of UTF-8 is skipped.
    """

    encoding: Encoding = "utf-8"
    parsed_in_python: ClassVar[bool] = True
    """Whether a reader of this format is Python (and best run in a process of its own) or native code."""
    has_lines: ClassVar[bool] = True
    """Whether its files are text, in which a record stands on lines."""

    @property
    def kind(self) -> str:
        """The name of the record type that a reader of this format yields."""
        return "Document"


AnyFormat = SerializeAsAny[Format]
"""A format field that keeps the options of the concrete format when it is written as JSON."""
