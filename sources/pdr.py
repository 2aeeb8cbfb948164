"""PDR: plants, diseases and what the ones do to the others in 179 PubMed abstracts."""

from schemas.formats import Agreed, ParquetTwice
from schemas.licence import Licence
from schemas.source import Evidence, Part, Source
from schemas.task import Coref, Ee, Ner

EVENTS = {
    "Association": "association",
    "Cause_of_disease": "cause of disease",
    "Negative": "negative",
    "Treatment_of_disease": "treatment of disease",
}

HUB = "https://huggingface.co/datasets/bigbio/pdr/resolve/refs%2Fconvert%2Fparquet/"
FIRST, SECOND = (f"pdr_annotator{number}_source/train/0000.parquet" for number in (1, 2))
HOW = "The Hub converted each annotator's files to Parquet with BigBIO's loader; it is not the publisher's archive."

SOURCE = Source(
    id="pdr",
    title="Plant-Disease Relation corpus",
    about="PubMed abstracts with plants, diseases, equal names and events between them, annotated by two people.",
    homepage="http://gcancer.org/pdr/",
    citation="kim2019pdr",
    licence=Licence.UNKNOWN,
    evidence=Evidence(
        url="http://gcancer.org/pdr/",
        words="The page of the download states no licence.",
        about=("all",),
    ),
    files={
        "Plant-Disease_Corpus.tar.gz": "http://gcancer.org/pdr/Plant-Disease_Corpus.tar.gz",
        FIRST: HUB + FIRST,
        SECOND: HUB + SECOND,
    },
    converted=dict.fromkeys((FIRST, SECOND), HOW),
    format=Agreed(annotations=(".ann",), second=(".ann2",)),
    documents={r"(\d+)": "pmid"},
    parts={
        "main": Part(
            train="Plant-Disease_Corpus.tar.gz!Plant-Disease_Corpus/*",
            documented={"train": 179},
            instead=Part(format=ParquetTwice(), train={"first": FIRST, "second": SECOND}, documented={"train": 179}),
        ),
    },
    tasks=(
        Ner(name="PDR", types={"Disease": "disease", "Plant": "plant"}, ignore=tuple(EVENTS)),
        Coref(name="PDR-COREF"),
        Ee(name="PDR-EE", types=EVENTS),
    ),
    verified=False,
)
