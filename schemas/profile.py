"""Profiles: what is measured over all rows, one line a split. Every rule of the expectations has its measure here."""

from typing import Literal

from pydantic import Field

from schemas.base import Model
from schemas.task import Category, Split

EXAMPLES = 5
"""Ids of rows that are named for each measure that found something: the first in their order."""


class RecordProfile(Model):
    """The records of one part and split.

    Attributes:
        split: empty for the records that no list of the part's splits names.
        place: the folder of the records, within the root.
        read: records that the reader met; `read = kept + rejected`.
        kept: records that their file holds.
        rejected: rejects that their file holds.
        mismatches: rejected because the text at a span is not the mention.
        lost_share: rejected / read beyond the share that the part declares to lose; 0 where nothing was read.
    """

    source: str
    part: str
    split: Split | Literal[""]
    place: str = ""
    read: int
    kept: int
    rejected: int
    mismatches: int
    lost_share: float


class SampleProfile(Model):
    """The samples of one task and split, over all rows that would be published.

    Attributes:
        rendered_in: the folder of what rendering made, within the root.
        deduplicated_in: the same of deduplication.
        records: records of the split that the files of the task's parts hold.
        lost_records: records - those that made samples or are rejects of rendering: anything but 0 is a silent loss.
        candidates: samples that the records might have made, one a record where it makes none.
        refused: of the candidates, those that rendering left out: rows of its rejects.
        lost_candidates: candidates - rendered - refused: anything but 0 is a silent loss.
        rendered: samples before deduplication: rows of their file.
        rejected: of the rendered samples, those that deduplication left out: rows of its rejects.
        kept: samples that would be published; `rendered = kept + rejected`.
        amended: of the kept samples, those whose answer is made of several answers to the same input.
        unbalanced: rendered - kept - rejected: anything but 0 is a silent loss.
        expected: rendered samples according to expectations/counts.csv (or the mirror's own), None if not listed, or
            if other files were counted (expectations/counted_on.csv).
        documented: whether the split has as many records as its publishers state.
        missing: share of the expected samples that are not there, 0 where nothing is expected or there are more.
        surplus: rendered samples beyond the expected ones.
        empty_inputs, empty_outputs, missing_licences: rows with an empty value.
        unparsable: rows whose output the answer grammar of the task cannot read.
        undeclared_labels: rows whose output holds a label that the task does not declare.
        unlisted_labels: labels of the task that its instruction does not name.
        duplicate_ids: rows whose id another row of the release has too.
        personal_*: rows that hold a direct identifier of a person, by its kind (schemas/personal.py).
        *_chars_*: lengths in characters (minimum, median, 95th percentile, maximum).
        labels: the most frequent labels in the outputs -> rows or answers that hold them.
        examples: measure -> up to `EXAMPLES` ids of rows that it counts.
    """

    task: str
    category: Category
    source: str
    split: Split
    licence: str
    rendered_in: str = ""
    deduplicated_in: str = ""
    records: int
    lost_records: int
    candidates: int
    refused: int
    lost_candidates: int
    rendered: int
    rejected: int
    kept: int
    amended: int = 0
    unbalanced: int
    expected: int | None
    documented: bool = False
    missing: float
    surplus: int
    empty_inputs: int
    empty_outputs: int
    missing_licences: int
    unparsable: int
    undeclared_labels: int
    unlisted_labels: int
    duplicate_ids: int
    input_chars_min: int
    input_chars_median: float
    input_chars_p95: float
    input_chars_max: int
    output_chars_min: int
    output_chars_median: float
    output_chars_p95: float
    output_chars_max: int
    personal_emails: int = 0
    personal_phones: int = 0
    personal_urls: int = 0
    personal_records: int = 0
    personal_births: int = 0
    personal_social_security: int = 0
    personal_ip_addresses: int = 0
    labels: dict[str, int] = Field(default_factory=dict)
    examples: dict[str, tuple[str, ...]] = Field(default_factory=dict)

    @property
    def measures(self) -> dict[str, float]:
        """Its numbers by name."""
        return {name: float(value) for name, value in self if isinstance(value, int | float)}


class ReleaseProfile(Model):
    """The release as a whole.

    Attributes:
        chosen: tasks that were asked for.
        built: tasks with samples in the release.
        withheld: tasks left out for a declared reason.
        unaccounted: chosen - built - withheld.
        unaccounted_tasks: their names.
        samples: rows of the release.
        duplicate_ids: ids that more than one row of the release has.
        refused_licences: tasks in the release whose licence the profile does not admit.
        uncited: sources in the release without an entry in references.bib.
        leaks_in_clean: training samples that share something with a test and are not listed as leaks.
        leaking: ids of such samples.
        unaudited: published samples that the audit has not seen.
    """

    profile: str
    chosen: int
    built: int
    withheld: int
    unaccounted: int
    unaccounted_tasks: tuple[str, ...]
    samples: int
    duplicate_ids: int
    refused_licences: int
    uncited: int
    leaks_in_clean: int = 0
    leaking: tuple[str, ...] = ()
    unaudited: int = 0
