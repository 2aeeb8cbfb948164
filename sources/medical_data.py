"""Medical-Data: what does a patient's text say about a drug: good, bad or neither?"""

from schemas.formats import Delimited
from schemas.licence import Licence
from schemas.source import Evidence, Part, Source
from schemas.task import TextPairClass

SOURCE = Source(
    id="medical_data",
    title="Medical data of the Analytics Vidhya sentiment hackathon",
    about="Texts of patients and doctors with a drug's name and the sentiment towards that drug.",
    homepage="https://www.kaggle.com/datasets/arbazkhan971/analyticvidhyadatasetsentiment",
    citation="khan2019medicaldata",
    licence=Licence.UNKNOWN,
    evidence=Evidence(
        url="https://www.kaggle.com/datasets/arbazkhan971/analyticvidhyadatasetsentiment",
        words="No licence is stated.",
        about=("all",),
    ),
    access="registration",
    apply="https://www.kaggle.com/datasets/arbazkhan971/analyticvidhyadatasetsentiment",
    files={"train_F3WbcTw.csv": "https://www.kaggle.com/datasets/arbazkhan971/analyticvidhyadatasetsentiment"},
    # The test file has no labels. The codes are those of the hackathon's own page; third parties list them reversed.
    format=Delimited(
        record="Pair", fields={"id": "unique_hash", "first": "drug", "second": "text", "label": "sentiment"}
    ),
    documents="Posts of users; the file does not say of which site.",
    parts={"main": Part(train="train_F3WbcTw.csv", documented={"train": 5279})},
    tasks=(
        TextPairClass(
            name="Medical-Data",
            first="Drug",
            second="Text",
            classes={"0": "positive", "1": "negative", "2": "neutral"},
        ),
    ),
    verified=False,
)
