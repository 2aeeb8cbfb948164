"""XML with one element a claim: pairs of claims that answer a question alike, differently, or not the same one.

Of the pairs on different questions, which are by far the most, a number is drawn: those of the lowest hashes, so that
the draw depends on the claims alone.
"""

import heapq
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from itertools import combinations
from typing import NamedTuple

import polars as pl
from lxml import etree

from schemas.formats import XmlClaims
from schemas.records import Reject
from tasks.build.read import Files, Table, plain, read
from tasks.build.read.each import each_file, sound
from tasks.build.read.xml import parse, text_of

_COLUMNS = ("id", "first", "second", "label")


class _Claim(NamedTuple):
    number: int
    text: str
    question: str
    answer: str


_Two = tuple[_Claim, _Claim]


@read.register
def _(options: XmlClaims, files: Files) -> Table:
    claims: list[_Claim] = []
    rejects: list[Reject] = []
    found = each_file(
        plain(files), lambda member: [(member.name, element) for element in parse(member).iter(options.row)]
    )
    elements = list(sound(found, rejects))
    for number, (name, element) in enumerate(elements, 1):
        claim = _Claim(
            number, text_of(element), *(_attribute(element, key) for key in (options.question, options.answer))
        )
        if all(claim):
            claims.append(claim)
        else:
            wanted = f"a text, `{options.question}` and `{options.answer}`"
            rejects.append(Reject(f"{name}#{number}", "malformed row", f"line {element.sourceline}: expected {wanted}"))
    chosen = [*_same_question(claims), *_neutral(claims, options.neutral)]
    rows = [(f"{a.number}-{b.number}", _asked(a), b.text, _label(a, b)) for a, b in sorted(chosen)]
    return Table(pl.LazyFrame(rows, schema=dict.fromkeys(_COLUMNS, pl.String), orient="row"), rejects)


def _attribute(element: etree._Element, key: str) -> str:
    return " ".join(element.get(key, "").split())


def _same_question(claims: Sequence[_Claim]) -> Iterator[_Two]:
    return ((a, b) for a, b in combinations(claims, 2) if a.question == b.question)


def _neutral(claims: Sequence[_Claim], wanted: int) -> list[_Two]:
    """Pairs of claims on different questions, if these have no claim in common."""
    asked: dict[str, set[str]] = {}
    for claim in claims:
        asked.setdefault(claim.text, set()).add(claim.question)
    alike = {two for questions in asked.values() for two in combinations(sorted(questions), 2)}
    apart = (
        (a, b)
        for a, b in combinations(claims, 2)
        if a.question != b.question and (min(a.question, b.question), max(a.question, b.question)) not in alike
    )
    return heapq.nsmallest(wanted, apart, key=lambda two: _hash(*two))


def _hash(a: _Claim, b: _Claim) -> bytes:
    return blake2b("\n".join((a.text, b.text)).encode(), digest_size=16).digest()


def _asked(claim: _Claim) -> str:
    """A claim after its question: whether claims agree can only be said with a view to one."""
    return f"{claim.question.rstrip('?')}? {claim.text}"


def _label(a: _Claim, b: _Claim) -> str:
    if a.question != b.question:
        return "neutral"
    return "agree" if a.answer == b.answer else "contradict"
