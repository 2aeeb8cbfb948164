"""Multi-XScience: write the related-work paragraph of a paper from its abstract and those of the papers it cites."""

from collections.abc import Iterator
from typing import Any

from schemas.formats import JsonRows
from schemas.licence import Licence
from schemas.source import Evidence, Further, Part, Source
from schemas.task import Sum


def related_work(row: dict[str, Any], _tables: object) -> Iterator[dict[str, str]]:
    """The abstracts, those of cited papers each after the mark that stands for it in the related work."""
    cited = (f"{mark}: {paper['abstract'].strip() or 'no abstract'}" for mark, paper in row["ref_abstract"].items())
    text = "\n".join([f"Abstract: {row['abstract'].strip()}", *cited])
    yield {"text": text, "summary": row["related_work"].strip(), "origin": row.get("aid", "")}


SOURCE = Source(
    id="multi_xscience",
    title="Multi-XScience",
    about="Abstracts of arXiv papers and of the papers they cite, with the paragraph of related work that cites them.",
    homepage="https://github.com/yaolu/Multi-XScience",
    citation="lu2020multixscience",
    licence=Licence.MIT,
    evidence=Evidence(
        url="https://github.com/yaolu/Multi-XScience/blob/master/LICENSE",
        words="LICENSE (MIT) of those who put the texts together.",
        about=("compilation",),
        enclosed=("mit-multi-xscience.txt",),
    ),
    also=(
        Further(
            licence=Licence.UNKNOWN,
            url="https://info.arxiv.org/help/license/reuse.html",
            words="Abstracts and related work are from arXiv, most of whose papers are under a licence that "
            "grants arXiv alone the right to distribute.",
            about=("texts",),
        ),
    ),
    files={
        name: f"https://raw.githubusercontent.com/yaolu/Multi-XScience/65597703a3d458a2ce4c80611d93675a21aa840c/data/{name}"
        for name in ("train.json.gz", "val.json.gz", "test.json.gz")
    },
    format=JsonRows(record="Summary", adapt=related_work),
    documents={r"([a-z-]+\d+|\d{4}\.\d+)": "own"},
    parts={
        "main": Part(
            train="train.json.gz!train.json",
            dev="val.json.gz!val.json",
            test="test.json.gz!test.json",
            documented={"train": 30369, "dev": 5066, "test": 5093},
        ),
    },
    tasks=(
        Sum(
            name="Multi-XScience",
            answerable="partly",
            because="The paragraph names authors and details of the cited papers that their abstracts do not have.",
        ),
    ),
    partial=frozenset({"8fb30b287f6de713670ab6c670b34fc38b6e29764382056c78b14749fc35e89e"}),
)
