"""MedHop: which drug interacts with a given one, as several abstracts tell only together?"""

from collections.abc import Iterator
from typing import Any

from schemas.formats import JsonRows
from schemas.licence import Licence
from schemas.source import Evidence, Further, Part, Source
from schemas.task import Qa

DATA = "qangaroo_v1.1.zip!qangaroo_v1.1/medhop/"


def question(row: dict[str, Any], _: Any) -> Iterator[dict[str, Any]]:
    """A query with its documents, numbered and each on a line."""
    relation, _, drug = row["query"].partition(" ")
    documents = (" ".join(text.split()) for text in row["supports"])
    yield {
        "id": row["id"],
        "text": f"Which drug {relation.replace('_', ' ')} {drug.removesuffix('?')}?",
        "context": "\n".join(f"Document {number}: {text}" for number, text in enumerate(documents, 1)),
        "choices": row["candidates"],
        "answers": row["answer"],
    }


SOURCE = Source(
    id="medhop",
    title="QAngaroo MedHop",
    about="Queries for the drug that interacts with a given one, with the abstracts whose facts have to be combined.",
    homepage="http://qangaroo.cs.ucl.ac.uk",
    citation="welbl2018qangaroo",
    licence=Licence.CC_BY_SA_3_0,
    evidence=Evidence(
        url="http://qangaroo.cs.ucl.ac.uk",
        words="The authors give both QAngaroo datasets under CC BY-SA 3.0.",
        about=(
            "compilation",
            "annotations",
        ),
    ),
    also=(
        Further(
            licence=Licence.DRUGBANK,
            url="http://qangaroo.cs.ucl.ac.uk",
            words="Questions and answers are drug interactions taken from DrugBank, whose data may not be used "
            "commercially without its licence.",
            about=("codes",),
        ),
    ),
    files={
        "qangaroo_v1.1.zip": (
            "https://huggingface.co/datasets/community-datasets/qangaroo/resolve/83a39d6809957620f77a744d34fb36e38566ba4d/qangaroo_v1.1.zip",
            "https://drive.google.com/uc?export=download&id=1ytVZ4AhubFDOEL7o7XrIRIyhU8g9wvKA",
        ),
    },
    # The test set is not published. In the masked files every identifier is a random one.
    format=JsonRows(record="Question", adapt=question),
    documents="Each question has abstracts of many articles, which the files do not name.",
    dirt="Words and punctuation marks are separated by spaces.",
    parts={"main": Part(train=DATA + "train.json", dev=DATA + "dev.json", documented={"train": 1620, "dev": 342})},
    tasks=(Qa(name="MedHop"),),
    partial=frozenset({"ba7c1680361db28edd996123f55740a490f46e17e8e552e521bdcdb33b6e5a99"}),
)
