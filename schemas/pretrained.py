"""Pretrained models that can be fetched by name: where each comes from, and what was fetched."""

from typing import Annotated

from pydantic import Field, PositiveInt, StringConstraints

from schemas.base import Line, Model

ModelName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9.\-]*$")]
"""The name by which commands and recipes know a model; also the name of its folder."""

Repo = Annotated[str, StringConstraints(pattern=r"^[\w.\-]+/[\w.\-]+$")]
"""A model on the Hugging Face Hub: `owner/name`."""


class Package(Model):
    """A Python package that holds the weights as one GGUF file, which is converted.

    Attributes:
        package: its name on the package index.
        file: the GGUF file within the package.
        sha256: of that file.
    """

    package: Line
    version: Line
    file: Line
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]

    @property
    def about(self) -> str:
        """Where a model comes from, in words."""
        return f"Python package {self.package} {self.version}, {self.file} (SHA-256 {self.sha256})"


class Snapshot(Model):
    """A repository on the Hugging Face Hub.

    Attributes:
        revision: a commit, so that the files cannot change.
    """

    repo: Repo
    revision: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{40}$")]

    @property
    def about(self) -> str:
        """Where a model comes from, in words."""
        return f"Hugging Face Hub, {self.repo}, revision {self.revision}"


class Pretrained(Model):
    """A model that can be fetched.

    Attributes:
        title: what its authors call it.
        hub: the model on the Hub, wherever these files come from.
        licence: an SPDX expression; `LicenseRef-…` for terms that SPDX does not list.
        parameters: number of weights.
        context: maximum number of tokens of prompt and answer together.
        bytes: size of the fetched folder, about.
        source: where the files come from.
        note: what else a user should know.
    """

    name: ModelName
    title: Line
    hub: Repo
    licence: Line
    parameters: PositiveInt
    context: PositiveInt
    bytes: PositiveInt
    source: Package | Snapshot
    note: Line | None = None


class Content(Model):
    """Size and hash of a fetched file."""

    bytes: int
    sha256: str


class Fetched(Model):
    """The receipt of a fetched model: `fetched.json` beside its files.

    Attributes:
        name: of the model.
        source: where it came from.
        files: file -> its content.
        made_with: library -> version, of those that converted it.
    """

    name: ModelName
    source: Package | Snapshot
    files: dict[str, Content] = Field(min_length=1)
    made_with: dict[str, str] = Field(default_factory=dict)
