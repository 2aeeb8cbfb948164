"""What a training leaves: its receipt, and the model before and after it on MedINST32."""

from typing import Literal

from pydantic import Field, PositiveInt

from schemas.base import Model
from schemas.finetune import Exam, Recipe
from schemas.reinforce import Reinforced

Tier = Literal["unseen", "seen"]


class Batch(Model):
    """How the tokens of a step are divided into batches.

    Attributes:
        sequences: sequences that the device holds at once.
        accumulated: batches whose gradients are summed before a step.
        processes: devices that each hold that many.
    """

    sequences: PositiveInt
    accumulated: PositiveInt
    processes: PositiveInt = 1


class Encoded(Model):
    """A mixture as a tokenizer sees it.

    Attributes:
        samples: samples that are trained on.
        tokens: their tokens, prompts included.
        answer_tokens: tokens of their answers alone.
        longest: tokens of the longest sample in the mixture.
        too_long: task -> samples that are left out because they are longer than `max_length`.
        tasks: task -> samples that are trained on.
        licences: task -> licence of its samples.
    """

    samples: int
    tokens: int
    answer_tokens: int
    longest: int
    too_long: dict[str, int]
    tasks: dict[str, int]
    licences: dict[str, str]


class Trained(Model):
    """The receipt of a training that ended: `trained.json` beside the weights.

    Attributes:
        mixture: its name or path.
        mixture_version: the version, or the hash of the files.
        base: the model that was trained: its name, folder or size.
        revision: commit on the Hub, or the hash of the files.
        base_licence: what the card in the base model's folder states; none if there is no card, or no base model.
        family: hash of all that shapes the weights but the seed.
        template: whether prompts were written through a chat template; else as plain lines.
        parameters: weights in all.
        trained_parameters: weights that were trained.
        steps: updates of the weights.
        tokens: tokens read, in all sessions.
        first_loss: mean of the first ten logged losses; of the first half where there are fewer than twenty.
        last_loss: mean of the same number of losses at the end.
        versions: library -> version.
        before: task -> licence of the samples that the base was trained on before, as its own receipt says.
        reinforced: what a training on rewards leaves; None for one on given answers.
    """

    recipe: Recipe
    mixture: str
    mixture_version: str
    base: str
    revision: str
    base_licence: str | None = None
    family: str = ""
    template: bool = False
    device: str
    batch: Batch
    data: Encoded
    parameters: int
    trained_parameters: int
    steps: int
    tokens: int
    first_loss: float
    last_loss: float
    versions: dict[str, str]
    before: dict[str, str] = Field(default_factory=dict[str, str])
    reinforced: Reinforced | None = None

    @property
    def licences(self) -> dict[str, str]:
        """Task -> licence of all samples that the weights were trained on, in this training and before it."""
        return dict(sorted((self.before | self.data.licences).items()))


class Cost(Model):
    """What a training took: `cost.json`. It differs from run to run, so the manifest of the model leaves it out.

    Attributes:
        seconds: of training, in all sessions.
        memory: bytes held at most: of the GPU, else of the process.
    """

    seconds: float
    memory: int


class Gain(Model):
    """What training changed in one metric of one test, with the 95 % interval of a paired bootstrap.

    Attributes:
        tier: `seen`: the task is in the mixture. `unseen`: it is not.
        distance: the benchmark's own tier, for a model trained on `unseen_train`.
        main: whether it is the test's main metric in its set.
        gain: after minus before; for an error, by how much it shrank.
    """

    task: str
    tier: Tier
    distance: str
    kind: Literal["paper", "strict"]
    metric: str
    main: bool
    samples: int
    before: float
    after: float
    gain: float
    low: float
    high: float


class TierGain(Model):
    """The mean gain in the main metrics of a tier's tests, those on a scale from 0 to 1."""

    tier: Tier
    kind: Literal["paper", "strict"]
    tests: int
    before: float
    after: float
    gain: float
    low: float
    high: float


class OverSeeds(Model):
    """What models gained that differ in their seed alone.

    The deviation is what another seed changes. The intervals of `Gain` are what other samples would change.

    Attributes:
        task: the test; `all` for the mean over the tests of a tier.
        metric: the test's main metric in its set; of a tier, how many tests its mean is of.
        gains: seed -> gain.
        mean: of the gains.
        deviation: their standard deviation, with one degree of freedom less than seeds.
    """

    task: str
    tier: Tier
    kind: Literal["paper", "strict"]
    metric: str
    gains: dict[int, float]
    mean: float
    deviation: float


class Comparison(Model):
    """A model before training and after: `comparison.json`.

    Attributes:
        benchmark: its version.
        original: whether its data are the publishers', no miniatures.
        before: the evaluation before training, as `<benchmark>/<evaluation>`.
        after: that after it.
        notes: why a tier has no mean, in words.
        seeds: empty unless models of other seeds are beside this one.
    """

    benchmark: str
    original: bool
    exam: Exam
    before: str
    after: str
    tiers: tuple[TierGain, ...]
    gains: tuple[Gain, ...]
    notes: tuple[str, ...] = ()
    seeds: tuple[OverSeeds, ...] = ()
