"""references.bib: the entries by key, and a citation in plain words made from one."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import sources
from schemas.errors import DeclarationError
from schemas.source import Source

PAPER = "han2024medinst"
_START = re.compile(r"@(\w+)\s*\{\s*([^\s,{}]+)\s*,")
_FIELD = re.compile(r"(\w+)\s*=\s*")
_ACCENTS = dict(
    zip(
        "'`^\"~=.cvuHkr",
        "\u0301\u0300\u0302\u0308\u0303\u0304\u0307\u0327\u030c\u0306\u030b\u0328\u030a",
        strict=True,
    )
)
_ACCENT = re.compile(r"""\\(?:(['`^"~=.])\s*|([cvuHkr])(?:\s+|(?=\{)))\{?(\w)\}?""")
_LETTERS = {"ss": "ß", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "aa": "å", "AA": "Å", "ae": "æ", "i": "i"}
_LETTER = re.compile(rf"\\({'|'.join(_LETTERS)})(?![a-zA-Z])\s*")


@dataclass(frozen=True)
class Bibliography:
    """The entries of a BibTeX file.

    Attributes:
        name: the file, as messages call it.
        entries: key -> the whole entry as it is written there.
    """

    name: str
    entries: dict[str, str]

    @classmethod
    def read(cls, path: Path | None = None) -> "Bibliography":
        """Read a BibTeX file; that of the declared sources if none is named."""
        path = path or sources.FOLDER / "references.bib"
        return cls(f"{path.parent.name}/{path.name}", _split(path.read_text(encoding="utf-8"), path.name))

    def entry(self, key: str) -> str:
        """The entry of a key.

        Raises:
            DeclarationError: there is none.
        """
        if key not in self.entries:
            raise DeclarationError(
                f"{self.name} has no entry `{key}`. Add it there, sorted by key: @article{{{key}, …}}",
                key=key,
            )
        return self.entries[key]

    def subset(self, cited: Iterable[Source]) -> str:
        """A BibTeX file of what sources cite and of the MedINST paper, sorted by key."""
        keys = sorted({PAPER, *(source.citation for source in cited)})
        return "\n\n".join(self.entry(key) for key in keys) + "\n"

    def words(self, key: str) -> str:
        """The citation of a key in plain words: authors, year, title, where it appeared, where to find it."""
        fields = _fields(self.entry(key))
        people = [_forename_first(name) for name in re.split(r"\s+and\s+", fields.get("author", ""))]
        venue = (
            fields.get("journal") or fields.get("booktitle") or fields.get("publisher") or fields.get("howpublished")
        )
        doi = fields.get("doi")
        parts = (
            f"{', '.join(filter(None, people))} ({fields.get('year', 'no year')})".strip(),
            fields.get("title"),
            venue,
            f"https://doi.org/{doi}" if doi else fields.get("url"),
        )
        return ". ".join(part.rstrip(".") for part in parts if part)


def _split(text: str, name: str) -> dict[str, str]:
    """Cut a BibTeX file into its entries; what stands between them is comment."""
    entries: dict[str, str] = {}
    position = 0
    while match := _START.search(text, position):
        key = match[2]
        position = _closing(text, text.index("{", match.start()))
        if position < 0:
            raise DeclarationError(f"{name}: the braces of entry `{key}` do not close. Close them: {name}", key=key)
        if key in entries:
            raise DeclarationError(f"{name} has two entries `{key}`. Remove one of them.", key=key)
        entries[key] = text[match.start() : position]
    return entries


def _closing(text: str, start: int) -> int:
    """The place after the brace that closes the one at `start`; -1 where none does."""
    depth = 0
    for match in re.compile(r"\\.|[{}]", re.DOTALL).finditer(text, start):
        depth += {"{": 1, "}": -1}.get(match[0], 0)
        if depth == 0:
            return match.end()
    return -1


def _fields(entry: str) -> dict[str, str]:
    """The fields of an entry, without braces and commands."""
    fields: dict[str, str] = {}
    position = entry.index(",") + 1
    while match := _FIELD.search(entry, position):
        start = match.end()
        if entry[start] == "{":
            position = _closing(entry, start)
        elif entry[start] == '"':
            position = re.compile(r'"(?:\{[^}]*\}|[^"{])*"').match(entry, start).end()  # pyright: ignore[reportOptionalMemberAccess]
        else:
            position = re.compile(r"[^,}]*").match(entry, start).end()  # pyright: ignore[reportOptionalMemberAccess]
        fields[match[1].lower()] = _plain(entry[start:position].strip('"'))
    return fields


def _plain(value: str) -> str:
    """Text as it is printed: letters instead of their commands, and neither braces nor other commands."""
    value = _LETTER.sub(lambda match: _LETTERS[match[1]], value)
    value = _ACCENT.sub(lambda match: match[3] + _ACCENTS[match[1] or match[2]], value)
    value = re.sub(r"\\[a-zA-Z]+\s*|(?<!\\)[{}$]", "", value)
    value = re.sub(r"\\([&%$#_{}])", r"\1", value).replace("---", "—").replace("--", "–").replace("~", " ")
    return unicodedata.normalize("NFC", " ".join(value.split()))


def _forename_first(name: str) -> str:
    last, _, first = name.partition(", ")
    return "et al." if name == "others" else f"{first} {last}".strip()
