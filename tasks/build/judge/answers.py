"""The answers of a task's samples: which of them are malformed or have undeclared labels."""

from collections import Counter

import polars as pl

from medinst_eval.grammar.answers import Form, Tags
from medinst_eval.grammar.brackets import Unparsable
from medinst_eval.grammar.plain import FreeText
from schemas.profile import EXAMPLES
from schemas.task import Task
from tasks.build.render import form

EMPTY = ~pl.col("output").fill_null("").str.contains(r"\S")
"""Whether an answer is empty."""


class Answers:
    """Parses each distinct answer of a file with the grammar of its task.

    Attributes:
        counts: `unparsable`, answers that cannot be parsed, and `undeclared_labels`, those with a label that the task
            does not declare -> number of rows that have one.
        examples: the same -> ids of rows that have one, some of each answer.
        labels: label -> how often it occurs in the answers.
    """

    def __init__(self, task: Task) -> None:
        self.form: Form = form(task)  # pyright: ignore[reportMissingTypeArgument]
        self.declared = frozenset(task.labels)
        self.counts = {"unparsable": 0, "undeclared_labels": 0}
        self.examples: dict[str, list[str]] = {measure: [] for measure in self.counts}
        self.labels: Counter[str] = Counter()

    def to_look_at(self, rows: pl.LazyFrame) -> pl.LazyFrame:
        """The distinct answers, their number of rows and first ids, without those that a pattern shows valid."""
        if isinstance(self.form, FreeText):
            rows = rows.filter(EMPTY)
        elif isinstance(self.form, Tags):
            rows = rows.filter(~pl.col("output").fill_null("").str.contains(r"^\S+ \[[BIO]\]( \S+ \[[BIO]\])*$"))
        chosen = rows.group_by(pl.col("output").fill_null(""))
        return chosen.agg(pl.len(), ids=pl.col("id").sort().head(EXAMPLES))

    def look(self, outputs: pl.DataFrame) -> None:
        """Parse the answers and count their faults."""
        for output, rows, ids in outputs.iter_rows():
            try:
                names = list(self.form.names(self.form.parse(output)))
            except Unparsable:
                self._note("unparsable", rows, ids)
                continue
            for name in names:
                self.labels[name] += rows
            if self.declared and not self.declared.issuperset(names):
                self._note("undeclared_labels", rows, ids)

    def _note(self, measure: str, rows: int, ids: list[str]) -> None:
        self.counts[measure] += rows
        self.examples[measure] += ids
