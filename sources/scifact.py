"""SciFact: does an abstract support or contradict a scientific claim?"""

from collections.abc import Iterator
from typing import Any

from schemas.formats import JsonRows
from schemas.licence import Licence
from schemas.source import Evidence, Further, Part, Source
from schemas.task import Te

DATA = "data.tar.gz!data/"


def pairs(row: dict[str, Any], tables: dict[str, dict[str, dict[str, Any]]]) -> Iterator[dict[str, str]]:
    """One pair for each abstract with evidence; a claim without evidence is paired with the first abstract it cites."""
    labels = {document: found[0]["label"] for document, found in row["evidence"].items()}
    for document, label in (labels or {str(row["cited_doc_ids"][0]): "NOT_ENOUGH_INFO"}).items():
        paper = tables["corpus"][document]
        yield {
            "id": f"{row['id']}-{document}",
            "first": f"{paper['title']}\n{' '.join(paper['abstract'])}",
            "second": row["claim"],
            "label": label,
        }


SOURCE = Source(
    id="scifact",
    title="SciFact",
    about="Claims written by experts, with abstracts that support, contradict or do not decide them.",
    homepage="https://github.com/allenai/scifact",
    citation="wadden2020scifact",
    licence=Licence.CC_BY_4_0,
    evidence=Evidence(
        url="https://github.com/allenai/scifact/blob/master/LICENSE.md",
        words="Claims and evidence are under CC BY 4.0.",
        about=("annotations",),
    ),
    also=(
        Further(
            licence=Licence.ODC_BY_1_0,
            url="https://github.com/allenai/scifact/blob/master/LICENSE.md",
            words="The abstracts are part of S2ORC, under ODC-By 1.0.",
            about=("texts",),
        ),
    ),
    files={
        "data.tar.gz": (
            "https://scifact.s3-us-west-2.amazonaws.com/release/latest/data.tar.gz",
            "https://raw.githubusercontent.com/suzhentxt/healthver_mcqa/9a042ef320ca794b7bdf756e25f7dd3972c7f6ce/data%20(1).tar.gz",
        )
    },
    format=JsonRows(record="Pair", lines=True, index={"corpus": "doc_id"}, adapt=pairs),
    documents={r"\d+-(\d+)": "own"},
    clean=("entities", "invisible", "glued", "punctuation", "spaces"),
    dirt="One abstract holds U+FFFD for a character that was lost, two hold the placeholder `&NA;`.",
    parts={
        # The test claims are published without labels.
        "main": Part(
            train={"claims": DATA + "claims_train.jsonl", "corpus": DATA + "corpus.jsonl"},
            dev={"claims": DATA + "claims_dev.jsonl", "corpus": DATA + "corpus.jsonl"},
        ),
    },
    tasks=(
        Te(
            name="SciFact",
            first="Abstract",
            second="Claim",
            classes={
                "SUPPORT": "support",
                "CONTRADICT": "contradict",
                "NOT_ENOUGH_INFO": "not enough information",
            },
        ),
    ),
)
