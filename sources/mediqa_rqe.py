"""MEDIQA-RQE: does the answer to one health question also answer another?"""

from schemas.formats import XmlRows
from schemas.licence import Licence
from schemas.source import Evidence, Further, Part, Source
from schemas.task import Te

DATA = "master.zip!MEDIQA2019-*/MEDIQA_Task2_RQE/MEDIQA2019-Task2-RQE-"

SOURCE = Source(
    id="mediqa_rqe",
    title="MEDIQA 2019, Recognizing Question Entailment",
    about="Pairs of a consumer's or clinician's question and a frequent question, entailed or not.",
    homepage="https://sites.google.com/view/mediqa2019",
    citation="benabacha2019mediqa",
    licence=Licence.CC_BY_4_0,
    evidence=Evidence(
        url="https://github.com/abachaa/RQE_Data_AMIA2016/blob/master/Readme.txt",
        words="The author released the training and validation pairs, which are those of her AMIA 2016 "
        "data, under CC BY 4.0.",
        about=("all",),
    ),
    also=(
        Further(
            licence=Licence.UNKNOWN,
            url="https://github.com/abachaa/MEDIQA2019",
            words="The repository of the challenge states no licence, and the test pairs are published nowhere else.",
            about=("all",),
            splits=("test",),
        ),
    ),
    files={"master.zip": "https://github.com/abachaa/MEDIQA2019/archive/ae5d3826d6c841923b9db831159fef0f1b893593.zip"},
    format=XmlRows(
        record="Pair", row="pair", fields={"id": "@pid", "first": "chq", "second": "faq", "label": "@value"}
    ),
    documents="Pairs of questions of people and of websites.",
    clean=("entities", "quotes", "glued"),
    dirt="Questions are as people typed them.",
    parts={
        "main": Part(
            train=DATA + "TrainingSet-AMIA2016.xml",
            dev=DATA + "ValidationSet-AMIA2016.xml",
            test=DATA + "TestSet-wLabels.xml",
        ),
    },
    tasks=(
        Te(
            name="MEDIQA-RQE",
            first="Question A",
            second="Question B",
            classes={"true": "entailed", "false": "not entailed"},
        ),
    ),
)
