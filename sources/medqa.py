"""MedQA: questions of the medical licensing examination of the United States, each with five choices."""

from collections.abc import Iterator
from typing import Any

from schemas.formats import JsonRows
from schemas.licence import Licence
from schemas.source import Evidence, Further, Part, Source
from schemas.task import Qa

US = "data_clean.zip!data_clean/questions/US/"


def question(row: dict[str, Any], _: Any) -> Iterator[dict[str, Any]]:
    """A question with its choices in the order of their letters."""
    options = row["options"]
    if options[row["answer_idx"]] != row["answer"]:
        raise ValueError("the answer is not the choice of its letter")
    choices = [options[letter] for letter in sorted(options)]
    yield {"text": row["question"], "choices": choices, "answers": row["answer"]}


SOURCE = Source(
    id="medqa",
    title="MedQA (USMLE)",
    about="Multiple-choice questions as medical licensing examinations ask them; here those of the United States.",
    homepage="https://github.com/jind11/MedQA",
    citation="jin2021medqa",
    licence=Licence.MIT,
    evidence=Evidence(
        url="https://github.com/jind11/MedQA/issues/7",
        words="Asked for the licence of the dataset, the author added MIT to the repository.",
        about=("compilation",),
        enclosed=("mit-medqa.txt",),
    ),
    also=(
        Further(
            licence=Licence.UNKNOWN,
            url="https://github.com/jind11/MedQA/issues/19",
            words="Asked by whose authority content of commercial question banks is in it, the author has not "
            "answered; nor has an earlier question about copyright (issue 16).",
            about=("texts",),
        ),
    ),
    files={
        "data_clean.zip": (
            "https://huggingface.co/datasets/bigbio/med_qa/resolve/main/data_clean.zip",
            "https://drive.google.com/u/0/uc?export=download&confirm=t&id=1ImYUSLk9JbgHXOemfvyiDiirluZHPeQw",
        ),
    },
    format=JsonRows(record="Question", lines=True, adapt=question),
    # Copies with the test questions alone are about.
    documents="Questions of examinations come from no publication.",
    clean=("quotes", "glued", "punctuation", "spaces"),
    dirt="Some questions are about a figure, an image or a summary that is not part of them.",
    parts={
        "main": Part(
            train=US + "train.jsonl",
            dev=US + "dev.jsonl",
            test=US + "test.jsonl",
            documented={"train": 10178, "dev": 1272, "test": 1273},
        ),
    },
    tasks=(Qa(name="MedQA"),),
    partial=frozenset({"5a5f9610a2c063954ddf06f7051f2cc70d46d56cfe9d6906e2d854d3b7f60566"}),
)
