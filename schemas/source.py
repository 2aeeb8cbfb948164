"""Sources: one public dataset, its files, its parts and the tasks made from it."""

from collections import abc
from typing import Annotated, Literal, Self

from pydantic import Field, SerializeAsAny, StringConstraints, model_validator

from schemas.address import secret_in
from schemas.base import Collection, Line, Model, Slug, TaskName
from schemas.cleaning import CleanUp
from schemas.evidence import Evidence, Further
from schemas.formats import AnyFormat
from schemas.licence import CODES, Access, Licence, Profile, refusal
from schemas.part import Documents, Members, Namespace, Part, file_of
from schemas.task import Ned, Split, Task

__all__ = ["UNVERIFIED", "Documents", "Evidence", "Further", "Members", "Namespace", "Part", "Source", "file_of"]

UNVERIFIED = "not yet verified on real files"
"""What is said of such a source wherever sources are listed."""

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""The SHA-256 of a file, in hexadecimal digits."""


class Source(Model):
    """One public dataset.

    Attributes:
        id: short name; its module is `sources/<id>.py`, its folder in a mirror `<id>/`.
        title: name of the dataset as its authors write it.
        about: one sentence that says what it holds.
        homepage: the authors' page.
        citation: key in sources/references.bib.
        licence: what may be done with it.
        evidence: where the authors state the licence.
        also: further licences that hold at the same time, for all of it or for some tasks or splits.
        access: how the bytes are obtained; `apply` says where, if not openly.
        files: file name in a mirror -> address, or several in the order in which they are tried.
        format: format of all parts that do not declare their own.
        parts: the separately split portions.
        tasks: the dataset-tasks made from it.
        language: ISO 639-1 code of its texts.
        documents: which documents its records come from, or why from none; None: not yet decided.
        clean: clean-ups of the texts of its records, done after reading and corrections.
        dirt: what stays dirty in its texts, for readers of its page.
        partial: SHA-256 of copies of its files that are known to hold a part only. What they lack is not held against
            them, and splits whose members they lack are withheld.
        copies: SHA-256 of copies of its files that hold the same in other bytes, such as an archive packed anew. Like
            partial, derived and damaged ones, a mirror may have them in place of the pinned file.
        derived: SHA-256 of copies of its files that somebody made from the data in another form -> how. They are read
            and published, but never count as equal to what the paper counted.
        damaged: SHA-256 of copies whose content is known to be wrong -> what is wrong. They are not read.
        converted: names of files that somebody converted from the publishers' -> who, and how. They are fetched and
            read `instead`, only where the publishers' cannot be fetched, and are marked like derived copies.
        verified: whether the readers have been checked against the real files.
        paper: the table of the paper that counts its tasks; None where the paper does not have them, so that parity
            leaves them out.
        tests: of a source that the paper does not have: task -> the splits that are a test of a benchmark. A task named
            here is held out: mixtures of unseen tasks leave it out, and what its tests hold no training set has.
        own: whether it is declared in a folder outside the checkout; the registry says so, whatever is declared.
        shareable: of such a source, whether what is made from it may leave this machine as far as its licence permits.
    """

    id: Slug
    title: Line
    about: Line
    homepage: Line
    citation: Line
    licence: Licence
    evidence: Evidence
    also: tuple[Further, ...] = ()
    access: Access = "open"
    apply: Line | None = None
    files: dict[str, str | tuple[str, ...]]
    format: AnyFormat | None = None
    parts: dict[Slug, Part]
    tasks: tuple[SerializeAsAny[Task], ...] = Field(min_length=1)
    language: Line = "en"
    documents: Documents | None = None
    clean: tuple[CleanUp, ...] = ()
    dirt: Line | None = None
    partial: frozenset[str] = frozenset()
    copies: frozenset[str] = frozenset()
    derived: dict[Sha256, Line] = Field(default_factory=lambda: {})
    damaged: dict[Sha256, Line] = Field(default_factory=lambda: {})
    converted: dict[str, Line] = Field(default_factory=lambda: {})
    verified: bool = True
    paper: Literal["Table 11"] | None = "Table 11"
    tests: dict[TaskName, tuple[Split, ...]] = Field(default_factory=lambda: {})
    own: bool = False
    shareable: bool = False

    @model_validator(mode="after")
    def _names_exist(self) -> Self:
        for task in self.tasks:
            for part in set(task.reads) - set(self.parts):
                raise ValueError(f"task {task.name} reads part {part!r}, but {self.id} declares {list(self.parts)}")
        for name, part in self.parts.items():
            if part.format is None and self.format is None:
                raise ValueError(f"part {name!r} of {self.id} has no format, and the source has none either")
            for member, known in (*((one, self.own_files) for one in part.members), *self._converted(part)):
                if file_of(member) not in known:
                    raise ValueError(f"part {name!r} of {self.id} reads {member!r}, such files are {list(known)}")
        if self.access != "open" and not self.apply:
            raise ValueError(f"{self.id} is not open (access {self.access!r}): `apply` must say where to apply")
        return self

    def _converted(self, part: Part) -> list[tuple[str, abc.Collection[str]]]:
        return [(member, self.converted) for member in part.instead.members] if part.instead else []

    @model_validator(mode="after")
    def _addresses_hold_no_secrets(self) -> Self:
        for url in (url for name in self.files for url in self.urls(name)):
            if found := secret_in(url):
                raise ValueError(f"an address of {self.id} holds {found}; give it in a line of ~/.netrc")
        return self

    @model_validator(mode="after")
    def _licences_name_its_tasks(self) -> Self:
        own = {task.name for task in self.tasks}
        for name in sorted({name for each in self.also for name in each.tasks} - own):
            raise ValueError(f"a licence of {self.id} is for the task {name!r}, but {self.id} declares {sorted(own)}")
        return self

    @model_validator(mode="after")
    def _tests_are_of_its_tasks(self) -> Self:
        reads = {task.name: {split for part in task.reads for split in self.parts[part].splits} for task in self.tasks}
        for name, splits in self.tests.items():
            if name not in reads:
                raise ValueError(f"`tests` of {self.id} names the task {name!r}, but it declares {sorted(reads)}")
            unknown = sorted({*splits} - reads[name])
            if unknown or not splits:
                found = f"{unknown} are not among them" if unknown else "none is named"
                raise ValueError(f"`tests` of {self.id}: {name} has the splits {sorted(reads[name])}, {found}")
        return self

    @property
    def collection(self) -> Collection:
        """What it belongs to."""
        return "own" if self.own else "paper" if self.paper else "beyond"

    @property
    def stays(self) -> bool:
        """Whether nothing that is made from it may leave this machine, not even its counts."""
        return self.own and not self.shareable

    @property
    def known_copies(self) -> frozenset[str]:
        """The SHA-256 of all copies that a mirror may have in place of the pinned files."""
        return self.partial | self.copies | frozenset(self.derived) | frozenset(self.damaged)

    def made_of(self, blobs: abc.Iterable[tuple[str, str]]) -> list[str]:
        """How the copies among some files (name and sha256 of each) came about that others made of the publishers'."""
        how = self.derived | self.converted
        return list(dict.fromkeys(how[key] for blob in blobs for key in blob if key in how))

    def urls(self, file: str) -> tuple[str, ...]:
        """The addresses of a file, in the order in which they are tried."""
        declared = self.files[file]
        return (declared,) if isinstance(declared, str) else declared

    @property
    def own_files(self) -> list[str]:
        """The files that are the publishers'."""
        return [name for name in self.files if name not in self.converted]

    def spares(self, files: abc.Collection[str]) -> list[str]:
        """The converted files that are wanted because parts have nothing to read among the files that are here."""
        lacking = [part.instead for part in self.parts.values() if part.instead and not part.is_here(files)]
        wanted = {file_of(member) for part in lacking for member in part.members}
        return [name for name in self.files if name in wanted]

    def given(self, files: abc.Collection[str]) -> Self:
        """The source as it is read when only these files are here: converted parts take the place of lacking ones."""
        if not self.spares(files):
            return self
        parts = {
            name: part.instead if part.instead and part.instead.is_here(files) and not part.is_here(files) else part
            for name, part in self.parts.items()
        }
        return self.model_copy(update={"parts": parts})

    def format_of(self, part: str) -> AnyFormat:
        """The format of a part's files."""
        chosen = self.parts[part].format or self.format
        assert chosen is not None
        return chosen

    def language_of(self, part: str) -> str:
        """The language of a part's texts."""
        return self.parts[part].language or self.language

    def documents_of(self, part: str) -> Documents | None:
        """Which documents a part's records come from."""
        declared = self.parts[part].documents
        return self.documents if declared is None else declared

    def licences(self, task: Task | None = None, *splits: Split) -> tuple[Licence, ...]:
        """All licences that hold for samples.

        Args:
            task: their task; None for what holds for all tasks.
            splits: their splits; none for what holds for all splits.
        """
        further = [each.licence for each in self.also if each.holds(task and task.name, splits)]
        labels = task.databases if isinstance(task, Ned) else ()
        codes = [licence for name, licence in CODES.items() if any(name in label for label in labels)]
        return tuple(dict.fromkeys((self.licence, *further, *codes)))

    def refusal(self, profile: Profile, task: Task, *splits: Split) -> str | None:
        """Why a profile may not hold samples of a task; None where it may.

        Args:
            profile: the profile.
            task: the task.
            splits: the splits; none for the task whatever the split.
        """
        return self.kept_back(profile) or refusal(profile, self.licences(task, *splits), self.access)

    def kept_back(self, profile: Profile) -> str | None:
        """Why a profile may hold nothing of a source that must stay on this machine; None of all others."""
        if not self.stays or profile == "local":
            return None
        return f"profile `{profile}` holds sources of one's own only if they are declared `shareable`"

    def refused(self, profile: Profile) -> dict[str, str]:
        """The tasks of which a profile may hold nothing, with the reasons."""
        found = {task.name: self.refusal(profile, task) for task in self.tasks}
        return {name: reason for name, reason in found.items() if reason}
