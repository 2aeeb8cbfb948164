"""AskAPatient: which medical concept does a patient's phrase mean?"""

from schemas.formats import Delimited
from schemas.licence import Licence
from schemas.source import Evidence, Further, Part, Source
from schemas.task import Ned

FOLD = "datasets.zip!datasets/AskAPatient/AskAPatient.fold-0."
AMT = r"(\d+1000036\d{3})"
"""Identifiers of the Australian Medicines Terminology: before the last three digits they have its namespace."""

SOURCE = Source(
    id="ask_a_patient",
    title="AskAPatient concept normalisation data",
    about="Phrases from patients' reviews of drugs, each with its SNOMED CT or AMT concept; the first of ten folds.",
    homepage="https://zenodo.org/record/55013",
    citation="limsopatham2016normalising",
    licence=Licence.CSIRO_DATA,
    evidence=Evidence(
        url="https://data.csiro.au/collection/csiro:10948",
        words="Phrases are from CADEC, whose authors permit use for research only, under the CSIRO Data Licence.",
        about=("texts",),
    ),
    also=(
        Further(
            licence=Licence.CC_BY_4_0,
            url="https://zenodo.org/record/55013",
            words="The record of those who made folds of the phrases states CC BY 4.0; they do not own the phrases.",
            about=("compilation",),
        ),
        Further(
            licence=Licence.SNOMED_CT,
            url="https://www.snomed.org/get-snomed",
            words="Answers are identifiers of SNOMED CT and of its Australian extension AMT; the training data "
            "hold names of concepts too.",
            about=("codes",),
        ),
    ),
    files={"datasets.zip": "https://zenodo.org/record/55013/files/datasets.zip"},
    format=Delimited(
        record="Text",
        separator="\t",
        quote=None,
        header=False,
        encoding="cp1252",
        fields={"labels": 0, "text": 2},
    ),
    documents="Phrases of posts; the files do not say of which.",
    parts={"main": Part(train=FOLD + "train.txt", dev=FOLD + "validation.txt", test=FOLD + "test.txt")},
    tasks=(
        Ned(
            name="AskAPatient-NED",
            per="phrase",
            databases=("SNOMED CT", "AMT"),
            patterns={AMT: "AMT"},
        ),
    ),
)
