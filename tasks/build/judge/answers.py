"""The answers of a task's samples: which of them are malformed or have undeclared labels."""

from collections import Counter

import polars as pl

from medinst_eval.grammar.answers import Form, Tags
from medinst_eval.grammar.brackets import Unparsable
from medinst_eval.grammar.plain import FreeText
from schemas.task import Task
from tasks.build.render import form

EXAMPLES = 5
"""Ids of rows kept for each measure that found something."""

EMPTY = ~pl.col("output").fill_null("").str.contains(r"\S")
"""Whether an answer is empty."""


class Answers:
    """Parses each distinct answer of a split with the grammar of its task.

    Attributes:
        unparsable: ids of up to `EXAMPLES` rows with an answer that cannot be parsed -> number of rows with it.
        undeclared: the same for answers with a label that the task does not declare.
        labels: label -> how often it occurs in the answers.
    """

    def __init__(self, task: Task) -> None:
        self.form: Form = form(task)  # pyright: ignore[reportMissingTypeArgument]
        self.declared = frozenset(task.labels)
        self.unparsable: Counter[tuple[str, ...]] = Counter()
        self.undeclared: Counter[tuple[str, ...]] = Counter()
        self.labels: Counter[str] = Counter()

    def to_look_at(self, rows: pl.LazyFrame) -> pl.LazyFrame:
        """The distinct answers with their number of rows and some ids, without those that a pattern shows valid."""
        if isinstance(self.form, FreeText):
            rows = rows.filter(EMPTY)
        elif isinstance(self.form, Tags):
            rows = rows.filter(~pl.col("output").fill_null("").str.contains(r"^\S+ \[[BIO]\]( \S+ \[[BIO]\])*$"))
        chosen = rows.group_by(pl.col("output").fill_null(""))
        return chosen.agg(pl.len(), ids=pl.col("id").sort().head(EXAMPLES)).sort("output")

    def look(self, outputs: pl.DataFrame) -> None:
        """Parse the answers and count their faults."""
        for output, rows, ids in outputs.iter_rows():
            try:
                names = list(self.form.names(self.form.parse(output)))
            except Unparsable:
                self.unparsable[tuple(ids)] += rows
                continue
            for name in names:
                self.labels[name] += rows
            if self.declared and not self.declared.issuperset(names):
                self.undeclared[tuple(ids)] += rows

    def examples(self) -> dict[str, tuple[str, ...]]:
        """Ids of rows to look at, by measure."""
        found = {"unparsable": self.unparsable, "undeclared_labels": self.undeclared}
        return {measure: tuple(id_ for ids in counter for id_ in ids)[:EXAMPLES] for measure, counter in found.items()}
