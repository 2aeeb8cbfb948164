"""Parts of a source: separately split portions, the files of their splits, and the documents of their records."""

from collections import abc
from typing import Literal

from pydantic import Field

from schemas.base import Line, Model
from schemas.formats import AnyFormat, Pattern
from schemas.task import SPLITS, Split

Members = str | tuple[str, ...] | dict[str, str]
"""Where the bytes of a split stand: `file`, or `file!member` for a member of an archive (again `!` for an archive in
an archive); a member may be a glob. Several of them as a tuple, or by role where the format wants roles. The role
`ids` names a list of record ids: only those records belong to the split."""

Namespace = Literal["pmid", "pmcid", "doi", "own"]
"""Where the identifier of a document counts: in PubMed, in PubMed Central, as a DOI, or within the source only."""

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
