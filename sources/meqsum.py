"""MeQSum: say a patient's question in one short question."""

from schemas.formats import Excel
from schemas.licence import Licence
from schemas.source import Evidence, Part, Source
from schemas.task import Sum

FILE = "MeQSum_ACL2019_BenAbacha_Demner-Fushman.xlsx"

SOURCE = Source(
    id="meqsum",
    title="MeQSum",
    about="Health questions as consumers wrote them to the NLM, each with a short question written by experts.",
    homepage="https://github.com/abachaa/MeQSum",
    citation="benabacha2019meqsum",
    licence=Licence.CC_BY_4_0,
    evidence=Evidence(
        url="https://github.com/abachaa/MeQSum",
        words="README: CC BY 4.0.",
        about=("all",),
    ),
    files={FILE: f"https://github.com/abachaa/MeQSum/raw/51e36cf65c12602333b6fdc3ae8ecf10430529f7/{FILE}"},
    format=Excel(record="Summary", fields={"id": "File", "text": "CHQ", "summary": "Summary"}),
    documents="Each question of a person is one record.",
    clean=("entities", "glued", "spaces"),
    dirt="Questions are as people typed them.",
    parts={"main": Part(train=FILE)},
    tasks=(Sum(name="MeQSum"),),
)
