"""ChemProt: chemicals, genes and what they do to each other in 2,432 PubMed abstracts."""

from schemas.formats import StandoffTables
from schemas.licence import Licence
from schemas.source import Evidence, Part, Source
from schemas.task import Ner, Re


def tables(split: str, folder: str, suffix: str = "") -> dict[str, str]:
    """The three tables of a split, in the archive within the archive."""
    inner = f"ChemProt_Corpus.zip!ChemProt_Corpus/{folder}.zip!{folder}/chemprot_{split}"
    return {role: f"{inner}_{role}{suffix}.tsv" for role in ("abstracts", "entities", "relations")}


SOURCE = Source(
    id="chemprot",
    title="ChemProt corpus of BioCreative VI",
    about="PubMed abstracts with chemicals, genes or proteins and eleven groups of relations between them.",
    homepage="https://biocreative.bioinformatics.udel.edu/news/corpora/chemprot-corpus-biocreative-vi/",
    citation="krallinger2017chemprot",
    licence=Licence.UNKNOWN,
    evidence=Evidence(
        url="https://biocreative.bioinformatics.udel.edu/news/corpora/chemprot-corpus-biocreative-vi/",
        words="The page of the corpus asks for a login and states no licence of the data.",
        about=("all",),
    ),
    files={
        "ChemProt_Corpus.zip": (
            "https://huggingface.co/datasets/bigbio/chemprot/resolve/main/ChemProt_Corpus.zip",
            "https://biocreative.bioinformatics.udel.edu/media/store/files/2017/ChemProt_Corpus.zip",
        ),
    },
    format=StandoffTables(relation=1),
    documents={r"(\d+)": "pmid"},
    clean=("entities", "tags", "glued", "punctuation", "spaces"),
    parts={
        "main": Part(
            train=tables("training", "chemprot_training"),
            dev=tables("development", "chemprot_development"),
            test=tables("test", "chemprot_test_gs", "_gs"),
        ),
    },
    tasks=(
        Ner(
            name="ChemProt",
            types={
                "CHEMICAL": "chemical",
                "GENE-Y": "specific gene or protein",
                "GENE-N": "other gene or protein",
            },
        ),
        Re(
            name="ChemProt-RE",
            types={
                "CPR:0": "has an undefined relation to",
                "CPR:1": "is part of",
                "CPR:2": "regulates",
                "CPR:3": "activates",
                "CPR:4": "inhibits",
                "CPR:5": "is an agonist of",
                "CPR:6": "is an antagonist of",
                "CPR:7": "modulates",
                "CPR:8": "is a cofactor of",
                "CPR:9": "is a substrate or product of",
                "CPR:10": "is said to have no effect on",
            },
        ),
    ),
)
