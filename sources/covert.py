"""CoVERT: does what people found on the web support or refute a tweet about COVID-19?"""

from collections.abc import Iterator
from typing import Any

from schemas.formats import JsonRows
from schemas.licence import Licence
from schemas.source import Evidence, Part, Source
from schemas.task import Te

FILE = "CoVERT_FC_annotations.jsonl"
# The authors' page offers an archive whose name is not known here; this is a copy in the repository of another study.
COPY = "https://raw.githubusercontent.com/jvladika/Comparing-Knowledge-Sources/3af65b05d184d4f1b16eaf8ba2c2bb3e28042676"


def pair(row: dict[str, Any], _tables: object) -> Iterator[dict[str, str]]:
    """A tweet with what its annotators found, without repeats; some found nothing, which the file writes as NaN."""
    found = dict.fromkeys(" ".join(text.split()) for _, _, text, _ in row["evidence"] if isinstance(text, str))
    evidence = " ".join(f"({number}) {text}" for number, text in enumerate(found, 1))
    yield {"id": row["id"], "first": evidence, "second": row["claim"].strip(), "label": row["label"]}


SOURCE = Source(
    id="covert",
    title="CoVERT, a Corpus of Fact-checked Biomedical COVID-19 Tweets",
    about="Tweets about COVID-19 with the evidence that three people found on the web, and their verdict.",
    homepage="https://www.ims.uni-stuttgart.de/data/bioclaim",
    citation="mohr2022covert",
    licence=Licence.UNKNOWN,
    evidence=Evidence(
        url="https://www.ims.uni-stuttgart.de/en/research/resources/corpora/bioclaim/",
        words="A CC BY-SA of no version covers annotations of corpora on the page; nothing covers the tweets.",
        about=("all",),
    ),
    files={FILE: f"{COPY}/Datasets/{FILE}"},
    format=JsonRows(record="Pair", lines=True, adapt=pair),
    documents="A tweet is one record, and its evidence is given without a source.",
    clean=("invisible", "glued", "spaces"),
    dirt="References to tables stand twice in texts copied from web pages; posts are as people wrote them.",
    parts={"main": Part(test=FILE, documented={"test": 300})},
    tasks=(
        Te(
            name="CoVERt",
            first="Evidence",
            second="Tweet",
            classes={"SUPPORTS": "supports", "REFUTES": "refutes", "NOT ENOUGH INFO": "not enough information"},
        ),
    ),
)
