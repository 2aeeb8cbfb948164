"""GENETAG: genes and proteins in 15,000 sentences of PubMed abstracts."""

from schemas.formats import TokenSpans
from schemas.licence import Licence
from schemas.source import Evidence, Part, Source
from schemas.task import Ner

REPOSITORY = "https://github.com/openbiocorpora/genetag"
RAW = "https://raw.githubusercontent.com/openbiocorpora/genetag/308185a4bac79537aac3c65b1428ef89b798db87/original-data/"
FILES = {"sentences": "TOKENIZED_CORPUS", "mentions": "Gold.format"}


def members(folder: str) -> dict[str, str]:
    """The files of a split."""
    return {role: f"{folder}/{name}" for role, name in FILES.items()}


SOURCE = Source(
    id="genetag",
    title="GENETAG",
    about="Sentences of PubMed abstracts, half of them likely to name a gene, with the names of genes and proteins.",
    homepage=REPOSITORY,
    citation="tanabe2005genetag",
    licence=Licence.PUBLIC_DOMAIN,
    evidence=Evidence(
        url=REPOSITORY + "/blob/master/original-data/train/README",
        words="Public domain notice of the NCBI: a work of the US government without restriction on its use.",
        about=("annotations",),
    ),
    files={
        f"{folder}/{name}": f"{RAW}{folder}/{name}" for folder in ("train", "test", "round1") for name in FILES.values()
    },
    format=TokenSpans(type="NEWGENE"),
    documents="Sentences have numbers of their own, which name no article.",
    dirt="Words and punctuation marks are separated by spaces.",
    parts={
        # BioCreAtIvE had `test` for development, and judged its first round on `round1`.
        "main": Part(train=members("train"), dev=members("test"), test=members("round1")),
    },
    tasks=(Ner(name="GENETAG", types={"NEWGENE": "gene or protein"}),),
)
