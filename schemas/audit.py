"""Audits: what counts as a near duplicate and as a leak, and the receipts of looking for them."""

from typing import Literal

from pydantic import Field

from schemas.base import Model
from schemas.licence import Profile
from schemas.place import Place
from schemas.shards import shard
from schemas.task import Split

Kind = Literal["test", "document", "text", "words", "near"]
"""How a training sample leaks into a test. `test`: it is itself a sample of a benchmark's test. `document`: both come
from one publication. `text`: their inputs are equal, word by word. `words`: the training text holds a sequence of
words of the test text. `near`: they are near duplicates."""

KINDS: dict[Kind, str] = {
    "test": "the sample is itself part of a test of the benchmark",
    "document": "same publication",
    "text": "same words",
    "words": "a sequence of words in common",
    "near": "near duplicates",
}
"""Each kind in words, from the strictest evidence to the weakest."""

SHINGLE = 3
"""Words of a shingle: the sets of shingles of two texts are compared."""

THRESHOLD = 0.7
"""Jaccard index of the shingles from which on two texts are near duplicates: of texts of 20 words or more, those that
differ in one word reach it (15 of 21 shingles)."""

LONG = 20
"""Words from which on texts are compared by shingles."""

SHORT = (8, 24)
"""Words of texts that are near duplicates where they differ in one word: changed, inserted or left out. One word of
fewer than eight says something else. Up to 24, so that a short text is compared with one just beyond `LONG`; two that
are both that long are judged by their shingles."""

HASHES, BANDS = 64, 16
"""Slots of a MinHash signature and bands of locality-sensitive hashing: four slots a band bring together texts of a
Jaccard index of 0.7 with a probability of 0.99, of 0.77 (25 words that differ in one) of 0.999."""

SEQUENCE, SHORT_SEQUENCE = 13, 8
"""Words that a training text may not share with a test text: 13 as in Brown et al. 2020 (GPT-3, appendix C), and for
test texts of fewer than 13 words, 8."""

BOILERPLATE = 10
"""Documents that may have a sequence of words in common. One that more of them have is boilerplate, and no leak by
itself; a text whose document is unknown counts as one."""

MOSTLY = 0.5
"""Share of the sequences of a test text of 20 words or more from which on whoever has them has the text, however many
do."""

Policy = Literal["flag", "remove"]
"""What happens to near duplicates: they are listed, or training samples among them are left out of the release."""

POLICIES: dict[Profile, Policy] = {"open": "flag", "research": "flag", "local": "flag"}
"""The policy of each profile, where an order names no other."""

Ingredients = dict[str, str]
"""What a fingerprint is made of: the names of its ingredients and their hashes."""

FILE = "file "
"""What the names of ingredients that are files begin with; their hashes are whole sha256."""


class Indexed(Model):
    """The words of one task's published samples, as numbers.

    Attributes:
        made_of: what the fingerprint is made of: each ingredient by name, with its hash.
        place: folder of `<split>.words.arrow`, `<split>.keys.arrow` (a large split has several) and `_done.json`.
        rows: samples of each split.
        pieces: large splits -> the samples of each of their files.
    """

    task: str
    source: str
    fingerprint: str
    made_of: Ingredients = Field(default_factory=dict)
    place: Place
    rows: dict[Split, int] = Field(default_factory=lambda: {})
    pieces: dict[Split, tuple[int, ...]] = Field(default_factory=lambda: {})
    seconds: float = 0.0

    def files(self, split: Split) -> dict[str, int]:
        """The places of the files of a split, without their endings, in the order of the samples -> their samples."""
        rows = self.pieces.get(split, (self.rows[split],))
        return {f"{self.place}/{shard(split, number, len(rows))}": count for number, count in enumerate(rows)}


Sought = Literal["near duplicates", "leaks of training texts", "leaks into tests"]
"""What a piece of an audit looks for: keys that texts have in common, sequences of words of training texts that tests
may have, or the other way round."""


class AuditPiece(Model):
    """A piece of the audit of many samples, which is a step of its own before the audit.

    Attributes:
        sought: what it looks for.
        place: folder of its file, and of what all pieces of the search need.
        number: of the piece, from 0.
        count: of the pieces of the search.
    """

    sought: Sought
    place: Place
    number: int
    count: int

    def __str__(self) -> str:
        return f"{self.sought}, piece {self.number + 1} of {self.count}"

    @property
    def file(self) -> str:
        """The place of its file."""
        return f"{self.place}/{shard('found', self.number, self.count)}.parquet"


class Touched(Model):
    """How training samples of one task leak into the test of another, by one kind or by any.

    Attributes:
        tests: test samples that are touched.
        trains: training samples that leak.
    """

    test_task: str
    train_task: str
    kind: Kind | Literal["any"]
    tests: int
    trains: int


class Audit(Model):
    """What an audit of a build found.

    Attributes:
        made_of: what the fingerprint is made of: each ingredient by name, with its hash.
        place: folder of `near.parquet`, `leaks.parquet`, `boilerplate.parquet`, `unclean.parquet` and `_done.json`, and
            of `compared/`, what was found of texts, for later audits.
        near: samples of each task that are near duplicates of a sample that takes precedence.
        removed: those of them that are left out of the release, by task.
        touched: leaks by test task, training task and kind.
        tested: test samples of each task that were looked at.
        trained: training samples of each task.
        unclean: training samples of each task that leak.
        exposed: test samples of each task that any training sample leaks into, by kind, and by `any` of them.
    """

    fingerprint: str
    made_of: Ingredients = Field(default_factory=dict)
    place: Place
    near: dict[str, int] = Field(default_factory=dict)
    removed: dict[str, int] = Field(default_factory=dict)
    touched: tuple[Touched, ...] = ()
    tested: dict[str, int] = Field(default_factory=dict)
    trained: dict[str, int] = Field(default_factory=dict)
    unclean: dict[str, int] = Field(default_factory=dict)
    exposed: dict[str, dict[str, int]] = Field(default_factory=dict)
    seconds: float = 0.0
