"""references.bib: the entries by key, and a citation in plain words made from one."""

import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import sources
from schemas.errors import DeclarationError
from schemas.source import Source

if TYPE_CHECKING:
    from pylatexenc.latex2text import LatexNodes2Text

PAPER = "han2024medinst"
REFERENCES = "references.bib"

_LATEX = re.compile(r"[\\{}$~%`'\"-]")
"""What LaTeX may print as something else; decoding costs a millisecond."""

logging.getLogger("bibtexparser").addHandler(logging.NullHandler())  # what it complains of is raised here as an error


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
        """Read a BibTeX file; those of the declared sources if none is named.

        Raises:
            DeclarationError: it is not BibTeX, or two entries have one key.
        """
        whole = path or sources.FOLDER / REFERENCES
        found = cls(f"{whole.parent.name}/{whole.name}", _split(whole.read_text(encoding="utf-8"), whole.name))
        return found if path else found._with(folder / REFERENCES for folder in sources.folders())

    def _with(self, paths: Iterable[Path]) -> "Bibliography":
        """It and further files, of which those that are not there have no entries."""
        entries = dict(self.entries)
        for path in (each for each in paths if each.exists()):
            more = _split(path.read_text(encoding="utf-8"), path.name)
            if twice := sorted(more.keys() & entries.keys()):
                raise DeclarationError(
                    f"{path}: the entry `{twice[0]}` is in {self.name} already. Remove it.", path=path
                )
            entries |= more
        return Bibliography(self.name, entries)

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

    def year(self, key: str) -> int | None:
        """The year of an entry; None if it has none."""
        year = _plain(_fields(self.entry(key)).get("year", ""))
        return int(year) if year.isdecimal() else None

    def words(self, key: str) -> str:
        """The citation of a key in plain words: authors, year, title, where it appeared, where to find it."""
        fields = _fields(self.entry(key))
        venue = (
            fields.get("journal") or fields.get("booktitle") or fields.get("publisher") or fields.get("howpublished")
        )
        doi = fields.get("doi")
        parts = (
            f"{_people(fields.get('author', ''))} ({fields.get('year', 'no year')})".strip(),
            _plain(fields.get("title", "")),
            _plain(venue or ""),
            f"https://doi.org/{doi}" if doi else fields.get("url"),
        )
        return ". ".join(part.rstrip(".") for part in parts if part)


def _split(text: str, name: str) -> dict[str, str]:
    """Cut a BibTeX file into its entries as they are written; what stands between them is comment."""
    from bibtexparser.entrypoint import parse_string
    from bibtexparser.model import DuplicateBlockKeyBlock

    library = parse_string(text, parse_stack=[])
    for block in library.failed_blocks:
        line = (block.start_line or 0) + 1
        if isinstance(block, DuplicateBlockKeyBlock):
            raise DeclarationError(f"{name} has two entries `{block.key}`. Remove that in line {line}.", key=block.key)
        reason = getattr(block.error, "abort_reason", "") or str(block.error)
        raise DeclarationError(
            f"{name}: the entry in line {line}, `{(block.raw or '').splitlines()[0]}`, is not BibTeX: {reason} "
            "Do its braces and quotes close?"
        )
    return {entry.key: entry.raw or "" for entry in library.entries}


def _fields(entry: str) -> dict[str, str]:
    """The fields of an entry as they are written, without what encloses them."""
    from bibtexparser.entrypoint import parse_string

    (parsed,) = parse_string(entry).entries
    return {field.key.lower(): str(field.value) for field in parsed.fields}


def _people(authors: str) -> str:
    """Authors in plain words, forenames first; names in braces stay as they are."""
    from bibtexparser.middlewares.names import parse_single_name_into_parts, split_multiple_persons_names

    names: list[str] = []
    for name in split_multiple_persons_names(authors):
        if name == "others":
            names.append("et al.")
            continue
        parts = parse_single_name_into_parts(name)
        names.append(_plain(" ".join([*parts.first, *parts.von, *parts.last, *parts.jr])))
    return ", ".join(names)


def _plain(value: str) -> str:
    """LaTeX as it is printed, in Unicode and on one line."""
    if not _LATEX.search(value):
        return " ".join(value.split())
    return " ".join(_printer().latex_to_text(value).split())


@cache
def _printer() -> "LatexNodes2Text":
    from pylatexenc.latex2text import LatexNodes2Text, MacroTextSpec, get_default_latex_context_db

    known = get_default_latex_context_db()
    known.add_context_category("medinst", prepend=True, macros=[MacroTextSpec("url", simplify_repl="%s")])
    return LatexNodes2Text(latex_context=known, math_mode="text")
