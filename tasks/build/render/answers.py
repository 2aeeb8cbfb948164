r"""The answer grammar: how labels become the text of an answer, and how that text is read again.

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

A backslash makes the bracket, angle or backslash after it an ordinary character. It is written only where a mention
would otherwise be read wrongly: square brackets that pair up within a mention stay as they are.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Generic, NamedTuple, TypeVar

NOTHING = "none"
"""The answer where there is nothing to list."""

_SPECIAL = re.compile(r"\\([\\\[\]<>])")
_TAG = re.compile(r"(\S+) \[([BIO])\](?: |$)")

Labels = TypeVar("Labels")


class Unparsable(ValueError):
    """A text is not an answer of the form; the message says where and why."""


class Entity(NamedTuple):
    """A mention and its type, or its `database/identifier`."""

    mention: str
    type: str


class Triple(NamedTuple):
    """Three texts: entity, relation, entity; or event type, trigger, theme."""

    first: str
    second: str
    third: str


class Tag(NamedTuple):
    """A word and one of B, I and O."""

    word: str
    tag: str


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


def quoted(text: str, angles: bool = False) -> str:
    """A text as it stands within brackets: on one line, with a backslash before what would be misread.

    Args:
        text: a mention, type or identifier.
        angles: whether the text stands within `<` and `>`.
    """
    text = " ".join(text.split()).replace("\\", "\\\\")
    if not _balanced(text):
        text = text.replace("[", "\\[").replace("]", "\\]")
    return text.replace("<", "\\<").replace(">", "\\>") if angles else text


def _balanced(text: str) -> bool:
    depth = 0
    for character in text:
        depth += (character == "[") - (character == "]")
        if depth < 0:
            return False
    return depth == 0


def _plain(text: str) -> str:
    return _SPECIAL.sub(r"\1", text)


def items(answer: str) -> list[str]:
    """The contents of the outermost brackets, still quoted.

    Raises:
        Unparsable: a bracket is not closed, or something other than `, ` stands between the brackets.
    """
    if answer == NOTHING:
        return []
    found: list[str] = []
    last = 0
    for start, end in _outermost(answer):
        if answer[last:start] != (", " if found else ""):
            raise Unparsable(f"{answer[last:start][:60]!r} stands before item {len(found) + 1}")
        found.append(answer[start + 1 : end])
        last = end + 1
    if last != len(answer) or not found:
        raise Unparsable(f"{answer[last:][:60]!r} is not an item in brackets")
    return found


def _outermost(answer: str) -> Iterator[tuple[int, int]]:
    """The places of the outermost brackets."""
    depth = start = 0
    for match in re.finditer(r"\\.|[\[\]]", answer):
        if match.group() == "[":
            start = start if depth else match.start()
            depth += 1
        elif match.group() == "]":
            depth -= 1
            if depth == 0:
                yield start, match.start()
            elif depth < 0:
                raise Unparsable(f"a bracket closes at {match.start()} that never opened")
    if depth:
        raise Unparsable(f"the bracket at {start} is not closed")


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
        return Entity(_plain(mention), _plain(type_[:-1]))

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
        return Triple(*(_plain(text) for text in texts))

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
    """Further mentions of one thing."""

    name = "mentions"
    sentence = "Answer with one [mention] per mention, in text order, separated by commas."

    def _write(self, label: str) -> str:
        return quoted(label)

    def _parse(self, item: str) -> str:
        if not item:
            raise Unparsable("a mention is empty")
        return _plain(item)


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
    """Any text that says something."""

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
