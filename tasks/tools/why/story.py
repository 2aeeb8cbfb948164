"""The story of a record: where its bytes are, what each stage made of it, and which release holds that."""

from typing import Any

from schemas.base import Model
from schemas.cleaning import CleanUp
from schemas.receipts import Blob
from tasks.tools.why.place import Place


class Lost(Model):
    """A row of the rejects.

    Attributes:
        twin: what was kept instead, as `<task>/<split>/<record id>`, if it is a duplicate.
    """

    stage: str
    reason: str
    detail: str
    twin: str = ""


class Cleaned(Model):
    """What a clean-up changed in a field of the record; `before` and `after` show the first place."""

    field: str
    clean_up: CleanUp
    places: int
    before: str
    after: str


class Made(Model):
    """A sample.

    Attributes:
        answer: the answer that is published, if it is made of several answers to the same input; else empty.
        lost: why it is not published; None if it is.
        release: the newest release, if it holds the sample.
    """

    id: str
    split: str
    input: str
    output: str
    answer: str = ""
    lost: Lost | None = None
    release: str = ""


class Asked(Model):
    """What a task made of the record.

    Attributes:
        lost: why it made no sample of it, or not all that it might have.
        withheld: why the task was not built; empty where it was.
    """

    task: str
    samples: tuple[Made, ...] = ()
    lost: tuple[Lost, ...] = ()
    withheld: str = ""


class Story(Model):
    """All that a build knows of a record.

    Attributes:
        files: the files that its split is read from.
        place: where it stands in them; None where that could not be told, and then `unplaced` says why.
        lost: why it was not kept; None if it was.
        cleaned: what clean-ups changed in its texts.
        near, leaks: rows of the views of the catalogue that name its samples.
    """

    source: str
    title: str
    licence: str
    part: str
    split: str
    record_id: str
    asked_for: str
    files: tuple[Blob, ...]
    place: Place | None
    unplaced: str = ""
    lost: Lost | None
    cleaned: tuple[Cleaned, ...] = ()
    tasks: tuple[Asked, ...]
    near: tuple[dict[str, Any], ...] = ()
    leaks: tuple[dict[str, Any], ...] = ()
