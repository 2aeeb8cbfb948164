"""What a release is made of: the input of publication, with the places of the data but not the data."""

from pydantic import Field

from schemas.audit import Audit, Ingredients
from schemas.base import Model
from schemas.licence import Profile
from schemas.manifest import TrainingSet
from schemas.place import Place
from schemas.profile import RecordProfile, ReleaseProfile, SampleProfile
from schemas.receipts import Blob, Verdict
from schemas.task import Category, Split, Wording


class ParityRow(Model):
    """One of the 163 rows of the paper's Table 11 against this build.

    Attributes:
        paper: rows of train, dev and test in the table.
        ours: rendered samples of train, dev and test, before deduplication; None where nothing was built.
        status: `equal`, `explained` (expectations/gaps.csv states both numbers and the cause), `unexplained`,
            `withheld` or `not built`.
    """

    task: str
    category: str
    paper: tuple[int, int, int]
    ours: tuple[int, int, int] | None
    status: str
    reason: str


class ReleaseSplit(Model):
    """The samples of one task and split.

    Attributes:
        samples: places of the Parquet files of rendered samples, in their order.
        decisions: folder with what deduplication decided: which samples are left out, which answers change.
        rows: rows that remain.
    """

    samples: tuple[Place, ...]
    decisions: Place
    rows: int


class ReleaseTask(Model):
    """One task of the release.

    Attributes:
        instruction: in the standard wording, which its samples have.
        wordings: the instruction in every wording.
        made_of: what its samples are made of: each ingredient by name, with its hash.
    """

    name: str
    category: Category
    source: str
    language: str
    licence: str
    instruction: str
    wordings: dict[Wording, str] = Field(default_factory=lambda: {})
    splits: dict[Split, ReleaseSplit]
    made_of: Ingredients = Field(default_factory=dict)


class Lost(Model):
    """How many records or samples one stage left out for one reason."""

    stage: str
    source: str
    part: str
    task: str
    split: str
    reason: str
    rows: int


class ReleaseContent(Model):
    """Everything that a release says and holds.

    Attributes:
        version: `<data version>-<profile>-<content hash>`: equal content has an equal version.
        fingerprint: the full hash of the content.
        original: False where any file came from a mirror whose files are not the publishers' (miniatures).
        partial: True where fewer than all declared sources and tasks were asked for, or a file could not be fetched.
        tasks: the tasks of the release, sorted by name.
        withheld: task -> why it is not in the release.
        missing: task -> splits that are withheld alone, with the reason.
        stale: source that is built of older bytes, because its files could not be fetched -> which, since when and why.
        undeclared: tasks of Table 11 that no source declares.
        files: source -> its files.
        audit: near duplicates and leaks among its samples.
        rejects: places of the Parquet files of what was left out of the tasks and their records.
        diagnosed: folder of the diagnosis of its tasks; empty of an invented release.
    """

    version: str
    fingerprint: str
    profile: Profile
    original: bool
    partial: bool
    tasks: tuple[ReleaseTask, ...]
    withheld: dict[str, str]
    missing: dict[str, dict[Split, str]] = Field(default_factory=lambda: {})
    stale: dict[str, str] = Field(default_factory=lambda: {})
    undeclared: tuple[str, ...]
    files: dict[str, tuple[Blob, ...]]
    records: tuple[RecordProfile, ...]
    samples: tuple[SampleProfile, ...]
    summary: ReleaseProfile
    verdicts: tuple[Verdict, ...]
    lost: tuple[Lost, ...]
    audit: Audit | None = None
    parity: tuple[ParityRow, ...]
    rejects: tuple[Place, ...] = ()
    diagnosed: str = ""


def training_sets(content: ReleaseContent) -> dict[str, TrainingSet]:
    """The two training sets of a release: all samples of the training splits, and those that leak into no test."""
    rows = sum(task.splits["train"].rows for task in content.tasks if "train" in task.splits)
    sets = {"all": TrainingSet(samples=rows)}
    if content.audit is not None:
        leaking = sum(content.audit.unclean.values())
        sets["clean"] = TrainingSet(samples=rows - leaking, without="audit/unclean.parquet")
    return sets
