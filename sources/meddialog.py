"""MedDialog: who speaks in a consultation about COVID-19, the patient or the doctor?"""

from collections.abc import Iterator
from typing import Any

from schemas.formats import JsonRows
from schemas.licence import Licence
from schemas.source import Evidence, Part, Source
from schemas.task import TxtClass

DRIVE = "https://drive.google.com/uc?export=download&id="


def utterances(row: dict[str, Any], _tables: object) -> Iterator[dict[str, str]]:
    """Each utterance of a dialogue; the speaker stands before its first colon."""
    for utterance in row["utterances"]:
        speaker, _, text = utterance.partition(":")
        yield {"text": text.strip(), "labels": speaker.strip()}


SOURCE = Source(
    id="meddialog",
    title="MedDialog, the English dialogues about COVID-19",
    about="Consultations of patients with doctors on the web about COVID-19 and related illnesses.",
    homepage="https://github.com/UCSD-AI4H/Medical-Dialogue-System",
    citation="zeng2020meddialog",
    licence=Licence.UNKNOWN,
    evidence=Evidence(
        url="https://github.com/UCSD-AI4H/Medical-Dialogue-System",
        words="No licence; all copyrights stay with icliniq.com, healthcaremagic.com and healthtap.com.",
        about=("all",),
    ),
    files={
        "english-train.json": DRIVE + "1ria4E6IdTIPsikL4Glm3uy1tFKJKw0W8",
        "english-dev.json": DRIVE + "1KAZneuwdfEVQQM6euCX4pMDP-9DQpiB5",
        "english-test.json": DRIVE + "10izqL71kcgnteYsf87Vh6j_mZ8sZM2Rc",
    },
    # The paper counts utterances, of the 603 dialogues about COVID-19.
    format=JsonRows(record="Text", adapt=utterances),
    documents="Utterances of dialogues, which the files do not tell apart.",
    dirt="All texts are in lower case.",
    parts={
        "main": Part(
            train="english-train.json",
            dev="english-dev.json",
            test="english-test.json",
            documented={"train": 981, "dev": 126, "test": 122},
        ),
    },
    tasks=(TxtClass(name="MedDialog", classes={"patient": "patient", "doctor": "doctor"}),),
    verified=False,
)
