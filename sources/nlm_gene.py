"""NLM-Gene: genes of many species and their identifiers in 550 PubMed abstracts."""

from schemas.formats import BioC
from schemas.licence import Licence
from schemas.source import Evidence, Part, Source
from schemas.task import Ned, Ner

CORPUS = "NLM-Gene-Corpus.zip!Corpus/"

SOURCE = Source(
    id="nlm_gene",
    title="NLM-Gene",
    about="PubMed abstracts rich in ambiguous gene names, with genes, gene families and their identifiers.",
    homepage="https://zenodo.org/record/5089049",
    citation="islamaj2021nlmgene",
    licence=Licence.CC0_1_0,
    evidence=Evidence(
        url="https://zenodo.org/record/5089049",
        words="The record states CC0 1.0.",
        about=("annotations",),
    ),
    files={"NLM-Gene-Corpus.zip": "https://zenodo.org/record/5089049/files/NLM-Gene-Corpus.zip"},
    format=BioC(links={"NCBI Gene identifier": "NCBI Gene"}),
    documents={r"(\d+)": "pmid"},
    clean=("glued", "punctuation", "spaces"),
    parts={
        "main": Part(
            train={"documents": CORPUS + "FINAL/*.XML", "ids": CORPUS + "Pmidlist.Train.txt"},
            test={"documents": CORPUS + "FINAL/*.XML", "ids": CORPUS + "Pmidlist.Test.txt"},
        ),
    },
    tasks=(
        Ner(
            name="NLM-Gene",
            types={
                "Gene": "gene",
                "GENERIF": "gene",
                "STARGENE": "gene",
                "FamilyName": "gene family",
                "DomainMotif": "domain or motif",
                "Cell": "cell",
                "ChromosomeLocation": "chromosome location",
            },
            ignore=("Domain", "Other"),
        ),
        Ned(
            name="NLM-Gene-NED",
            databases=("NCBI Gene",),
            answerable="partly",
            because="A gene family is linked to members that the curator chose; the text does not always say which.",
        ),
    ),
    derived={
        "3d28919c8db4522e3c1783d8a693e4b1d8100517f05a86a7dd1755a8cd70c9b7": (
            "It was written anew from the PubTator files of AIONER, which keep genes and their types only."
        ),
    },
)
