"""SCAI Chemical: names of chemicals, by the way they are named, in 100 PubMed abstracts."""

from schemas.formats import ParquetTokens, PlacedTokens
from schemas.licence import Licence
from schemas.source import Evidence, Part, Source
from schemas.task import Ner

NAME = "chemicals-test-corpus-27-04-2009-v3_iob"
PAGES = "https://www.scai.fraunhofer.de/"
HUB = "https://huggingface.co/datasets/bigbio/scai_chemical/resolve/refs%2Fconvert%2Fparquet/"
CONVERTED = "scai_chemical_source/train/0000.parquet"

SOURCE = Source(
    id="scai_chemical",
    title="SCAI corpus for chemical entity recognition",
    about="PubMed abstracts with the names of chemicals, sorted into systematic, trivial, short and other names.",
    homepage=(
        PAGES + "en/business-research-areas/bioinformatics/downloads/corpora-for-chemical-entity-recognition.html"
    ),
    citation="kolarik2008chemical",
    licence=Licence.UNKNOWN,
    evidence=Evidence(
        url=PAGES + "en/business-research-areas/bioinformatics/downloads/corpora-for-chemical-entity-recognition.html",
        words="Neither the download page nor the file states a licence.",
        about=("all",),
    ),
    files={
        f"{NAME}.gz": (
            f"{PAGES}content/dam/scai/de/downloads/bioinformatik/Corpora-for-Chemical-Entity-Recognition/{NAME}.gz"
        ),
        CONVERTED: HUB + CONVERTED,
    },
    converted={
        CONVERTED: "The Hub converted the lines to Parquet with the loader of BigBIO; it is not the publisher's file."
    },
    format=PlacedTokens(unit="bytes"),
    documents={r"(\d+)": "pmid"},
    clean=("entities", "pmid", "glued", "punctuation", "spaces"),
    dirt=(
        "Brackets, numbers and some letters within names were lost with their tokens, and most abstracts have no title."
    ),
    parts={
        "main": Part(
            train=f"{NAME}.gz!{NAME}",
            instead=Part(format=ParquetTokens(unit="bytes", taken="mac-roman"), train=CONVERTED),
        )
    },
    tasks=(
        Ner(
            name="SCAI-Chemical",
            types={
                "ABBREVIATION": "abbreviation",
                "FAMILY": "family name",
                "IUPAC": "IUPAC name",
                "MODIFIER": "modifier",
                "PARTIUPAC": "partial IUPAC name",
                "SUM": "sum formula",
                "TRIVIAL": "trivial name",
                "TRIVIALVAR": "trivial name with a variable part",
            },
            ignore=("O",),  # ten mentions whose tokens were left without a tag
        ),
    ),
)
