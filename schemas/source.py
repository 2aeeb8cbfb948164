"""Sources: one public dataset, its files, its parts and the tasks made from it."""

from collections import abc
from typing import Annotated, Literal, Self

from pydantic import Field, SerializeAsAny, StringConstraints, model_validator

from schemas.address import secret_in
from schemas.base import Collection, Line, Model, Slug
from schemas.cleaning import CleanUp
from schemas.evidence import Evidence, Further
from schemas.formats import AnyFormat, Pattern
from schemas.licence import CODES, Access, Licence, Profile, refusal
from schemas.task import SPLITS, Ned, Split, Task

__all__ = ["UNVERIFIED", "Documents", "Evidence", "Further", "Members", "Namespace", "Part", "Source", "file_of"]

UNVERIFIED = "not yet verified on real files"
"""What is said of such a source wherever sources are listed."""

Members = str | tuple[str, ...] | dict[str, str]
"""Where the bytes of a split stand: `file`, or `file!member` for a member of an archive (again `!` for an archive in
an archive); a member may be a glob. Several of them as a tuple, or by role where the format wants roles. The role
`ids` names a list of record ids: only those records belong to the split."""

Namespace = Literal["pmid", "pmcid", "doi", "own"]
"""Where the identifier of a document counts: in PubMed, in PubMed Central, as a DOI, or within the source only."""

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""The SHA-256 of a file, in hexadecimal digits."""

Documents = dict[Pattern, Namespace] | Line
"""Which document a record's text comes from: what a whole record id looks like (or the record's `origin`, if it has
one), as a regular expression, its first group being the document's identifier -> its namespace; the first that fits
counts. Or, in words, why records have no document. Row numbers are not documents."""


class Part(Model):
    """A separately split portion of a source.

    Attributes:
        format: the format of its files; the source's if None.
        train: the files of the training split, and so on.
        dev_ids: of a part that has one file for all splits (named as `train`): record ids of the dev split.
        test_ids: the same for the test split.
        language: ISO 639-1 code (`en`), or `source-target` of translations, if not the source's.
        documents: which documents its records come from, if not as the source says.
        unlisted: the split that holds all records where the lists of the splits cannot be obtained.
        loses: share of the records that the publishers' files are known to lose at reading; the gate allows it.
        documented: number of records that the publishers state for each split, or others found there, rejects
            included; what is read from the publishers' files is held against it.
        instead: the same portion of files that somebody converted, read where no split of this one has its files.
    """

    format: AnyFormat | None = None
    train: Members | None = None
    dev: Members | None = None
    test: Members | None = None
    dev_ids: frozenset[str] = frozenset()
    test_ids: frozenset[str] = frozenset()
    language: Line | None = None
    documents: Documents | None = None
    unlisted: Split | None = None
    loses: float = Field(default=0.0, ge=0, lt=1)
    documented: dict[Split, int] = Field(default_factory=lambda: {})
    instead: "Part | None" = None

    @property
    def splits(self) -> dict[Split, dict[str, str]]:
        """The declared files by split and role; files without a role are numbered."""
        named: dict[Split, dict[str, str]] = {}
        for split in SPLITS:
            members: Members | None = getattr(self, split)
            if isinstance(members, str):
                named[split] = {"0": members}
            elif isinstance(members, tuple):
                named[split] = {str(number): member for number, member in enumerate(members)}
            elif members is not None:
                named[split] = members
        return named

    @property
    def members(self) -> list[str]:
        """All declared members of all splits."""
        return [member for roles in self.splits.values() for member in roles.values()]

    def is_here(self, files: abc.Collection[str]) -> bool:
        """Whether any split has all its files among these."""
        return any(all(file_of(member) in files for member in roles.values()) for roles in self.splits.values())


def file_of(member: str) -> str:
    """The file that a declared member stands in."""
    return member.split("!", maxsplit=1)[0]


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
