"""Sentences of tokens with their tags, and a table of mentions that gives the numbers of their tokens.

@@7 The/TAG gene/TAG p53/TAG ./.     a sentence: what stands before a token's last slash is the token
@@7|2 2|p53                          a mention: its first and last token, from 0
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import accumulate

from schemas.formats import TokenSpans
from schemas.records import Document, Entity, Reject
from tasks.build.read import STRAY, Files, Found, by_place, one, read
from tasks.build.read.text import lines
from tasks.build.unpack import Member

_Mentions = dict[str, list[tuple[int, int, str] | str]]
"""The mentions of each sentence; one that cannot be read as its line."""

_MENTION = re.compile(r"(@@[^|\s]+)\|(\d{1,9}) (\d{1,9})(?:\|(.+)|([^|\d].*))")
"""The bar before a mention may be missing: that the mention is the text of its tokens is checked afterwards."""


_BEGINS = re.compile(r"@@[^|\s]+")


@read.register
def _(options: TokenSpans, files: Files) -> Found:
    mentions: _Mentions = defaultdict(list)
    sentences, table = one(files, "sentences"), one(files, "mentions")
    yield from _mentions(options, table, mentions)
    for number, row in enumerate(lines(sentences, options.encoding), 1):
        id_, *words = row.split(" ")
        tokens = [word.rpartition("/")[0] for word in words]
        if not (id_.startswith("@@") and tokens and all(tokens)):
            yield Reject(f"{sentences.name}:{number}", "malformed line", f"expected @@id token/TAG …: {row[:80]!r}")
        else:
            yield _document(options, id_, tokens, mentions.pop(id_, []))
    for orphan in sorted(mentions):
        yield Reject(orphan, "annotations without a text", f"no line of `{sentences.name}` has this id")


def _mentions(options: TokenSpans, table: Member, into: _Mentions) -> Iterator[Reject]:
    for number, row in enumerate(lines(table, options.encoding), 1):
        if (found := _MENTION.fullmatch(row)) is None:
            told = f"{table.name}:{number}: expected @@id|first last|mention, found {row[:80]!r}"
            if (begins := _BEGINS.match(row)) is None:
                yield Reject(f"{table.name}:{number}", STRAY, told)
            else:
                into[begins[0]].append(told)
        else:
            id_, first, last, mention, without = found.groups()
            into[id_].append((int(first), int(last), mention or without))


def _document(
    options: TokenSpans, id_: str, tokens: list[str], mentions: list[tuple[int, int, str] | str]
) -> Document | Reject:
    starts = [0, *accumulate(len(token) + 1 for token in tokens)]
    entities: list[Entity] = []
    for number, found in enumerate(mentions, 1):
        if isinstance(found, str):
            return Reject(id_, "malformed line", found)
        first, last, mention = found
        if last >= len(tokens):
            return Reject(id_, "malformed line", f"a mention ends with token {last}, there are {len(tokens)}")
        entities.append(Entity(f"T{number}", options.type, ((starts[first], starts[last + 1] - 1),), mention))
    return Document(id_, " ".join(tokens), tuple(sorted(entities, key=by_place)))
