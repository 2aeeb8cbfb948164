"""Two folders of text files: those called alike, but for the end of the name, are translations of each other."""

import polars as pl

from schemas.errors import FormatError
from schemas.formats import PairedTexts
from schemas.records import Reject
from tasks.build.read import Files, Table, read
from tasks.build.read.each import each, sound
from tasks.build.read.text import decode
from tasks.build.unpack import Member


@read.register
def _(options: PairedTexts, files: Files) -> Table:
    sides = {role: _by_stem(options, files, role, suffix) for role, suffix in options.suffixes.items()}
    source, target = sides.get("source", {}), sides.get("target", {})
    paired = [stem for stem in source if stem in target]
    rejects = [
        Reject(stem, "no counterpart", f"`{member.name}` is called like no file of the role `{other}`")
        for role, other in (("source", "target"), ("target", "source"))
        for stem, member in sides.get(role, {}).items()
        if stem not in sides.get(other, {})
    ]

    def pair(stem: str) -> list[tuple[str, ...]]:
        return [(stem, *(decode(side[stem], options.encoding).strip() for side in (source, target)))]

    rows = list(sound(each(paired, pair, str), rejects))
    columns = ("id", "text", "translation")
    return Table(pl.LazyFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row"), rejects)


def _by_stem(options: PairedTexts, files: Files, role: str, suffix: str) -> dict[str, Member]:
    """The files of a role by what their names begin with.

    Raises:
        FormatError: no name of the role ends as declared.
    """
    members = files.get(role, ())
    found = {
        member.name.rsplit("/", 1)[-1].removesuffix(suffix): member
        for member in members
        if member.name.endswith(suffix)
    }
    if not found:
        names = [member.name for member in members][:3]
        raise FormatError(f"`{role}`: expected files whose names end with `{suffix}`, found {names}.")
    return found
