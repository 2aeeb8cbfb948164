"""DrugProt: chemicals, genes and thirteen relations between them in PubMed abstracts (BioCreative VII)."""

from schemas.formats import StandoffTables
from schemas.licence import Licence
from schemas.source import Evidence, Part, Source
from schemas.task import Ner, Re


def tables(split: str) -> dict[str, str]:
    """The three tables of a split; one of their names is misspelt."""
    start = "drugprot-training-development-test-background.zip!drugprot-gs-training-development"
    names = {"abstracts": "abstracs", "entities": "entities", "relations": "relations"}
    return {role: f"{start}/{split}/drugprot_{split}_{name}.tsv" for role, name in names.items()}


SOURCE = Source(
    id="drugprot",
    title="DrugProt corpus of BioCreative VII",
    about="PubMed abstracts with chemicals, genes or proteins and how the ones act upon the others.",
    homepage="https://zenodo.org/record/5119892",
    citation="miranda2021drugprot",
    licence=Licence.CC_BY_4_0,
    evidence=Evidence(
        url="https://zenodo.org/record/5119892",
        words="The record states CC BY 4.0.",
        about=("annotations",),
    ),
    files={
        "drugprot-training-development-test-background.zip": (
            "https://zenodo.org/record/5119892/files/drugprot-training-development-test-background.zip?download=1"
        ),
    },
    format=StandoffTables(relation=1),
    # The test set is published among 10,000 other abstracts and without annotations.
    documents={r"(\d+)": "pmid"},
    clean=("entities", "tags", "glued", "punctuation", "spaces"),
    parts={"main": Part(train=tables("training"), dev=tables("development"), documented={"train": 3500, "dev": 750})},
    tasks=(
        Ner(
            name="DrugProt",
            # Only the training set says whether a name leads to one entry of a database (Y) or not (N).
            types={
                "CHEMICAL": "chemical",
                "GENE": "gene or protein",
                "GENE-N": "gene or protein",
                "GENE-Y": "gene or protein",
            },
        ),
        Re(
            name="DrugProt-RE",
            types={
                "ACTIVATOR": "activates",
                "AGONIST": "is an agonist of",
                "AGONIST-ACTIVATOR": "is an agonist and activator of",
                "AGONIST-INHIBITOR": "is an agonist and inhibitor of",
                "ANTAGONIST": "is an antagonist of",
                "DIRECT-REGULATOR": "directly regulates",
                "INDIRECT-DOWNREGULATOR": "indirectly downregulates",
                "INDIRECT-UPREGULATOR": "indirectly upregulates",
                "INHIBITOR": "inhibits",
                "PART-OF": "is part of",
                "PRODUCT-OF": "is a product of",
                "SUBSTRATE": "is a substrate of",
                "SUBSTRATE_PRODUCT-OF": "is a substrate and product of",
            },
        ),
    ),
    partial=frozenset({"76df6446f75a85979062bae5a3741322aff37106dc02093567194bb2add693f4"}),
)
