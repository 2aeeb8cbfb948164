"""MQP: do two medical questions ask the same?"""

from schemas.formats import Delimited
from schemas.licence import Licence
from schemas.source import Evidence, Part, Source
from schemas.task import Sts

SOURCE = Source(
    id="mqp",
    title="Medical Question Pairs",
    about="Pairs of patients' questions, the second rewritten by a doctor to mean the same or something else.",
    homepage="https://github.com/curai/medical-question-pair-dataset",
    citation="mccreery2020mqp",
    licence=Licence.UNKNOWN,
    evidence=Evidence(
        url="https://github.com/curai/medical-question-pair-dataset",
        words="The repository states no licence.",
        about=("all",),
    ),
    files={
        "mqp.csv": "https://raw.githubusercontent.com/curai/medical-question-pair-dataset/6c7f7fd7a53cedc6fec105c0c6cb78f2e9a82cd1/mqp.csv"
    },
    format=Delimited(record="Pair", header=False, fields={"first": 1, "second": 2, "label": 3}),
    documents="Questions of patients and doctors come from no publication.",
    clean=("glued", "spaces"),
    dirt="Questions are as people typed them.",
    parts={"main": Part(train="mqp.csv")},
    tasks=(Sts(name="MQP", scale=(0, 1), scores=(0, 5), first="Question 1", second="Question 2"),),
)
