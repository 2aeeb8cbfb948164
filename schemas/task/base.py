"""What all dataset-tasks have."""

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

Answerable = Literal["yes", "partly", "no"]
"""Whether input and instruction determine the answer."""
HOW_ANSWERABLE: dict[Answerable, str] = {
    "yes": "answerable",
    "partly": "only partly answerable",
    "no": "not answerable",
}

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
        name: the task's name; that in Table 11 if the paper has it.
        part: the part of the source whose records are asked about.
        parts: several parts, where the task joins them.
        asks: part -> the line before its inputs, of a task that joins parts in which different things are asked.
        answerable: whether a careful expert could give exactly this answer from instruction and input alone: `yes`,
            `partly` (often, or most of it) or `no`. In free text it is the content that counts.
        because: why not, in plain English, of a task that is not fully answerable.
    """

    name: TaskName
    part: Slug = "main"
    parts: tuple[Slug, ...] = ()
    asks: dict[Slug, Line] = Field(default_factory=lambda: {})
    answerable: Answerable = "yes"
    because: Line | None = None

    @model_validator(mode="after")
    def _asks_its_parts(self) -> Self:
        if self.asks and self.asks.keys() != set(self.reads):
            raise ValueError(f"{self.name} asks {list(self.asks)}, but reads {list(self.reads)}")
        return self

    @model_validator(mode="after")
    def _reason_if_not_answerable(self) -> Self:
        if (self.answerable == "yes") != (self.because is None):
            raise ValueError(
                f"{self.name} is answerable: {self.answerable!r}, with the reason {self.because!r}. "
                "Give `because` if and only if `answerable` is not 'yes'."
            )
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

    @property
    def named(self) -> tuple[str, ...]:
        """The labels that each wording of the instruction has to name."""
        return self.labels
