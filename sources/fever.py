"""FEVER: does Wikipedia support or refute a claim, or leave it open?"""

from schemas.formats import JsonRows
from schemas.licence import Licence
from schemas.source import Evidence, Part, Source
from schemas.task import Te


def addresses(file: str) -> tuple[str, ...]:
    """The places that have a file."""
    return (f"https://fever.ai/download/fever/{file}", f"https://s3-eu-west-1.amazonaws.com/fever.public/{file}")


SOURCE = Source(
    id="fever",
    title="FEVER, Fact Extraction and VERification",
    about="Claims made by changing sentences of Wikipedia, judged by what its articles say.",
    homepage="https://fever.ai/dataset/fever.html",
    citation="thorne2018fever",
    licence=Licence.CC_BY_SA_3_0,
    evidence=Evidence(
        url="https://s3-eu-west-1.amazonaws.com/fever.public/license.html",
        words="Under the terms of the Wikipedia articles it draws on, else CC BY-SA 3.0.",
        about=("all",),
    ),
    files={name: addresses(name) for name in ("train.jsonl", "paper_dev.jsonl", "paper_test.jsonl")},
    # A row is a claim, as in the paper. Its evidence names sentences of a dump of Wikipedia, not their words, and where
    # it names none the label is given away: so the claim stands alone, and the instruction says what it is judged by.
    format=JsonRows(record="Pair", lines=True, fields={"id": "id", "second": "claim", "label": "label"}),
    documents="Claims stand alone, without the articles that they are judged by.",
    clean=("spaces",),
    parts={
        "main": Part(
            train="train.jsonl",
            dev="paper_dev.jsonl",
            test="paper_test.jsonl",
            documented={"train": 145_449, "dev": 9999, "test": 9999},
        )
    },
    tasks=(
        Te(
            name="FEVER",
            answerable="partly",
            because="The Wikipedia pages that decide are not in the input, and what they leave out cannot be known.",
            first=None,
            second="Claim",
            classes={"SUPPORTS": "supports", "REFUTES": "refutes", "NOT ENOUGH INFO": "not enough information"},
        ),
    ),
    # paper_dev.jsonl, written anew.
    copies=frozenset({"4cb464f53160f6a262aec17c60714125f773670b35eefbb0bb20a556b1847c36"}),
    partial=frozenset(
        {
            "5678bbbf043b92114b531faf75742cacafaec6ff96e1906beb297b83de1952bb",  # train.jsonl
            "8d93ed74b7f0044d4e6a4fdd13b49e6a7d49123887e3ec75724fcbf6b18b10f5",  # paper_test.jsonl
        }
    ),
)
