"""BioASQ Task B: questions of biomedical experts, each with the snippets of abstracts that answer it."""

from collections.abc import Iterator
from typing import Any

from schemas.formats import JsonRows
from schemas.licence import Licence
from schemas.source import Evidence, Part, Source
from schemas.task import Qa

AREA = "http://participants-area.bioasq.org/"
ROWS = {"yesno": (15568, 813), "list": (11687, 1000), "factoid": (16389, 724), "summary": (13151, 824)}
"""Type of question -> pairs of a question and a snippet for training and test, as the paper counts them."""


def first(answer: Any) -> Any:
    """The first of several ways to say the same."""
    return first(answer[0]) if isinstance(answer, list) else answer


def snippets(row: dict[str, Any], _: Any) -> Iterator[dict[str, Any]]:
    """The question once for each of its snippets; a few questions have none."""
    answer = row["ideal_answer"] if row["type"] == "summary" else row["exact_answer"]
    for number, snippet in enumerate(row.get("snippets", ())):
        yield {
            "id": f"{row['id']}-{number}",
            "text": row["body"],
            "context": snippet["text"],
            "origin": snippet.get("document", ""),
            "answers": [first(item) for item in (answer if row["type"] == "list" else [answer])],
        }


def part(kind: str) -> Part:
    """The questions of one type; the two files hold all four types."""
    return Part(
        format=JsonRows(record="Question", rows="questions", where={"type": kind}, adapt=snippets),
        train="BioASQ-training11b.zip!BioASQ-training11b/training11b.json",
        test="Task11BGoldenEnriched.zip!Task11BGoldenEnriched/11B*_golden.json",
        documented={"train": ROWS[kind][0], "test": ROWS[kind][1]},
    )


ONE_OF_SEVERAL = "The expert answered from several snippets, of which the input has one."

SOURCE = Source(
    id="bioasq_task_b",
    title="BioASQ Task B, 11th edition",
    about="Yes-no, factoid, list and summary questions written and answered by experts from snippets of PubMed.",
    homepage="http://bioasq.org",
    citation="krithara2023bioasqqa",
    licence=Licence.UNKNOWN,
    evidence=Evidence(
        url=AREA + "general_information/Task5b/",
        words="The organisers pass on the terms of the NLM for its data; no licence of the questions is stated.",
        about=("all",),
    ),
    access="registration",
    apply=AREA + "accounts/register/",
    files=dict.fromkeys(("BioASQ-training11b.zip", "Task11BGoldenEnriched.zip"), AREA + "datasets/"),
    documents={
        r"https?://www\.ncbi\.nlm\.nih\.gov/pubmed/(\d+)": "pmid",
        r"https?://www\.ncbi\.nlm\.nih\.gov/pmc/articles/PMC(\d+)/?": "pmcid",
    },
    parts={kind: part(kind) for kind in ROWS},
    tasks=(
        Qa(
            name="BioASQ-Task-B-yesno", part="yesno", choices=("yes", "no"), answerable="partly", because=ONE_OF_SEVERAL
        ),
        Qa(name="BioASQ-Task-B-list", part="list", several="semicolons", answerable="partly", because=ONE_OF_SEVERAL),
        Qa(name="BioASQ-Task-B-factoid", part="factoid", answerable="partly", because=ONE_OF_SEVERAL),
        Qa(name="BioASQ-Task-B-summary", part="summary", answerable="partly", because=ONE_OF_SEVERAL),
    ),
    verified=False,
)
