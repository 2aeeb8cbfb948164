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
"""

import re
from collections.abc import Iterator, Sequence
from typing import Generic, TypeVar

from tasks.build.render.brackets import NOTHING, Unparsable, items, plain, quoted
from tasks.build.render.labels import Entity, Tag, Triple

_TAG = re.compile(r"(\S+) \[([BIO])\](?: |$)")

Labels = TypeVar("Labels")


class Form(Generic[Labels]):
    """One form of answers.

    Attributes:
        name: its name.
        sentence: what an instruction says about it.
    """

    name: str
    sentence: str

    def write(self, labels: Labels) -> str:
        """Write labels as an answer."""
        raise NotImplementedError

    def parse(self, answer: str) -> Labels:
        """Read an answer.

        Raises:
            Unparsable: the text is not of this form.
        """
        raise NotImplementedError

    def names(self, labels: Labels) -> Iterator[str]:  # noqa: ARG002  forms without labels have none
        """The labels that a task must declare."""
        yield from ()


class _Listed(Form[Sequence[Labels]], Generic[Labels]):
    """A list of bracketed items."""

    def write(self, labels: Sequence[Labels]) -> str:
        return ", ".join(f"[{self._write(label)}]" for label in labels) or NOTHING

    def parse(self, answer: str) -> Sequence[Labels]:
        return [self._parse(item) for item in items(answer)]

    def _write(self, label: Labels) -> str:
        raise NotImplementedError

    def _parse(self, item: str) -> Labels:
        raise NotImplementedError


class Entities(_Listed[Entity]):
    """Mentions with their types, in text order."""

    name = "entities"
    sentence = (
        "Answer with one [entity <type>] per entity, in text order, separated by commas; "
        "join the parts of a discontinuous mention with spaces."
    )

    def _write(self, label: Entity) -> str:
        return f"{quoted(label.mention)} <{quoted(label.type, angles=True)}>"

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
    sentence = (
        "Answer with one [entity <database/identifier>] per entity, in text order, separated by commas; "
        "repeat an entity that stands for several concepts."
    )

    def __init__(self, per: str = "document") -> None:
        if per == "phrase":
            self.sentence = "Answer with [phrase <database/identifier>], copying the phrase exactly."
        elif per == "mark":
            self.sentence = "Answer with [word <database/identifier>], copying the marked word without the marks."

    def names(self, labels: Sequence[Entity]) -> Iterator[str]:
        yield from (label.type.partition("/")[0] for label in labels)


class Relations(_Listed[Triple]):
    """Relations between two entities."""

    name = "relations"
    sentence = "Answer with one [<entity> <relation> <entity>] per relation, in any order, separated by commas."

    def _write(self, label: Triple) -> str:
        return " ".join(f"<{quoted(text, angles=True)}>" for text in label)

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
    sentence = (
        "Answer with one [<type> <trigger> <theme>] per event and theme entity, in the order of the triggers, "
        "separated by commas."
    )

    def names(self, labels: Sequence[Triple]) -> Iterator[str]:
        yield from (label.first for label in labels)


class Mentions(_Listed[str]):
    """The other mentions of the same thing."""

    name = "mentions"
    sentence = "Answer with one [mention] per mention, in text order, separated by commas."

    def _write(self, label: str) -> str:
        return quoted(label)

    def _parse(self, item: str) -> str:
        if not item:
            raise Unparsable("a mention is empty")
        return plain(item)


class Tags(Form[Sequence[Tag]]):
    """Every word with its tag."""

    name = "tags"
    sentence = (
        "Answer with every word followed by its tag: [B] for the first word of an entity, [I] for its further words, "
        "[O] for a word outside entities."
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


class Classes(Form[Sequence[str]]):
    """One label, or several separated by commas."""

    name = "labels"
    sentence = "Answer with only the label."

    def __init__(self, multiple: bool = False) -> None:
        if multiple:
            self.sentence = "Answer with only the labels, separated by commas."

    def write(self, labels: Sequence[str]) -> str:
        return ", ".join(labels)

    def parse(self, answer: str) -> Sequence[str]:
        found = answer.split(", ")
        if "" in found:
            raise Unparsable("a label is empty")
        return found

    def names(self, labels: Sequence[str]) -> Iterator[str]:
        yield from labels


class Score(Form[int]):
    """An integer from 0 to 5."""

    name = "score"
    sentence = "Answer with one integer from 0 to 5."

    def write(self, labels: int) -> str:
        return str(labels)

    def parse(self, answer: str) -> int:
        if re.fullmatch("[0-5]", answer) is None:
            raise Unparsable(f"{answer[:60]!r} is not an integer from 0 to 5")
        return int(answer)


class FreeText(Form[str]):
    """Any text that is not blank."""

    name = "text"
    sentence = ""

    def __init__(self, sentence: str = "") -> None:
        self.sentence = sentence

    def write(self, labels: str) -> str:
        return labels

    def parse(self, answer: str) -> str:
        if not answer.strip():
            raise Unparsable("the answer is empty")
        return answer
