"""The answer grammar: how labels are written as the text of an answer, and how that text is parsed.

Each form has `write(labels) -> str` and `parse(str) -> labels`, each the other's inverse. The forms are those of the
paper (see docs/data-model.md):

    entities   [entity <type>], [entity <type>]          NER and, with <database/identifier>, NED
    relations  [<entity> <relation> <entity>]            RE
    events     [<type> <trigger> <theme>]                EE
    mentions   [mention], [mention]                      COREF
    tags       word [B] word [I] word [O]                NER of tokenised sentences
    labels     label, label                              classification, entailment, choices
    score      an integer from 0 to 5                    STS
    text       free text                                 QA, TRANSL, SUM

The last three are in `plain.py`. What a form says of itself in an instruction follows from what the task declares.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Generic

from medinst_eval.grammar.brackets import NOTHING, TRIPLE, TYPE, Unparsable, items, plain, quoted
from medinst_eval.grammar.form import Form, Labels
from medinst_eval.grammar.labels import Entity, Tag, Triple

_TAG = re.compile(r"(\S+) \[([BIO])\](?: |$)")


def listed(labels: Iterable[str]) -> str:
    """Labels as an instruction lists them, each in double quotes."""
    return ", ".join(f'"{label}"' for label in labels)


class _Listed(Form[Sequence[Labels]], Generic[Labels]):
    """A list of bracketed items.

    Attributes:
        asked: what is to be listed, and how.
    """

    asked: str
    separator = ", "
    nothing = NOTHING

    def __init__(self, discontinuous: bool = False, nothing: bool = False) -> None:
        """Say what an answer looks like.

        Args:
            discontinuous: whether mentions may be split.
            nothing: whether an answer may be an empty list.
        """
        split = "If a mention is discontinuous, join its parts with a space, in text order."
        empty = f'If there is nothing to list, answer "{NOTHING}".'
        said = (self.asked.format(self.example), split if discontinuous else "", empty if nothing else "")
        self.sentence = " ".join(filter(None, said))

    def write(self, labels: Sequence[Labels]) -> str:
        return self.separator.join(f"[{self._write(label)}]" for label in labels) or NOTHING

    def parse(self, answer: str) -> Sequence[Labels]:
        return [self._parse(item) for item in items(answer)]

    def _write(self, label: Labels) -> str:
        raise NotImplementedError

    def _parse(self, item: str) -> Labels:
        raise NotImplementedError


class Entities(_Listed[Entity]):
    """Mentions with their types, in text order."""

    name = "entities"
    layout = "[{mention} <{label}>]"
    example = "[aspirin <chemical>], [gastric ulcer <disease>]"
    asked = (
        "List every mention, repeats included, in order of appearance (of two mentions that start together, the "
        "shorter first) as [mention <type>], separated by commas, e.g. {}."
    )

    def _write(self, label: Entity) -> str:
        return f"{quoted(label.mention)} <{quoted(label.type, TYPE)}>"

    def _parse(self, item: str) -> Entity:
        mention, separator, type_ = item.rpartition(" <")
        if not separator or not type_.endswith(">") or not mention:
            raise Unparsable(f"{item[:60]!r} is not `entity <type>`")
        return Entity(plain(mention), plain(type_[:-1]))

    def names(self, labels: Sequence[Entity]) -> Iterator[str]:
        yield from (label.type for label in labels)


class Concepts(Entities):
    """Mentions with their concepts, in text order."""

    name = "concepts"
    layout = "[{mention} <{label}/{identifier}>]"
    example = "[aspirin <MeSH/D001241>]"
    asked = (
        "List every linked mention, repeats included, in order of appearance as [mention <database/identifier>], "
        "separated by commas, e.g. {}. If a mention has several identifiers, write one item for each."
    )

    def names(self, labels: Sequence[Entity]) -> Iterator[str]:
        yield from (label.type.partition("/")[0] for label in labels)


class PhraseConcepts(Concepts):
    """The concept of a phrase."""

    example = "[feeling sick <UMLS/C0027497>]"
    asked = (
        "Answer with the phrase exactly as given and its identifier, as [phrase <database/identifier>], e.g. {}. "
        "If it has several identifiers, write one item for each, separated by commas."
    )


class MarkedConcepts(Concepts):
    """The concept of a marked word."""

    example = "[mi <MeDAL/myocardial infarction>]"
    asked = (
        "Answer with the marked word, without the marks around it, and its identifier, as "
        "[word <database/identifier>], e.g. {}."
    )


class Relations(_Listed[Triple]):
    """Relations between two entities."""

    name = "relations"
    layout = "[<{text}> <{label}> <{text}>]"
    example = "[<aspirin> <induces> <gastric ulcer>]"
    asked = (
        "List the relations in any order as [<first entity> <relation> <second entity>], keeping the angle brackets "
        "and separating items with commas, e.g. {}."
    )

    def __init__(self, discontinuous: bool = False, symmetric: Sequence[str] = (), labels: Sequence[str] = ()) -> None:
        """Say what an answer looks like.

        Args:
            discontinuous: whether mentions may be split.
            symmetric: the relations that have no direction.
            labels: all relations.
        """
        super().__init__(discontinuous)
        if symmetric:
            some = f"For relations without direction ({listed(symmetric)})," if set(symmetric) != set(labels) else ""
            self.sentence += f" {some or 'The relations have no direction:'} put first the entity mentioned first."

    def _write(self, label: Triple) -> str:
        return " ".join(f"<{quoted(text, TRIPLE)}>" for text in label)

    def _parse(self, item: str) -> Triple:
        texts = item[1:-1].split("> <")
        if item[:1] != "<" or item[-1:] != ">" or len(texts) != 3:
            raise Unparsable(f"{item[:60]!r} is not three texts in angle brackets")
        return Triple(*(plain(text) for text in texts))

    def names(self, labels: Sequence[Triple]) -> Iterator[str]:
        yield from (label.second for label in labels)


class Events(Relations):
    """Events by type, trigger and theme."""

    name = "events"
    layout = "[<{label}> <{text}> <{text}>]"
    example = "[<gene expression> <expression> <IL-2>]"
    asked = (
        "For each event and each entity that is its theme, write [<event type> <trigger> <theme>], in the order of "
        "the triggers and separated by commas, e.g. {}."
    )

    def names(self, labels: Sequence[Triple]) -> Iterator[str]:
        yield from (label.first for label in labels)


class Mentions(_Listed[str]):
    """The other mentions of the same thing."""

    name = "mentions"
    layout = "[{mention}]"
    example = "[ASA], [acetylsalicylic acid]"
    asked = "List the other mentions in order of appearance as [mention], separated by commas, e.g. {}."

    def _write(self, label: str) -> str:
        return quoted(label)

    def _parse(self, item: str) -> str:
        if not item:
            raise Unparsable("a mention is empty")
        return plain(item)


class Tags(Form[Sequence[Tag]]):
    """Every word with its tag."""

    name = "tags"
    layout = "{word} [{tag}]"
    separator = " "
    example = "Aspirin [B] is [O] effective [O] . [O]"
    sentence = (
        "Copy every token in order, punctuation included, and put its tag after it: [B] for the first token of an "
        "entity, [I] for a later token of the same entity, [O] for any other token "
        f"(e.g. {example})."
    )

    def write(self, labels: Sequence[Tag]) -> str:
        return " ".join(f"{label.word} [{label.tag}]" for label in labels)

    def parse(self, answer: str) -> Sequence[Tag]:
        found, place = [], 0
        while place < len(answer):
            match = _TAG.match(answer, place)
            if match is None:
                raise Unparsable(f"{answer[place : place + 60]!r} is not a word and its tag")
            found.append(Tag(*match.groups()))
            place = match.end()
        return found
