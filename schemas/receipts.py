"""Receipts: the small models that pass between steps. They hold addresses, counts and fingerprints, never data."""

from typing import Literal

from pydantic import Field

from schemas.audit import FILE, Ingredients, Policy
from schemas.base import Collections, Model
from schemas.cleaning import CleanUp
from schemas.licence import Profile
from schemas.place import Place
from schemas.shards import STEP_BYTES, STEP_ROWS, shard
from schemas.task import Split

Severity = Literal["critical", "warning", "info"]


ORIGIN = "origin"
"""The name that stands for the declared addresses in a list of mirrors."""


class Order(Model):
    """What a build is asked for.

    Attributes:
        sources: ids of the sources; empty for all.
        tasks: names of the tasks; empty for all of the sources.
        root: fsspec address under which everything lives.
        mirrors: where files are looked for, in order; `origin` stands for the declared addresses.
        profile: the publication profile of the release.
        frozen: refuse addresses that the lock does not pin.
        fresh: download files again whose bytes are pinned and here, so that a publisher's change is noticed.
        recheck: ask the addresses of pinned files once whether they are still the same, and fetch those that are not.
        workers: number of processes that parse, and of files fetched at once.
        near: what happens to near duplicates.
        strict: a file that cannot be fetched now fails its source, and so the build.
        replace: `releases/latest.json` moves to the release even if that lacks tasks of the one it names.
        collection: which sources are meant where none are named; those of one's own always are.
        folders: absolute paths of the folders with sources of one's own, which every process that works on the order
            reads.
        step_rows: records that one step works on at most; a larger split is cut, in the same way by every process.
        step_bytes: bytes of their files that one step works on at most.
    """

    sources: tuple[str, ...] = ()
    tasks: tuple[str, ...] = ()
    root: str = "data"
    mirrors: tuple[str, ...] = (ORIGIN,)
    profile: Profile = "local"
    frozen: bool = False
    fresh: bool = False
    recheck: bool = False
    workers: int = 2
    near: Policy = "flag"
    strict: bool = False
    replace: bool = False
    collection: Collections = "paper"
    folders: tuple[str, ...] = ()
    step_rows: int = STEP_ROWS
    step_bytes: int = STEP_BYTES


class Blob(Model):
    """One file in the root.

    Attributes:
        name: its name in the declaration.
        url: the address it came from.
        sha256: of its bytes, in hexadecimal; also its name under `blobs/`.
        bytes: its size.
        place: where it lies in the root.
        original: False where a mirror says that its files are not the publishers' (such as `demo/`).
        trust: `locked`: the committed lock pins it. `first-use`: the root's own lock does since the first fetch.
            `copy`: the declaration knows it as another copy of the pinned file. `mirror`: a mirror of files that are
            not the publishers' vouches for it.
    """

    name: str
    url: str
    sha256: str
    bytes: int
    place: Place
    original: bool = True
    trust: Literal["locked", "first-use", "copy", "mirror"] = "first-use"


class Outage(Model):
    """Why a file cannot be fetched now.

    Attributes:
        since: the day of the first attempt that failed, as `YYYY-MM-DD`, in UTC.
        error: what was found in its places, addresses included.
    """

    since: str
    error: str


class Fetched(Model):
    """The files of one source.

    Attributes:
        blobs: the files that are there.
        withheld: name of a file that is not -> the reason and what to do about it.
        stamps: name of a file that a mirror on this machine holds -> what changes when that file does.
        outages: name of a file that could not be fetched now -> why. If its last good bytes are in the root, they are
            among the blobs, else the file is withheld.
    """

    source: str
    blobs: tuple[Blob, ...] = ()
    withheld: dict[str, str] = Field(default_factory=dict)
    stamps: dict[str, str] = Field(default_factory=dict)
    outages: dict[str, Outage] = Field(default_factory=lambda: {})

    @property
    def stale(self) -> dict[str, Outage]:
        """The outages of files whose last good bytes are used."""
        there = {blob.name for blob in self.blobs}
        return {name: outage for name, outage in self.outages.items() if name in there}

    @property
    def unreachable(self) -> dict[str, Outage]:
        """The outages of files that were never fetched."""
        return {name: outage for name, outage in self.outages.items() if name not in self.stale}


class Tally(Model):
    """What went in and came out of one stage for one split: `read = kept + rejected`."""

    read: int
    kept: int
    rejected: int


class Batch(Model):
    """The records of one part.

    Attributes:
        fingerprint: hash of all that shapes the records.
        made_of: what the fingerprint is made of: each ingredient by name, with its hash.
        place: folder of `<part>-<split>.parquet` and `_done.json`; what was left out lies under `rejects/`.
        splits: counts of records.
        mismatches: records per split rejected because the text at a span was not the mention.
        cleaned: records per split that a clean-up changed.
        unlisted: counts of records that the files of the splits hold and none of their lists names: all of them
            rejected, and without a split.
        withheld: why the part could not be read; empty where it was, at least in some of its splits.
        missing: splits that are withheld alone -> why.
        original: whether all its files are the publishers'.
        partial: whether one of its files is a copy that is known to hold a part only.
        seconds: wall-clock time that reading took, when it was done.
    """

    source: str
    part: str
    fingerprint: str
    made_of: Ingredients = Field(default_factory=dict)
    place: Place
    splits: dict[Split, Tally] = Field(default_factory=lambda: {})
    mismatches: dict[Split, int] = Field(default_factory=lambda: {})
    cleaned: dict[Split, dict[CleanUp, int]] = Field(default_factory=lambda: {})
    unlisted: Tally = Tally(read=0, kept=0, rejected=0)
    withheld: str = ""
    missing: dict[Split, str] = Field(default_factory=lambda: {})
    original: bool = True
    partial: bool = False
    seconds: float = 0.0

    @property
    def files(self) -> dict[str, str]:
        """The files that it is read from -> their sha256."""
        return {name.removeprefix(FILE): mark for name, mark in self.made_of.items() if name.startswith(FILE)}


class Rendered(Model):
    """The samples of one task, before and after deduplication.

    Attributes:
        fingerprint: hash of all that shapes the samples.
        made_of: what the fingerprint is made of: each ingredient by name, with its hash.
        place: folder of the files of samples and `_done.json`; what was left out lies under `rejects/`.
        splits: `read` counts the records' candidate samples, `kept` the rendered samples.
        pieces: large splits -> the number of their files; others have one.
        withheld: why there are none; empty where there are.
        missing: splits that are withheld alone -> why.
    """

    task: str
    source: str
    fingerprint: str
    made_of: Ingredients = Field(default_factory=dict)
    place: Place
    splits: dict[Split, Tally] = Field(default_factory=lambda: {})
    pieces: dict[Split, int] = Field(default_factory=lambda: {})
    withheld: str = ""
    missing: dict[Split, str] = Field(default_factory=lambda: {})
    original: bool = True
    seconds: float = 0.0

    def files(self, split: str) -> list[str]:
        """The places of the files of a split's samples, in the order of the samples."""
        count = next((count for cut, count in self.pieces.items() if cut == split), 1)
        return [f"{self.place}/{shard(split, number, count)}.parquet" for number in range(count)]


class Piece(Model):
    """A piece of a large split of a task's samples, which may be a step of its own; a whole split is the only one.

    Attributes:
        number: of the piece, from 0.
        count: of the pieces of the split.
    """

    task: str
    split: Split
    number: int
    count: int

    def __str__(self) -> str:
        which = f", piece {self.number + 1} of {self.count}" if self.count > 1 else ""
        return f"{self.task} {self.split}{which}"

    @property
    def name(self) -> str:
        """The folder of its receipt, in that of the task."""
        return shard(self.split, self.number, self.count)

    @property
    def file(self) -> str:
        """The name of its file of samples."""
        return f"{self.name}.parquet"


class Made(Model):
    """The receipt of a piece.

    Attributes:
        seconds: wall-clock time that it took a step, or a build that was killed; 0 where the stage itself made it.
    """

    tally: Tally
    seconds: float = 0.0


class Kept(Model):
    """What deduplication left of one task's samples.

    Attributes:
        fingerprint: hash of all that shapes what is left out.
        made_of: what the fingerprint is made of: each ingredient by name, with its hash.
        place: folder of `dropped.parquet` (ids and twins) and `_done.json`.
        splits: `read` counts rendered samples, `kept` those that remain.
    """

    task: str
    source: str
    fingerprint: str
    made_of: Ingredients = Field(default_factory=dict)
    place: Place
    splits: dict[Split, Tally] = Field(default_factory=lambda: {})
    seconds: float = 0.0

    def rows(self, split: Split) -> int:
        """How many samples of a split remain; 0 if there is none."""
        tally = self.splits.get(split)
        return tally.kept if tally else 0


class Verdict(Model):
    """What one expectation found.

    Attributes:
        suite: `records`, `samples` or `release`.
        subject: the task and split, the part and split, or the release.
        expectation: what was expected, in words.
        found: what was found, in words.
        examples: ids of rows to look at.
        command: the next command.
    """

    suite: str
    subject: str
    task: str
    source: str
    measure: str
    severity: Severity
    success: bool
    expectation: str
    found: str
    examples: tuple[str, ...] = ()
    command: str = ""


class Release(Model):
    """One published version."""

    version: str
    profile: Profile
    uri: str
    manifest_sha256: str
    tasks: int
    samples: int
    partial: bool
