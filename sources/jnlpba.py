"""JNLPBA: DNA, RNA, cell types and cell lines in 2,404 PubMed abstracts on human blood cells."""

from schemas.collections import mtl
from schemas.formats import Iob
from schemas.licence import Licence
from schemas.source import Evidence, Part, Source
from schemas.task import Ner

MTL = "https://raw.githubusercontent.com/cambridgeltl/MTL-Bioinformatics-2016/df0df02fae6dbb87d88ffcf323b9096528f06f84/data/JNLPBA/"
TYPES = {"DNA": "DNA", "RNA": "RNA", "cell_type": "cell type", "cell_line": "cell line"}


def one(name: str, type_: str) -> Ner:
    """The task that asks for one type, in sentences that have it; the protein is asked for in none."""
    others = tuple(other for other in (*TYPES, "protein") if other != type_)
    return Ner(name=name, answer="bio", types={type_: TYPES[type_]}, ignore=others)


SOURCE = Source(
    id="jnlpba",
    title="JNLPBA bio-entity recognition corpus",
    about="Sentences of PubMed abstracts from the GENIA corpus with five types of molecular and cellular entities.",
    homepage="http://www.geniaproject.org/shared-tasks/bionlp-jnlpba-shared-task-2004",
    citation="collier2004jnlpba",
    licence=Licence.GENIA,
    evidence=Evidence(
        url="https://github.com/cambridgeltl/MTL-Bioinformatics-2016/blob/master/data/JNLPBA/original-data/train/LICENSE",
        words="LICENSE of the corpus: annotations CC BY 3.0, to be attributed; abstracts under the terms of PubMed.",
        about=("annotations",),
    ),
    also=(mtl(),),
    files={
        "JNLPBA/train.tsv": MTL + "train.tsv",
        "JNLPBA/devel.tsv": MTL + "devel.tsv",
        "JNLPBA/test.tsv": MTL + "test.tsv",
    },
    format=Iob(document="-DOCSTART-"),
    documents="The tagged sentences do not say from which article they are.",
    parts={
        "main": Part(
            train="JNLPBA/train.tsv",
            dev="JNLPBA/devel.tsv",
            test="JNLPBA/test.tsv",
            documented={"train": 16807, "dev": 1739, "test": 3856},
        )
    },
    tasks=(
        one("JNLPBA-DNA", "DNA"),
        one("JNLPBA-RNA", "RNA"),
        one("JNLPBA-CT", "cell_type"),
        one("JNLPBA-CL", "cell_line"),
    ),
    verified=False,
)
