"""Standoff files of brat and the BioNLP shared tasks: which texts there are, and which annotations belong to each.

The texts are files beside their annotations, files in another folder, or the lines of one table.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from schemas.formats import Standoff
from schemas.records import Reject
from tasks.build.read import Files, Found, one, plain, read
from tasks.build.read.each import each
from tasks.build.read.standoff_lines import Lines
from tasks.build.read.text import decode, lines
from tasks.build.unpack import Member

LACKING = "text without annotations"
"""The reason of a reject for a text without one of the files that annotate the others."""


@read.register
def _(options: Standoff, files: Files) -> Found:
    members: dict[str, Member] = {}
    for member in plain(files):
        if members.setdefault(_name(options, member), member) is not member:
            yield Reject(member.name, "repeated file", "an earlier file of the split has this name")
    known: set[str] = set()
    suffixes = [suffix for suffix in options.annotations if any(name.endswith(suffix) for name in members)]
    suffixes = suffixes or list(options.annotations[:1])

    def document(text: _Text) -> Found:
        stem, decoded = text
        if isinstance(decoded, Reject):
            yield decoded
            return
        known.add(stem)
        if missing := [suffix for suffix in suffixes if stem + suffix not in members]:
            yield Reject(_id(stem), LACKING, f"expected its annotations in `{_id(stem)}{missing[0]}`")
        else:
            yield from Lines(options, stem, decoded(), [members[stem + suffix] for suffix in suffixes]).found()

    yield from each(list(_texts(options, files, members)), document, lambda text: _id(text[0]))
    for name in members:
        stem = next((name.removesuffix(suffix) for suffix in options.annotations if name.endswith(suffix)), None)
        if stem is not None and stem not in known:
            yield Reject(name, "annotations without a text", f"expected {_expected(options, stem)}")


def _id(stem: str) -> str:
    return stem.rsplit("/", 1)[-1]


def _name(options: Standoff, member: Member) -> str:
    return member.name if options.texts == "beside" else member.name.rsplit("/", 1)[-1]


_Text = tuple[str, Callable[[], str] | Reject]
"""What the names of a text's annotations begin with, and how to get the text."""


def _texts(options: Standoff, files: Files, members: Mapping[str, Member]) -> Iterator[_Text]:
    if options.texts == "lines":
        table = one(files, "texts")
        for number, row in enumerate(lines(table, options.encoding), 1):
            id_, tab, text = row.partition("\t")
            known = "expected an id, a tab and a text"
            yield id_, partial(str, text) if id_ and tab else Reject(f"{table.name}:{number}", "malformed line", known)
        return
    for name, member in members.items():
        stem, dot, suffix = name.rpartition(".txt")
        if dot and not suffix:
            yield stem, partial(decode, member, options.encoding)


def _expected(options: Standoff, stem: str) -> str:
    match options.texts:
        case "beside":
            return f"`{stem}.txt` beside it"
        case "apart":
            return f"`{stem}.txt` in another folder"
        case "lines":
            return f"a line of the texts that begins with `{stem}`"
