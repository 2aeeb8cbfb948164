"""What the explorer asks its tables. Parameters begin with a dollar sign and are bound."""

from collections.abc import Mapping

TASKS = """
SELECT category, task, source, any_value(licence) AS licence,
       count(*) FILTER (split = 'train') AS train, count(*) FILTER (split = 'dev') AS dev,
       count(*) FILTER (split = 'test') AS test, count(*) AS samples, median(chars) AS median,
       count(*) FILTER (leak <> '') AS leak, count(*) FILTER (near) AS near,
       count(*) FILTER (conflict <> '') AS conflict,
       (SELECT count(*) FROM rejects WHERE rejects.task = samples.task) AS rejects
FROM samples GROUP BY category, task, source ORDER BY min(nr)
"""

CHOICES: Mapping[str, str] = {
    name: f"SELECT DISTINCT {name} AS value FROM samples WHERE {name} <> '' ORDER BY 1"  # noqa: S608
    for name in ("category", "task", "source", "licence", "language", "conflict")
}
"""Filter -> its values."""

ANSWERED = """
LEFT JOIN (SELECT task, id, read, worth FROM answers WHERE evaluation = $model) AS mine USING (task, id)
LEFT JOIN (SELECT task, id, worth FROM answers WHERE evaluation = $against) AS other USING (task, id)
"""
"""The answers of two models beside the samples; the tables `mine` and `other` of the conditions."""

LISTED = f"""
SELECT nr, id, task, category, split, chars, input, output, leak, near, conflict, mine.worth, mine.read,
       other.worth AS against
FROM samples {ANSWERED} WHERE nr IN (SELECT unnest($chosen)) ORDER BY nr
"""  # noqa: S608

_ASKED = "asked AS (SELECT nr, task, id FROM samples WHERE nr BETWEEN $first AND $last)"

LEAKS = f"""
WITH {_ASKED}, found AS (
    SELECT nr, kind, evidence, train_task AS task, train_id AS id FROM leaks
    JOIN asked ON asked.task = test_task AND asked.id = test_id
    UNION
    SELECT nr, kind, evidence, test_task, test_id FROM leaks
    JOIN asked ON asked.task = train_task AND asked.id = train_id
)
SELECT found.*, other.split, other.input FROM found
LEFT JOIN samples AS other ON other.task = found.task AND other.id = found.id
QUALIFY row_number() OVER (PARTITION BY found.nr ORDER BY kind, found.task, found.id) <= 50
ORDER BY found.nr, kind, found.task, found.id
"""  # noqa: S608
"""What samples of some numbers leak, 50 for each at most."""

NEAR = f"""
WITH {_ASKED}, found AS (
    SELECT nr, twin_task AS task, twin AS id, twin_split AS split, similarity FROM near
    JOIN asked ON asked.task = near.task AND asked.id = near.id
    UNION
    SELECT nr, near.task, near.id, split, similarity FROM near
    JOIN asked ON asked.task = twin_task AND asked.id = twin
)
SELECT found.*, other.input FROM found
LEFT JOIN samples AS other ON other.task = found.task AND other.id = found.id
QUALIFY row_number() OVER (PARTITION BY found.nr ORDER BY similarity DESC, found.task, found.id) <= 50
ORDER BY found.nr, similarity DESC, found.task, found.id
"""  # noqa: S608
"""What samples of some numbers nearly equal, 50 for each at most."""

CONFLICTS = f"WITH {_ASKED} SELECT asked.nr, conflicts.* FROM conflicts JOIN asked USING (task, id)"  # noqa: S608
"""The conflicts of samples of some numbers."""

TASK: Mapping[str, str] = {
    "instructions": """
        SELECT wording, instruction FROM instructions WHERE task = $task
        UNION ALL
        (SELECT DISTINCT 'standard', instruction FROM samples
         WHERE task = $task AND NOT EXISTS (SELECT 1 FROM instructions WHERE task = $task) LIMIT 3)
        """,
    "labels": """
        SELECT label, sum(answers::BIGINT)::BIGINT AS answers FROM labels WHERE task = $task
        GROUP BY label ORDER BY answers DESC, label LIMIT 40
        """,
    "lengths": """
        SELECT floor(log2(greatest(chars, 1)))::INTEGER AS power, count(*) AS samples FROM samples WHERE task = $task
        GROUP BY power ORDER BY power
        """,
    "leaking": """
        SELECT other, side, count(DISTINCT id) AS samples
        FROM (SELECT train_task AS other, 'test' AS side, test_id AS id FROM leaks
              WHERE test_task = $task AND kind <> 'test'
              UNION ALL SELECT test_task, 'train', train_id FROM leaks WHERE train_task = $task)
        GROUP BY other, side ORDER BY samples DESC, other LIMIT 12
        """,
    "rejects": """
        SELECT reason, count(*) AS rejects FROM rejects WHERE task = $task
        GROUP BY reason ORDER BY rejects DESC, reason
        """,
    "verdicts": """
        SELECT severity, expectation, found FROM verdicts WHERE task = $task AND success = 'false' LIMIT 20
        """,
    "sources": """
        SELECT DISTINCT title, homepage, licence_title FROM sources
        WHERE source IN (SELECT source FROM samples WHERE task = $task)
        """,
}
"""What the page of a task says -> the rows of it."""
