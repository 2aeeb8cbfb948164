"""What a benchmark is made of: its test sets, its training sets, and how hard each test is for a model so trained."""

from pydantic import Field

from schemas.base import Collections, Line, Model, TaskName
from schemas.drawn import Overlaps
from schemas.licence import Profile
from schemas.receipts import Blob
from schemas.task import Category, Split

TRAINING = "unseen_train"
"""The configuration with all training samples of the tasks that are not held out."""


class Held(Model):
    """A held-out task: one of the 32 of the paper, as expectations/medinst32.csv declares them, or of another source.

    Attributes:
        task: the task's name.
        metric: kind of the paper's main metric; `text` where it has none but overlap. None: that of the answer form.
        splits: the splits of the source that make the test set, which the paper's table sometimes names otherwise.
        size: samples of the paper's test set; where the splits hold more, so many are drawn. None: all are.
    """

    task: TaskName
    metric: Line | None = None
    splits: tuple[Split, ...]
    size: int | None = None


class Tier(Model):
    """What a model that was trained on the other tasks has seen of a test.

    Attributes:
        task: whether the task itself is in the training set.
        labels: share of the test's labels that are labels of training tasks of the same category; None where it has
            none.
        category: whether a training task has its category.
        form: whether a training task has its answer form.
        name: the tier, from the easiest to the hardest: `task`, `labels`, `category`, `form`, `new`.
    """

    task: bool
    labels: float | None
    category: bool
    form: bool
    name: str


class HeldOutTest(Model):
    """What a benchmark says of one of its test sets.

    Attributes:
        rows: samples in it.
        size: samples of the paper's, or of the splits where the paper does not have it.
        drawn_from: samples that the splits hold.
        instruction: what is asked.
        labels: the labels that an answer may hold.
        symmetric: those that are relations without direction: either order of their ends is right.
        form: name of the answer form.
        metric: kind of the paper's main metric.
        examples: task -> number of its training samples in the pool that examples are drawn from.
        tier: for a model trained on `unseen_train`.
        shares: other test -> the number of samples of this one that it has too, with the same input and answer.
        texts: other test -> the number of samples of this one whose document or input it has too, whatever is asked.
        repeats: a larger test that has more than half of this one's samples, which counts them twice in a mean over
            all tests; None if there is none.
    """

    category: Category
    source: str
    language: str
    licence: str
    instruction: str
    labels: tuple[str, ...]
    symmetric: tuple[str, ...] = ()
    form: str
    metric: str
    splits: tuple[Split, ...]
    rows: int
    size: int
    drawn_from: int
    examples: dict[str, int]
    tier: Tier
    shares: dict[TaskName, int] = Field(default_factory=lambda: {})
    texts: dict[TaskName, int] = Field(default_factory=lambda: {})
    repeats: TaskName | None = None


class TestSet(HeldOutTest):
    """One test set, with its task."""

    task: TaskName


class DrawnMixture(Model):
    """A training set of a benchmark, drawn from many tasks by a rule.

    Attributes:
        tasks: task -> samples drawn.
        held: task -> samples that it has.
        temperature: the exponent 1/temperature flattens the shares.
        cap: samples that a task counts for at most.
        tokens: words, numbers and signs in instructions, inputs and outputs, a lower bound of a model's tokens.
        instruction_tokens: of these, those of instructions.
        leaking: training samples left out because they leak into a test.
        overlap: test -> how much of it the set contains, for all tests of the build.
    """

    seed: int
    temperature: float
    cap: int
    asked: int
    rows: int
    tokens: int
    instruction_tokens: int = 0
    leaking: int = 0
    overlap: Overlaps = Field(default_factory=lambda: {})
    tasks: dict[str, int]
    held: dict[str, int]


class Mixture(DrawnMixture):
    """A drawn training set, with its name."""

    name: str


class Training(Model):
    """The training sets of a benchmark.

    Attributes:
        training: task -> samples in `unseen_train`.
        leaking: training samples that are left out of it because they leak into a test.
        overlap: test -> how much of it `unseen_train` contains, for all tests of the build.
        mixtures: those drawn from many tasks by a rule.
    """

    training: dict[str, int]
    leaking: int
    overlap: Overlaps
    mixtures: tuple[Mixture, ...]


class BenchmarkContent(Training):
    """Everything that a version of the benchmark says and holds.

    Attributes:
        collection: whose tests it has.
        withheld: held-out task -> why it is not in this version.
        missing: tasks of the training set that this build does not have -> why.
    """

    version: str
    fingerprint: str
    profile: Profile
    collection: Collections = "paper"
    original: bool
    seed: int
    tests: tuple[TestSet, ...]
    licences: dict[str, str]
    withheld: dict[str, str]
    missing: dict[str, str]
    files: dict[str, tuple[Blob, ...]]
