"""MedCalc-Bench: what does a clinical calculator give for the patient of a note?"""

from schemas.formats import Delimited
from schemas.licence import Licence
from schemas.source import Evidence, Part, Source
from schemas.task import Qa

REPOSITORY = "https://github.com/ncbi-nlp/MedCalc-Bench"

SOURCE = Source(
    id="medcalc_bench",
    title="MedCalc-Bench",
    about="Notes on patients, each with a question for one of 55 clinical scores, equations or dates.",
    homepage=REPOSITORY,
    citation="khandekar2024medcalc",
    licence=Licence.CC_BY_SA_4_0,
    evidence=Evidence(
        url=f"{REPOSITORY}/blob/main/README.md",
        words="README: the notes come from Open-Patients, and both it and MedCalc-Bench are under CC BY-SA 4.0.",
        about=("annotations", "texts"),
    ),
    files={
        "train_data.csv.zip": f"{REPOSITORY}/raw/main/dataset/train_data.csv.zip",
        "test_data.csv": f"{REPOSITORY}/raw/main/dataset/test_data.csv",
    },
    # The explanation and the values found in the note are left out: they give the answer away.
    format=Delimited(
        record="Question",
        fields={
            "id": "Row Number",
            "text": "Question",
            "context": "Patient Note",
            "answers": "Ground Truth Answer",
            "origin": "Note ID",
        },
    ),
    documents={r"pmc-(\d+)-\d+": "pmcid", r"(.+)": "own"},
    dirt="Notes refer to figures that are not part of them, and have superscripts as plain digits.",
    parts={"main": Part(train="train_data.csv.zip!train_data.csv", test="test_data.csv")},
    tasks=(
        Qa(
            name="MedCalc-Bench",
            answerable="partly",
            because="Decimal answers are given to three places, and the authors accept what is within 5 percent of "
            "them; some follow from rules that the question does not repeat.",
        ),
    ),
    paper=None,
    verified=False,
)
