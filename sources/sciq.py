"""SciQ: exam questions of the natural sciences with four answers to choose from, most with a passage that helps."""

from collections.abc import Iterator
from typing import Any

from schemas.formats import JsonRows
from schemas.licence import Licence
from schemas.source import Evidence, Part, Source
from schemas.task import Qa

DATA = "SciQ.zip!SciQ dataset-2 3/"
WRONG = ("distractor1", "distractor2", "distractor3")


def question(row: dict[str, Any], _: Any) -> Iterator[dict[str, Any]]:
    """A question, its choices in alphabetical order, which tells nothing about the right one."""
    choices = {row["correct_answer"], *(row[name] for name in WRONG)}
    yield {
        "text": row["question"],
        "context": row["support"],
        "choices": sorted(choices, key=lambda choice: (choice.casefold(), choice)),
        "answers": row["correct_answer"],
    }


SOURCE = Source(
    id="sciq",
    title="SciQ",
    about="Crowdsourced exam questions of physics, chemistry and biology with four choices, most with a passage.",
    homepage="https://allenai.org/data/sciq",
    citation="welbl2017sciq",
    licence=Licence.CC_BY_NC_3_0,
    evidence=Evidence(
        url="https://allenai.org/data/sciq",
        words="The authors give the dataset under CC BY-NC 3.0.",
        about=("all",),
    ),
    files={
        "SciQ.zip": (
            "https://ai2-public-datasets.s3.amazonaws.com/sciq/SciQ.zip",
            "https://s3-us-west-2.amazonaws.com/ai2-website/data/SciQ.zip",
        ),
    },
    format=JsonRows(record="Question", adapt=question),
    documents="Questions come with passages of books that the files do not name.",
    parts={
        "main": Part(
            train=DATA + "train.json",
            dev=DATA + "valid.json",
            test=DATA + "test.json",
            documented={"train": 11679, "dev": 1000, "test": 1000},
        )
    },
    tasks=(Qa(name="SciQ"),),
    partial=frozenset({"fbbee6925b57b647e4119d86bfc8b144a870781a6790c2746b18efb4d3bfcb20"}),
)
