"""manifest.json: what a published version says of itself, with the size and hash of every file.

One model for each kind of version: release, benchmark, mixture, export, model and experiment.
docs/manifest.schema.json publishes them as a JSON schema.
"""

from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag, TypeAdapter

from schemas.base import Collections, Model, TaskName
from schemas.benchmark import DrawnMixture, HeldOutTest
from schemas.drawn import Overlaps, Shortfall, TaskShare
from schemas.licence import Profile
from schemas.mixture import Recipe
from schemas.task import Category, Split


class File(Model):
    """Size and SHA-256 of a file."""

    bytes: int
    sha256: str


class SourceFile(File):
    """A file of a source that a version was made from.

    Attributes:
        name: its name in the declaration.
        url: its declared address.
        original: False where a mirror says that its files are not the publisher's.
        trust: who vouches for its bytes.
    """

    name: str
    url: str
    original: bool
    trust: Literal["locked", "first-use", "copy", "mirror"]


SourceFiles = dict[str, tuple[SourceFile, ...]]
"""Source -> its files."""


class Version(Model):
    """What every kind of version says.

    Attributes:
        profile: the publication profile: `open`, `research`, or `local`, which never leaves the machine.
        partial: whether something that belongs to it is missing.
        original: False where any file came from a mirror whose files are not the publishers' (miniatures).
        fingerprint: the full hash of its content.
        samples: rows in it; of a model, rows that it was trained on.
        made_with: library -> version.
        files: path in the folder -> size and hash, of every file but the manifest.
    """

    version: str
    profile: Profile
    partial: bool
    original: bool = True
    fingerprint: str
    samples: int
    made_with: dict[str, str] = Field(default_factory=lambda: {})
    files: dict[str, File] = Field(default_factory=lambda: {})


class DatasetManifest(Version):
    """What releases, benchmarks and mixtures say.

    Attributes:
        licence: the terms of the whole, in words.
        withheld: task -> why it is not in this version.
        sources: the files that it was made from.
    """

    licence: str = ""
    withheld: dict[str, str]
    sources: SourceFiles


class ReleasedTask(Model):
    """One task of a release, with its samples by split.

    Attributes:
        made_of: what its samples are made of: files, declarations, instruction, licences and code by name, with their
            hashes. Two releases tell by it why a task changed; those of older versions of the program have none.
    """

    category: Category
    source: str
    language: str
    licence: str
    rows: dict[Split, int]
    made_of: dict[str, str] = Field(default_factory=lambda: {})


class TrainingSet(Model):
    """A training set of a release.

    Attributes:
        samples: rows in it.
        without: the file that lists the samples left out; None where none are.
    """

    samples: int
    without: str | None = None


class ReleaseManifest(DatasetManifest):
    """A release.

    Attributes:
        missing: task -> splits that are left out alone, with the reason.
        stale: source that is built of older bytes, because its files could not be fetched -> which, since when and why.
        training_sets: `all` training samples, and the `clean` ones, which leak into no test.
        undeclared: tasks of Table 11 that no source declares.
    """

    kind: Literal["release"] = "release"
    tasks: dict[TaskName, ReleasedTask]
    missing: dict[str, dict[Split, str]] = Field(default_factory=lambda: {})
    stale: dict[str, str] = Field(default_factory=lambda: {})
    training_sets: dict[str, TrainingSet] = Field(default_factory=lambda: {})
    undeclared: tuple[str, ...]


class BenchmarkManifest(DatasetManifest):
    """A benchmark.

    Attributes:
        collection: whose tests it has: the `paper`'s 32, those of the sources `beyond` it, one's `own`, or `all`.
        tasks: its test sets.
        training: task -> samples in `unseen_train`.
        leaking: training samples that are left out of it because they leak into a test.
        overlap: test -> how much of it `unseen_train` contains, for all tests of the build.
        mixtures: the training sets drawn from many tasks.
        missing: task of the training set -> why this build does not have it.
    """

    kind: Literal["benchmark"] = "benchmark"
    collection: Collections = "paper"
    seed: int
    tasks: dict[TaskName, HeldOutTest]
    training: dict[str, int]
    leaking: int = 0
    overlap: Overlaps = Field(default_factory=lambda: {})
    mixtures: dict[str, DrawnMixture]
    missing: dict[str, str]


class MixtureManifest(DatasetManifest):
    """A mixture.

    Attributes:
        base: version of the release that the build published; None where it published none.
        recipe: how it was drawn; of a tokenizer its name alone.
        counted: what was counted as a token.
        instruction_tokens: of its tokens, those of instructions.
        tasks: what each task gave.
        gave_nothing: chosen tasks without a sample in it.
        shortfalls: task or category -> a quota that was not met.
        leaking: training samples left out because they leak into a test.
        overlap: test -> how much of it the mixture contains, for all tests of the build.
        foreign: ids of the query that are not training samples of the chosen tasks.
        missing: chosen task -> why it is not in the build.
    """

    kind: Literal["mixture"] = "mixture"
    base: str | None
    recipe: Recipe
    counted: str
    tokens: int
    instruction_tokens: int = 0
    tasks: dict[TaskName, TaskShare]
    gave_nothing: tuple[str, ...]
    shortfalls: dict[str, Shortfall]
    leaking: int
    overlap: Overlaps = Field(default_factory=lambda: {})
    foreign: int
    missing: dict[str, str]


class ExportOptions(Model):
    """How a dataset was exported.

    Attributes:
        rows_per_file: rows of a file at most.
        chat_template: name of the tokenizer whose chat template rendered the rows.
        system: the system prompt.
        only: the configurations exported; empty for all.
    """

    format: str
    rows_per_file: int
    chat_template: str | None
    system: str
    only: tuple[str, ...]


class ExportManifest(Version):
    """An export. Its `version`, `profile`, `original`, `partial` and `fingerprint` are those of the dataset.

    Attributes:
        dataset: what was exported.
        rows: split -> rows.
        left_out: samples that the form could not take, by reason.
    """

    kind: Literal["export"] = "export"
    dataset: str
    export: ExportOptions
    rows: dict[str, int]
    left_out: dict[str, int] = Field(default_factory=lambda: {})


class ModelManifest(Version):
    """A fine-tuned model. `profile`, `original` and `partial` are those of the mixture.

    Attributes:
        licence: the terms of the samples, in words.
        base: the model that was trained.
        revision: its commit on the Hub, or the hash of its files.
        mixture: the training set's name or path.
        mixture_version: its version, or the hash of its files.
        tasks: task -> samples trained on.
    """

    kind: Literal["model"] = "model"
    licence: str
    base: str
    revision: str
    mixture: str
    mixture_version: str
    tasks: dict[str, int]


class ExperimentManifest(Version):
    """An experiment: models trained in several ways, and all their answers.

    Attributes:
        benchmark: version of the benchmark that they answered.
        rows: the models that are done.
    """

    kind: Literal["experiment"] = "experiment"
    benchmark: str
    rows: list[str]


def _kind(manifest: "dict[str, str] | Manifest") -> str:
    """The kind of a manifest; older ones, which do not name it, are recognised by their fields."""
    if not isinstance(manifest, dict):
        return manifest.kind
    marks = {"recipe": "mixture", "mixtures": "benchmark", "export": "export"}
    return manifest.get("kind") or next((kind for field, kind in marks.items() if field in manifest), "release")


Dataset = ReleaseManifest | BenchmarkManifest | MixtureManifest
"""A manifest of what has rows that may be exported or trained on."""

Manifest = Annotated[
    Annotated[ReleaseManifest, Tag("release")]
    | Annotated[BenchmarkManifest, Tag("benchmark")]
    | Annotated[MixtureManifest, Tag("mixture")]
    | Annotated[ExportManifest, Tag("export")]
    | Annotated[ModelManifest, Tag("model")]
    | Annotated[ExperimentManifest, Tag("experiment")],
    Discriminator(_kind),
]
"""A manifest of any kind."""

MANIFESTS: TypeAdapter[Manifest] = TypeAdapter(Manifest)
"""Reads, writes and describes manifests."""
