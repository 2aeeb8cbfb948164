"""Tokens and their tags as documents: one a sentence, its tokens joined by spaces, its entities runs of tags.

An entity begins at `B-<type>`, or at `I-<type>` where none of that type goes on.
"""

import re
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import count

from schemas.formats import Tagged
from schemas.records import Document, Entity, Reject
from tasks.build.read import Files, Found, plain, read
from tasks.build.read.each import each_file
from tasks.build.read.text import lines
from tasks.build.unpack import Member

_TAG = re.compile(r"O|[BI]-\S+")


@read.register
def _(options: Tagged, files: Files) -> Found:
    yield from each_file(plain(files), partial(_sentences, options, count()))


def _sentences(options: Tagged, numbers: Iterator[int], member: Member) -> Found:
    sentence: list[tuple[str, str]] = []
    for row in (*lines(member, options.encoding), ""):
        token, _, tag = row.partition("\t")
        if row.strip() and token.strip() != options.document:
            sentence.append((token.strip(), tag.strip()))
        elif sentence and not row.strip():
            yield _document(f"{next(numbers)}", sentence, member.name)
            sentence = []


def _document(id_: str, sentence: list[tuple[str, str]], name: str) -> Document | Reject:
    for token, tag in sentence:
        if not token or _TAG.fullmatch(tag) is None:
            fault = f"expected token<TAB>tag, found {token!r}, {tag!r}"
            return Reject(id_, "malformed line", f"{name}, sentence {id_}: {fault}")
    return Document(id_, " ".join(token for token, _ in sentence), tuple(_entities(sentence)))


def _entities(sentence: Iterable[tuple[str, str]]) -> list[Entity]:
    found: list[Entity] = []
    start, last = 0, "O"
    for token, tag in sentence:
        end = start + len(token)
        if tag[0] == "I" and last[2:] == tag[2:]:
            entity = found.pop()
            found.append(entity._replace(spans=((entity.spans[0][0], end),), text=f"{entity.text} {token}"))
        elif tag != "O":
            found.append(Entity(f"T{len(found) + 1}", tag[2:], ((start, end),), token))
        start, last = end + 1, tag
    return found
