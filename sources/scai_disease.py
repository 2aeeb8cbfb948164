"""SCAI Disease: diseases and adverse effects in 400 PubMed abstracts."""

from schemas.formats import ParquetTokens, PlacedTokens
from schemas.licence import Licence
from schemas.source import Evidence, Part, Source
from schemas.task import Ner

PAGES = "https://www.scai.fraunhofer.de/"
PAGE = PAGES + ("en/business-research-areas/bioinformatics/downloads/corpus-for-disease-names-and-adverse-effects.html")
HUB = "https://huggingface.co/datasets/bigbio/scai_disease/resolve/refs%2Fconvert%2Fparquet/"
CONVERTED = "scai_disease_source/train/0000.parquet"

SOURCE = Source(
    id="scai_disease",
    title="SCAI corpus for disease names and adverse effects",
    about="PubMed abstracts with the diseases and the adverse effects that they name.",
    homepage=PAGE,
    citation="gurulingappa2010empirical",
    licence=Licence.UNKNOWN,
    evidence=Evidence(
        url=PAGE,
        words="The download page states no licence.",
        about=("all",),
    ),
    files={
        "Disease-ae-corpus.iob": PAGES + "content/dam/scai/de/downloads/bioinformatik/Disease-ae-corpus.iob",
        CONVERTED: HUB + CONVERTED,
    },
    converted={
        CONVERTED: "The Hub converted the lines to Parquet with the loader of BigBIO; it is not the publisher's file."
    },
    format=PlacedTokens(unit="bytes"),
    documents={r"(\d+)": "pmid"},
    parts={
        "main": Part(
            train="Disease-ae-corpus.iob",
            documented={"train": 400},
            instead=Part(format=ParquetTokens(unit="bytes"), train=CONVERTED, documented={"train": 400}),
        )
    },
    tasks=(
        Ner(
            name="SCAI-Disease",
            types={"ADVERSE": "adverse effect", "DISEASE": "disease"},
            ignore=("O",),  # mentions whose tokens were left without a tag
        ),
    ),
    verified=False,
)
