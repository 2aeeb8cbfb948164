"""Dataset-tasks: what is asked about the records of one part of a source, and in which form it is answered."""

from typing import Literal, Self

from pydantic import Field, model_validator

from schemas.base import Line, Model, Slug, TaskName

Category = Literal["NER", "NED", "RE", "COREF", "EE", "QA", "TE", "STS", "TXTCLASS", "TEXTPAIRCLASS", "TRANSL", "SUM"]
Split = Literal["train", "dev", "test"]
SPLITS: tuple[Split, ...] = ("train", "dev", "test")

Wording = Literal["standard", "short", "guideline"]
"""How an instruction is worded: as releases have it, in one or two sentences, or as a guideline for annotators."""
WORDINGS: tuple[Wording, ...] = ("standard", "short", "guideline")
STANDARD: Wording = "standard"

CATEGORIES: dict[str, str] = {
    "NER": "named entity recognition",
    "NED": "named entity disambiguation",
    "RE": "relation extraction",
    "COREF": "coreference resolution",
    "EE": "event extraction",
    "QA": "question answering",
    "TE": "textual entailment",
    "STS": "semantic textual similarity",
    "TXTCLASS": "text classification",
    "TEXTPAIRCLASS": "text pair classification",
    "TRANSL": "translation",
    "SUM": "summarisation",
}


class Task(Model):
    """Base of all dataset-tasks.

    Attributes:
        name: the task's name in Table 11.
        part: the part of the source whose records are asked about.
        parts: several parts, where the task joins them.
        asks: part -> the line before its inputs, of a task that joins parts in which different things are asked.
    """

    name: TaskName
    part: Slug = "main"
    parts: tuple[Slug, ...] = ()
    asks: dict[Slug, Line] = Field(default_factory=lambda: {})

    @model_validator(mode="after")
    def _asks_its_parts(self) -> Self:
        if self.asks and self.asks.keys() != set(self.reads):
            raise ValueError(f"{self.name} asks {list(self.asks)}, but reads {list(self.reads)}")
        return self

    @property
    def reads(self) -> tuple[str, ...]:
        """The parts whose records are asked about, in the order of their samples."""
        return self.parts or (self.part,)

    @property
    def category(self) -> Category:
        """The paper's category."""
        raise NotImplementedError

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels an answer may hold, as the model reads them; none where answers are free."""
        return ()


class Typed(Task):
    """Base of tasks about entities, relations or events of declared types.

    Attributes:
        types: type in the records -> its name in instructions and answers.
        ignore: types known and left out on purpose.
    """

    types: dict[str, Line] = Field(min_length=1)
    ignore: tuple[str, ...] = ()

    @property
    def labels(self) -> tuple[str, ...]:
        """The names of the types."""
        return tuple(dict.fromkeys(self.types.values()))


class Ner(Typed):
    """Which entities does the text mention?

    Attributes:
        answer: `brackets`: `[entity <type>]` in text order. `bio`: every token with its tag.
        keep: whether texts and sentences without an entity are asked about too (`all`), as the paper counts some
            corpora.
    """

    answer: Literal["brackets", "bio"] = "brackets"
    keep: Literal["annotated", "all"] = "annotated"

    @property
    def category(self) -> Category:
        """Named entity recognition."""
        return "NER"


class Ned(Task):
    """Which concept of a database does each entity stand for?

    Attributes:
        databases: the databases whose identifiers are answers.
        per: `document`: the mentions of a text. `phrase`: the text is itself the one mention. `mark`: the one mention
            is a word that is marked in the text.
    """

    databases: tuple[Line, ...] = Field(min_length=1)
    per: Literal["document", "phrase", "mark"] = "document"

    @property
    def category(self) -> Category:
        """Named entity disambiguation."""
        return "NED"

    @property
    def labels(self) -> tuple[str, ...]:
        """The names of the databases."""
        return self.databases


class Re(Typed):
    """Which relations between two entities does the text state?"""

    @property
    def category(self) -> Category:
        """Relation extraction."""
        return "RE"


class Coref(Task):
    """Which further mentions stand for the same thing as a given one? One sample a chain."""

    @property
    def category(self) -> Category:
        """Coreference resolution."""
        return "COREF"


class Ee(Typed):
    """Which events does the text report, by which word, and what is their theme?"""

    @property
    def category(self) -> Category:
        """Event extraction."""
        return "EE"


class Qa(Task):
    """A question, with or without context and choices.

    Attributes:
        choices: the answers that are possible for every question, such as yes, no and maybe.
    """

    choices: tuple[Line, ...] = ()

    @property
    def category(self) -> Category:
        """Question answering."""
        return "QA"

    @property
    def labels(self) -> tuple[str, ...]:
        """The possible answers."""
        return self.choices


class Classes(Task):
    """Base of tasks that choose labels.

    Attributes:
        classes: label in the records -> its name in instructions and answers.
        multiple: whether an answer may hold several labels.
    """

    classes: dict[str, Line] = Field(min_length=2)
    multiple: bool = False

    @property
    def labels(self) -> tuple[str, ...]:
        """The names of the labels."""
        return tuple(dict.fromkeys(self.classes.values()))


class PairClasses(Classes):
    """Base of tasks that choose the label of two texts.

    Attributes:
        first: what the first text is called in the input; None where the records have the second alone, and what it
            is judged by is a work that the instruction names.
        second: what the second text is called in the input.
    """

    first: Line | None
    second: Line


class Te(PairClasses):
    """Does one text entail, support or contradict another?"""

    @property
    def category(self) -> Category:
        """Textual entailment."""
        return "TE"


class TextPairClass(PairClasses):
    """Which class does a pair of texts belong to?"""

    @property
    def category(self) -> Category:
        """Text pair classification."""
        return "TEXTPAIRCLASS"


class TxtClass(Classes):
    """Which class, or classes, does a text belong to?"""

    @property
    def category(self) -> Category:
        """Text classification."""
        return "TXTCLASS"


class Sts(Task):
    """How similar are two texts, as an integer from 0 to 5?

    Attributes:
        scale: lowest and highest score of the source; scores are mapped linearly to 0..5 and rounded half up.
        first: what the first text is called in the input.
        second: what the second text is called in the input.
    """

    scale: tuple[float, float]
    first: Line = "Sentence 1"
    second: Line = "Sentence 2"

    @model_validator(mode="after")
    def _ascending(self) -> Self:
        if self.scale[0] >= self.scale[1]:
            raise ValueError(f"scale {self.scale} does not ascend")
        return self

    @property
    def category(self) -> Category:
        """Semantic textual similarity."""
        return "STS"

    @property
    def labels(self) -> tuple[str, ...]:
        """The integers from 0 to 5."""
        return tuple("012345")


class Transl(Task):
    """Translate a text."""

    @property
    def category(self) -> Category:
        """Translation."""
        return "TRANSL"


class Sum(Task):
    """Summarise a text."""

    @property
    def category(self) -> Category:
        """Summarisation."""
        return "SUM"
