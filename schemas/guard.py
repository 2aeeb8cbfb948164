"""Guard: whether a training set holds what a model is tested on, and how that is reported."""

from typing import Literal

from pydantic import Field

from schemas.audit import Kind
from schemas.base import Model

MEDINST32 = "medinst32"
"""What `--against` calls the newest benchmark of the root."""

CONTAINED = 0.82
"""Share of the shingles of a test text that a row holds if it has a near duplicate of it: of two texts of equal length
with a Jaccard index of 0.7 (schemas/audit.py), each has 2 * 0.7 / 1.7 of the shingles of the other."""

FEWEST = 3
"""Words of the shortest test text that is looked for: fewer, such as a heading, are the whole text of many a row."""

COMMON = 256
"""Test texts that may share a sequence of words; one that more of them share (the words with which every question of a
test begins) is not looked for."""

Colour = Literal["brightgreen", "orange", "red"]


class Looked(Model):
    """What was looked at: the training set, or one set of tests.

    Attributes:
        name: as the user called it, or the task of the benchmark.
        layouts: how its rows are laid out; layout -> rows.
        files: how many.
        rows: rows of the training set, or samples of the test.
        empty: those of them without any text.
        sha256: of the names and bytes of its files; of a benchmark, of its manifest.
    """

    name: str
    layouts: dict[str, int] = Field(default_factory=lambda: {})
    files: int
    rows: int
    empty: int = 0
    sha256: str


class Touched(Model):
    """How much of one set of tests a training set holds.

    Attributes:
        name: of the test.
        samples: in it.
        short: those whose texts have fewer than eight words: they are found only where a whole field equals them, and
            not at all if they have fewer than three.
        touched: samples that any row touches.
        kinds: the same by kind.
        rows: rows of the training set that touch it.
        quoted: whether its words are shown as evidence: not where its licence forbids to pass them on.
    """

    name: str
    samples: int
    short: int
    touched: int
    kinds: dict[Kind, int]
    rows: int
    quoted: bool = True


class Finding(Model):
    """A row of the training set that touches a sample of a test.

    Attributes:
        file: the file of the row, relative to the training set.
        row: its number in the file, from 1.
        test: name of the test.
        sample: id of the first sample with that text.
        samples: samples with that text.
        kind: the strongest evidence.
        share: the share of the test text that the row holds: of its sequences of words, or of its shingles.
        words: the words in common, or the document; empty where the licence of the test forbids to quote it.
    """

    file: str
    row: int
    test: str
    sample: str
    samples: int
    kind: Kind
    share: float
    words: str


class Stock(Model):
    """Words that are boilerplate.

    Attributes:
        words: the sequence; empty where no test that may be quoted has it.
        tests: test texts that have it.
    """

    words: str
    tests: int


class Guarded(Model):
    """What `medinst guard` found.

    Attributes:
        data: the training set.
        against: what it was compared with: each folder and benchmark.
        tests: each test.
        unclean: rows that touch a test.
        kinds: rows by their strongest kind.
        boilerplate: sequences of words that are in too many texts to tell anything, most tests first.
        stock: how many such sequences there are.
        findings: examples; all of them are in findings.parquet.
        seconds: of wall time.
    """

    data: Looked
    against: tuple[Looked, ...]
    tests: tuple[Touched, ...]
    unclean: int
    kinds: dict[Kind, int]
    boilerplate: tuple[Stock, ...] = ()
    stock: int = 0
    findings: tuple[Finding, ...] = ()
    seconds: float = 0.0

    @property
    def clean(self) -> bool:
        """Whether no row touches a test."""
        return not self.unclean

    @property
    def message(self) -> str:
        """What the badge says: a share that is not 0 is never shown as 0."""
        if self.clean:
            return "clean"
        share = self.unclean / self.data.rows
        return f"{self.unclean:,} of {self.data.rows:,} rows ({'<0.01 %' if share < 0.0001 else f'{share:.2%}'})"

    @property
    def colour(self) -> Colour:
        """Green if clean, orange below one row in a hundred, else red."""
        if self.clean:
            return "brightgreen"
        return "orange" if self.unclean / self.data.rows < 0.01 else "red"
