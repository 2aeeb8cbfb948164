"""How the rows of each source are written, byte for byte as its publisher writes them."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import polars as pl

from tests.benchmarks.scale import kinds
from tests.benchmarks.scale.kinds import Languages, filled
from tests.benchmarks.scale.rows import Kind

MEDAL_ID, FEVER_ID, PMID, ARTICLE = 14_000_000, 20_000, 91_000_000, 9_900_000
"""Where the numbers that a source gives its rows begin."""


class Layout(NamedTuple):
    """A source's files.

    Attributes:
        task: the task that is made of them.
        parts: part -> the vocabularies -> how its rows are made.
        row: role of a file -> what a row is there; `number` counts the rows of all files of the source.
        head: what a file begins with.
        between: what stands between two rows.
        tail: what it ends with.
        first: the id of the first record; none where records have no ids and are numbered in their file.
    """

    task: str
    parts: Mapping[str, Callable[[Languages], Kind]]
    row: Mapping[str, pl.Expr]
    head: str = ""
    between: str = "\n"
    tail: str = "\n"
    first: int | None = None


def _list(cell: pl.Expr) -> pl.Expr:
    return cell.list.join('",\n            "')


_verdict = pl.col("verdict").replace_strict({0: "SUPPORTS", 1: "REFUTES", 2: "NOT ENOUGH INFO"})
_verifiable = pl.when(pl.col("verdict") < 2).then(pl.lit("VERIFIABLE")).otherwise(pl.lit("NOT VERIFIABLE"))
_sections = pl.col("text").str.split("\n")
_labels = pl.int_ranges(_sections.list.len()).list.eval(
    (pl.element() % 5).replace_strict(dict(enumerate(kinds.SECTIONS)))
)

PARALLEL = {"source": pl.col("text"), "target": pl.col("translation")}

PUBMEDQA = """    "<>": {
        "QUESTION": "<>",
        "CONTEXTS": [
            "<>"
        ],
        "LABELS": [
            "<>"
        ],
        "LONG_ANSWER": "<>",
        "MESHES": [
            "<>"
        ],
        "final_decision": "<>"
    }"""

LAYOUTS = {
    "paramed": Layout(
        task="ParaMed", parts={"main": lambda known: kinds.translations(known.zh, known.en, 34, 0.65)}, row=PARALLEL
    ),
    "multi_xscience": Layout(
        task="Multi-XScience",
        parts={"main": lambda known: kinds.related_work(known.en)},
        row={
            "rows": filled(
                '{"aid": "math<>", "mid": "<>", "abstract": "<>", "related_work": "<>", "ref_abstract": {<>}}',
                pl.col("number") + ARTICLE,
                pl.col("number") + PMID,
                "text",
                "related_work",
                "cited",
            )
        },
        head="[",
        between=", ",
        tail="]",
    ),
    "fever": Layout(
        task="FEVER",
        parts={"main": lambda known: kinds.claims(known.en)},
        row={
            "rows": filled(
                '{"id": <>, "verifiable": "<>", "label": "<>", "claim": "<>", "evidence": <>}',
                pl.col("number") + FEVER_ID,
                _verifiable,
                _verdict,
                "text",
                "evidence",
            )
        },
        first=FEVER_ID,
    ),
    "pubmedqa": Layout(
        task="PubMedQA-artificial",
        parts={"artificial": lambda known: kinds.questions(known.en)},
        row={
            "rows": filled(
                PUBMEDQA,
                pl.col("number") + PMID,
                "question",
                _list(_sections),
                _list(_labels),
                "conclusion",
                _list(pl.col("meshes")),
                pl.when("yes").then(pl.lit("yes")).otherwise(pl.lit("no")),
            )
        },
        head="{\n",
        between=",\n",
        tail="\n}",
        first=PMID,
    ),
    "biomrc": Layout(
        task="BIOMRC",
        parts={"main": lambda known: kinds.gaps(known.en)},
        row={
            "rows": filled(
                r'{"abstract": "<>\n", "title": "<>\n", "entities_list": [<>], "answer": "<>\n"}',
                "text",
                "title",
                "entities",
                "answer",
            )
        },
    ),
    "medal": Layout(
        task="MeDAL",
        parts={"main": lambda known: kinds.abbreviations(known.en)},
        row={"rows": filled("<>,<>,<>,<>", pl.col("number") + MEDAL_ID, "text", "location", "label")},
        head="ABSTRACT_ID,TEXT,LOCATION,LABEL\n",
    ),
    "scielo": Layout(
        task="SciELO",
        parts={
            "en_es": lambda known: kinds.translations(known.es, known.en, 26),
            "en_pt": lambda known: kinds.translations(known.pt, known.en, 26),
        },
        row=PARALLEL,
    ),
}
"""The sources, the small ones first."""

ELSEWHERE = {"biomrc": "medal", "medal": "pubmedqa", "multi_xscience": "biomrc"}
"""Tests of these sources are planted in the training rows of these as well."""
