"""Layers of labels for the tokens of a text: one code a token in files of their own, or votes of people in JSON.

    documents/7.tokens         layers/outcomes/7.AGGREGATED.ann
    Sleep                      1
    improved                   0
    .                          0

The text of a record is the tokens joined by spaces, so that the offsets follow from them.
"""

import json
from collections.abc import Mapping, Sequence
from itertools import accumulate, groupby
from operator import itemgetter
from typing import Any

from schemas.errors import FormatError
from schemas.formats import TokenLabels, TokenVotes
from schemas.records import Document, Entity, Reject
from tasks.build.read import UNLISTED, Files, Found, by_place, fault, one, read
from tasks.build.read.each import each
from tasks.build.read.text import decode, lines
from tasks.build.unpack import Member

_Types = list[str | None]
"""For each token the type of the entity that it belongs to."""


@read.register
def _(options: TokenLabels, files: Files) -> Found:
    layers: dict[str, dict[str, Member]] = {}
    for layer in options.types:
        for member in files.get(layer, ()):
            codes = layers.setdefault(_stem(member), {})
            if f"/{options.folder}/" in f"/{member.name}":
                codes[layer] = member
    tokens = {_stem(member): member for member in files.get("tokens", ())}

    def document(id_: str) -> Found:
        if id_ in tokens:
            yield _labelled(options, id_, tokens[id_], layers[id_])
        else:
            yield Reject(id_, "annotations without a text", "no file with its tokens")

    yield from each(sorted(layers), document, str)
    for id_ in sorted(set(tokens).difference(layers)):
        yield Reject(id_, UNLISTED, "no layer of a split has a file of it")


def _stem(member: Member) -> str:
    return member.name.rsplit("/", 1)[-1].partition(".")[0]


def _labelled(options: TokenLabels, id_: str, tokens: Member, layers: Mapping[str, Member]) -> Document | Reject:
    words = lines(tokens, options.encoding)
    types: list[_Types] = []
    for layer, member in layers.items():
        codes = [code.strip() for code in lines(member, options.encoding)]
        known = {"0": None, **options.types[layer]}
        if unknown := [code for code in codes if code not in known]:
            return Reject(id_, "malformed document", f"{member.name}: {unknown[0]!r} is not a code of this layer")
        types.append([known[code] for code in codes])
    return _document(id_, words, types)


@read.register
def _(options: TokenVotes, files: Files) -> Found:
    layers = {layer: _object(options, one(files, layer)) for layer in options.types}
    sentences = _object(options, one(files, "sentences"))
    for id_, sentence in sentences.items():
        try:
            id_.encode()
            sentence.encode()
            types = [
                [options.types[layer] if chosen else None for chosen in _chosen(votes[id_][options.votes])]
                for layer, votes in layers.items()
            ]
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            yield Reject(_printable(id_), "malformed sentence", fault(error))
        else:
            yield _document(id_, sentence.split(" "), types)
    strays = {id_: layer for layer, votes in layers.items() for id_ in votes if id_ not in sentences}
    for id_, layer in sorted(strays.items()):
        yield Reject(_printable(id_), "annotations without a text", f"layer {layer}: no sentence has this id")


def _chosen(votes: Sequence[Sequence[int]]) -> list[bool]:
    """For each token whether more than half of the people chose it."""
    if not votes or any(vote not in (0, 1) for each in votes for vote in each):
        raise ValueError(f"expected lists of 0 and 1, found {votes!r}"[:200])
    return [2 * sum(each) > len(votes) for each in zip(*votes, strict=True)]


def _object(options: TokenVotes, member: Member) -> dict[str, Any]:
    try:
        value = json.loads(decode(member, options.encoding), object_pairs_hook=_once)
        if not isinstance(value, dict):
            raise ValueError("it is a list or a plain value")
    except (ValueError, RecursionError) as error:
        raise FormatError(f"`{member.name}` is not a JSON object by id: {error}.", file=member.name) from error
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key comes twice")
    return found


def _printable(id_: str) -> str:
    return id_.encode("utf-8", "replace").decode()


def _document(id_: str, words: Sequence[str], layers: Sequence[_Types]) -> Document | Reject:
    """A document of tokens, an entity for each run of tokens of one type."""
    for types in layers:
        if len(types) != len(words):
            return Reject(id_, "malformed document", f"{len(words)} tokens have {len(types)} labels")
    text = " ".join(words)
    starts = list(accumulate((len(word) + 1 for word in words), initial=0))
    found: list[Entity] = []
    for types in layers:
        for type_, run in groupby(enumerate(types), key=itemgetter(1)):
            if type_ is not None:
                places = [place for place, _ in run]
                span = (starts[places[0]], starts[places[-1] + 1] - 1)
                found.append(Entity(f"T{len(found) + 1}", type_, (span,), text[slice(*span)]))
    return Document(id_, text, tuple(sorted(found, key=by_place)))
