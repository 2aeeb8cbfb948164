"""The rows of one task that differ between two sides, with their causes: joins in DuckDB, in bounded memory.

Samples are matched by their id, the hash of source, task, record and text. Of those that only one side has, equal texts
are one sample whose record got another number, and then samples of one record are one that changed.
"""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import NamedTuple

import duckdb

from schemas.diff import Cause
from schemas.task import Split
from tasks.build.diff.sides import Side

MEMORY = "1GB"
"""What DuckDB may use; beyond it, it writes to a temporary folder."""
EXAMPLES = 3

_COLUMNS = """id::VARCHAR AS id, record_id::VARCHAR AS record, hash(instruction::VARCHAR) AS instruction,
    hash(licence::VARCHAR) AS licence, hash(input::VARCHAR) AS input, hash(output::VARCHAR) AS output,
    hash(document::VARCHAR, language::VARCHAR, category::VARCHAR) AS other"""

_NONE = """SELECT NULL::VARCHAR AS split, NULL::VARCHAR AS id, NULL::VARCHAR AS record, 0::UBIGINT AS instruction,
    0::UBIGINT AS licence, 0::UBIGINT AS input, 0::UBIGINT AS output, 0::UBIGINT AS other WHERE false"""

_COMPARE = """
CREATE OR REPLACE TEMP TABLE same AS
    SELECT was.split AS was_split, now.split AS split, now.id, was.instruction <> now.instruction AS instruction,
        was.licence <> now.licence AS licence, was.output <> now.output AS output, was.other <> now.other AS other
    FROM was JOIN now USING (id)
    WHERE was_split <> now.split OR was.instruction <> now.instruction OR was.licence <> now.licence
        OR was.output <> now.output OR was.other <> now.other;
CREATE OR REPLACE TEMP TABLE gone AS SELECT id, split, record, input, output FROM was ANTI JOIN now USING (id);
CREATE OR REPLACE TEMP TABLE fresh AS SELECT id, split, record, input, output FROM now ANTI JOIN was USING (id);
CREATE OR REPLACE TEMP TABLE renumbered AS
    SELECT gone.id AS was_id, fresh.id, split
    FROM (SELECT *, row_number() OVER (PARTITION BY split, input, output ORDER BY id) AS nth FROM gone) AS gone
    JOIN (SELECT *, row_number() OVER (PARTITION BY split, input, output ORDER BY id) AS nth FROM fresh) AS fresh
        USING (split, input, output, nth);
DELETE FROM gone WHERE id IN (SELECT was_id FROM renumbered);
DELETE FROM fresh WHERE id IN (SELECT id FROM renumbered);
CREATE OR REPLACE TEMP TABLE edited AS
    SELECT gone.id AS was_id, fresh.id, split, gone.input <> fresh.input AS input, gone.output <> fresh.output AS output
    FROM (SELECT *, row_number() OVER (PARTITION BY split, record ORDER BY id) AS nth FROM gone) AS gone
    JOIN (SELECT *, row_number() OVER (PARTITION BY split, record ORDER BY id) AS nth FROM fresh) AS fresh
        USING (split, record, nth);
DELETE FROM gone WHERE id IN (SELECT was_id FROM edited);
DELETE FROM fresh WHERE id IN (SELECT id FROM edited);
"""

_LEFT_OUT = """
CREATE OR REPLACE TEMP TABLE {name} AS
    WITH mine AS (
        SELECT stage, part, id, record_id, stage || ': ' || reason AS words FROM {rejects}
        WHERE task = $task OR (task = '' AND source = $source AND part IN (SELECT unnest($parts)))
    ), keyed AS (
        SELECT id AS key, '0' || words AS words FROM mine
        UNION ALL SELECT record_id, '1' || words FROM mine
        UNION ALL SELECT part || '/' || record_id, '1' || words FROM mine WHERE part <> ''
    )
    SELECT key, min(words)[2:] AS words FROM keyed GROUP BY key
"""

_TOLD = """
WITH told AS (
    SELECT 'changed' AS kind, split, id, array_to_string(list_filter([
        if(instruction, 'instruction changed', ''), if(licence, 'licence changed', ''),
        if(output, 'answers to one input merged otherwise', ''),
        if(other, 'document, language or category changed', '')], lambda one: one <> ''), ', ') AS cause
    FROM same WHERE split = was_split
    UNION ALL SELECT 'removed', was_split, id, 'moved to ' || split FROM same WHERE split <> was_split
    UNION ALL SELECT 'added', split, id, 'moved from ' || was_split FROM same WHERE split <> was_split
    UNION ALL SELECT 'changed', split, id, 'record has another number or id: ' || $why FROM renumbered
    UNION ALL SELECT 'changed', split, id,
        if(input AND output, 'input and answer', if(input, 'input', 'answer')) || ': ' || $why FROM edited
    UNION ALL SELECT 'removed', split, gone.id, coalesce('rejected by ' || coalesce(one.words, other.words), $why)
    FROM gone LEFT JOIN lost_now AS one ON one.key = gone.id LEFT JOIN lost_now AS other ON other.key = gone.record
    UNION ALL SELECT 'added', split, fresh.id,
        coalesce('no longer rejected by ' || coalesce(one.words, other.words), $why)
    FROM fresh LEFT JOIN lost_was AS one ON one.key = fresh.id LEFT JOIN lost_was AS other ON other.key = fresh.record
)
SELECT split, kind, cause, count(*), min(id, {examples}) FROM told GROUP BY ALL ORDER BY ALL
"""


class Subject(NamedTuple):
    """The task that is compared.

    Attributes:
        parts: the parts of its source that it reads.
        why: what may have changed its samples, for rows that nothing else explains.
    """

    task: str
    source: str
    parts: Sequence[str]
    why: str


@contextmanager
def connected(*sides: Side) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database in memory that can read the files of both sides."""
    with tempfile.TemporaryDirectory(prefix="medinst-diff-") as folder, duckdb.connect() as connection:
        connection.execute("SET autoinstall_known_extensions = false; SET autoload_known_extensions = false")
        connection.execute(f"SET memory_limit = '{MEMORY}'; SET preserve_insertion_order = false")
        connection.execute("SET temp_directory = $folder", {"folder": folder})
        for root in {side.root.url: side.root for side in sides if not side.root.is_local}.values():
            if not connection.filesystem_is_registered(str(root.fs.protocol[0])):
                connection.register_filesystem(root.fs)
        yield connection


def differing(
    connection: duckdb.DuckDBPyConnection,
    before: Side,
    after: Side,
    subject: Subject,
    splits: tuple[Sequence[Split], Sequence[Split]],
) -> Mapping[str, list[Cause]]:
    """The rows of a task that differ, by split and cause.

    Args:
        connection: one of `connected`.
        before: the first side.
        after: the second.
        subject: the task.
        splits: those that are compared and that each side has rows of.
    """
    for name, side, there in (("was", before, splits[0]), ("now", after, splits[1])):
        connection.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS {_rows(side, subject.task, there)}")
    connection.execute(_COMPARE)
    of_task = {"task": subject.task, "source": subject.source, "parts": list(subject.parts)}
    for name, side in (("lost_was", before), ("lost_now", after)):
        connection.execute(_LEFT_OUT.format(name=name, rejects=side.rejects), of_task)
    told = connection.execute(_TOLD.format(examples=EXAMPLES), {"why": subject.why}).fetchall()
    found: dict[str, list[Cause]] = {}
    for split, kind, cause, rows, examples in told:
        found.setdefault(split, []).append(Cause(kind=kind, cause=cause, rows=rows, examples=tuple(examples)))
    return found


def _rows(side: Side, task: str, splits: Sequence[Split]) -> str:
    if not splits:
        return _NONE
    return " UNION ALL ".join(
        f"SELECT '{split}' AS split, {_COLUMNS} FROM {side.rows(task, split)}"  # noqa: S608  our own places
        for split in splits
    )
