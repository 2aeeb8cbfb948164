"""What licences ask of whoever uses or passes on the data, and the files in which a copy meets it."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import sources
from schemas.errors import DeclarationError
from schemas.evidence import Evidence
from schemas.licence import Licence, apart
from schemas.source import Source

FOLDER = "licences"
"""The folder of licence texts in whatever is written."""

_TEXTS = Path(__file__).parent / "texts"


def duties(licence: Licence) -> list[str]:
    """What a licence asks of whoever uses the data, in words."""
    terms = licence.terms
    if licence is Licence.UNKNOWN:
        return ["the authors state no licence: ask them before you pass the data on or use it commercially"]
    wanted = (
        (terms.attribution, "attribution: name the authors, link the licence, say what was changed"),
        (terms.copy, "its text: every copy must have it, as the folder `licences` does here"),
        (bool(terms.says), f"every copy must say: {' '.join(map(_quoted, terms.says))}"),
        (not terms.redistribute, "not to be passed on by whoever has no licence of its owner"),
        (not terms.derivatives, "no derivatives: pass on nothing that is made from it"),
        (terms.non_profit, "non-profit: for academic and other non-profit research only"),
        (terms.share_alike, "share alike: what you make from it and pass on keeps this licence"),
        (not terms.commercial, "non-commercial: no use for commercial advantage"),
    )
    return [*(words for holds, words in wanted if holds), *terms.asks] or ["nothing; a citation is good practice"]


def _quoted(line: str) -> str:
    return f'"{line}"'


class Owned(NamedTuple):
    """Whose a task is.

    Attributes:
        source: id of its source.
        licences: what holds for its samples, as the column `licence` joins them.
    """

    source: str
    licences: str


class Notice(NamedTuple):
    """What a version must tell of one source.

    Attributes:
        tasks: its tasks in the version.
        licences: all that hold for them, the source's own first.
        statements: who says so, each with its licence.
        duties: what they ask for.
        says: lines that every copy must show, word for word.
        files: licence texts that every copy must hold.
    """

    source: Source
    tasks: list[str]
    licences: list[Licence]
    statements: list[tuple[Licence, Evidence]]
    duties: list[str]
    says: list[str]
    files: list[str]


def notices(owned: Mapping[str, Owned]) -> list[Notice]:
    """What a version must tell of its sources, sorted by their ids.

    Args:
        owned: its tasks.
    """
    ids = sorted({each.source for each in owned.values()})
    return [
        _notice(sources.find(name), {task: each.licences for task, each in owned.items() if each.source == name})
        for name in ids
    ]


def _notice(source: Source, tasks: Mapping[str, str]) -> Notice:
    licences = list(dict.fromkeys(licence for each in tasks.values() for licence in apart(each)))
    own = [(source.licence, source.evidence)]
    also = [(each.licence, each) for each in source.also if not each.tasks or set(each.tasks) & set(tasks)]
    statements = [(licence, said) for licence, said in (*own, *also) if licence in licences]
    says = [*(line for licence in licences for line in licence.terms.says), *(said.credit for _, said in statements)]
    files = [name for _, said in statements for name in said.enclosed]
    covered = {licence for licence, said in statements if said.enclosed}
    files += [f"{licence.value}.txt" for licence in licences if licence.terms.copy and licence not in covered]
    return Notice(
        source=source,
        tasks=sorted(tasks),
        licences=licences,
        statements=statements,
        duties=list(dict.fromkeys(words for licence in licences for words in duties(licence))),
        says=[line for line in dict.fromkeys(says) if line],
        files=list(dict.fromkeys(files)),
    )


def texts(owned: Mapping[str, Owned]) -> dict[str, str]:
    """The licence texts that a version must hold: path in it -> text.

    Args:
        owned: its tasks.

    Raises:
        DeclarationError: one that a source names is not there.
    """
    names = sorted({name for each in notices(owned) for name in each.files})
    return {f"{FOLDER}/{name}": _text(name) for name in names}


def _text(name: str) -> str:
    places = [_TEXTS / name, *(folder / FOLDER / name for folder in sources.folders())]
    for path in places:
        if path.is_file():
            return path.read_text(encoding="utf-8")
    raise DeclarationError(
        f"tasks/base/licences/texts/{name} is not there, and a licence wants its text in every copy. Put it there, or "
        "for a source of your own into licences/ beside it, or name the right file in `enclosed` of the evidence.",
        file=name,
    )
