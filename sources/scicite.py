"""SciCite: why does a sentence cite another paper?"""

from collections.abc import Iterator
from typing import Any

from schemas.formats import JsonRows
from schemas.licence import Licence
from schemas.source import Evidence, Part, Source
from schemas.task import TxtClass


def sentence(row: dict[str, Any], _: Any) -> Iterator[dict[str, Any]]:
    """A sentence with its citation; some copies do not say in which paper it stands."""
    yield {"text": row["string"], "labels": row["label"], "origin": row.get("citingPaperId", "")}


SOURCE = Source(
    id="scicite",
    title="SciCite",
    about="Sentences of scientific papers with the intent of their citation.",
    homepage="https://github.com/allenai/scicite",
    citation="cohan2019scicite",
    licence=Licence.UNKNOWN,
    evidence=Evidence(
        url="https://github.com/allenai/scicite",
        words="Apache-2.0 for a repository of programs; the data lie elsewhere, and a question about their "
        "licence is unanswered (issue 17).",
        about=("all",),
    ),
    files={"scicite.tar.gz": "https://s3-us-west-2.amazonaws.com/ai2-s2-research/scicite/scicite.tar.gz"},
    format=JsonRows(record="Text", lines=True, adapt=sentence),
    documents={r"([0-9a-f]{12,})": "own"},
    clean=("mojibake", "invisible", "lines", "punctuation", "spaces"),
    dirt="Contexts cut from pages hold hyphens of line ends, pieces of formulas and running heads.",
    parts={
        "main": Part(
            train="scicite.tar.gz!scicite/train.jsonl",
            dev="scicite.tar.gz!scicite/dev.jsonl",
            test="scicite.tar.gz!scicite/test.jsonl",
        ),
    },
    tasks=(TxtClass(name="SciCite", classes={"background": "background", "method": "method", "result": "result"}),),
    derived={
        "48775795a6aea8a182f4eb2ca4e3c56aab7ad28873bf4e55c939abc268b5f729": (
            "Its training set was taken from a table that repeats rows, of which the first 8,243 are the original ones."
        ),
    },
)
