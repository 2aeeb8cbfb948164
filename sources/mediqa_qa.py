"""MEDIQA-QA: which of the answers that a system found to a consumer's health question are right, and which best?"""

from collections.abc import Iterator
from typing import Any

from schemas.formats import XmlRows
from schemas.licence import Licence
from schemas.source import Evidence, Part, Source
from schemas.task import Qa

DATA = "master.zip!MEDIQA2019-*/MEDIQA_Task3_QA/MEDIQA2019-Task3-QA-"
CORRECT = 3
"""The lowest score of a correct answer: 4 is excellent, 3 correct but incomplete, 2 related, 1 incorrect."""


def question(row: Any, _: Any) -> Iterator[dict[str, Any]]:
    """A question, its candidate answers in the order of the system, and the numbers of the correct ones, best first."""
    found = list(enumerate(row.iter("Answer"), 1))
    ranks = {
        int(answer.get("ReferenceRank")): number
        for number, answer in found
        if int(answer.get("ReferenceScore")) >= CORRECT
    }
    yield {
        "text": row.findtext("QuestionText"),
        "context": "\n".join(f"Answer {number}: {answer.findtext('AnswerText').strip()}" for number, answer in found),
        "answers": [ranks[rank] for rank in sorted(ranks)] or "none",
    }


SOURCE = Source(
    id="mediqa_qa",
    title="MEDIQA 2019, Question Answering",
    about="Consumers' health questions with answers that a search system found, judged and ranked by experts.",
    homepage="https://sites.google.com/view/mediqa2019",
    citation="benabacha2019mediqa",
    licence=Licence.UNKNOWN,
    evidence=Evidence(
        url="https://github.com/abachaa/MEDIQA2019",
        words="The repository states no licence.",
        about=("all",),
    ),
    files={"master.zip": "https://github.com/abachaa/MEDIQA2019/archive/ae5d3826d6c841923b9db831159fef0f1b893593.zip"},
    # The two training files number their questions alike, so no number is taken as the record's id.
    format=XmlRows(record="Question", row="Question", adapt=question),
    documents="Questions of people, with answers from many websites.",
    clean=("entities", "invisible", "glued"),
    dirt="Questions are as people typed them.",
    parts={
        "main": Part(
            train=(DATA + "TrainingSet1-LiveQAMed.xml", DATA + "TrainingSet2-Alexa.xml"),
            dev=DATA + "ValidationSet.xml",
            test=DATA + "TestSet-wLabels.xml",
        ),
    },
    tasks=(
        Qa(
            name="MEDIQA-QA",
            several="commas",
            answerable="partly",
            because="It can be judged which answers are correct, not in which order an expert put equally good ones.",
        ),
    ),
)
