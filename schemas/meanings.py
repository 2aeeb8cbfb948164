"""What the tables, views and columns of the catalogue mean, as catalogue.yml beside this module declares it."""

import re
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple, cast

import yaml

MEANINGS = Path(__file__).with_name("catalogue.yml")

_MARKDOWN = re.compile(r"\[([^]]*)\]\([^)]*\)|\*\*(\w+)\*\*")
"""A link, of which the text stays, and the name of a table."""

Kind = Literal["TABLE", "VIEW"]
_KINDS: dict[Kind, str] = {"TABLE": "tables", "VIEW": "views"}


class Meaning(NamedTuple):
    """What a table or view is for.

    Attributes:
        kind: whether it is a table or a view.
        about: a sentence, in Markdown.
        columns: column -> what it holds, in the order of the columns.
    """

    kind: Kind
    about: str
    columns: dict[str, str]


@cache
def meanings() -> dict[str, Meaning]:
    """Every table and view, by name.

    Raises:
        KeyError: nothing is said of a column, neither with its table nor `everywhere`.
    """
    declared = yaml.safe_load(MEANINGS.read_text(encoding="utf-8"))
    everywhere = cast(dict[str, str], declared["everywhere"])
    return {
        name: _meaning(kind, said, everywhere) for kind, key in _KINDS.items() for name, said in declared[key].items()
    }


def _meaning(kind: Kind, said: dict[str, object], everywhere: dict[str, str]) -> Meaning:
    columns = cast(dict[str, str | None], said["columns"])
    return Meaning(kind, str(said["about"]), {name: words or everywhere[name] for name, words in columns.items()})


def plain(words: str) -> str:
    """Words without links and bold names, which Markdown alone shows well."""
    return _MARKDOWN.sub(lambda found: found[1] or found[2], words)
