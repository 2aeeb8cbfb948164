"""MeDAL: what does an abbreviation in an abstract stand for?"""

from schemas.formats import Delimited
from schemas.licence import Licence
from schemas.source import Evidence, Part, Source
from schemas.task import Ned

RECORD = "https://zenodo.org/record/4482922/files/"

SOURCE = Source(
    id="medal",
    title="MeDAL, Medical Dataset for Abbreviation Disambiguation for Natural Language Understanding",
    about="Abstracts in which expressions were replaced by their abbreviations, one of which is to be expanded.",
    homepage="https://github.com/BruceWen120/medal",
    citation="wen2020medal",
    licence=Licence.NLM,
    evidence=Evidence(
        url="https://github.com/BruceWen120/medal",
        words="The authors bind users to the terms under which the NLM gives its abstracts away; they add "
        "none of their own.",
        about=("all",),
    ),
    files={name: RECORD + name for name in ("train.csv", "valid.csv", "test.csv")},
    # Several rows have one ABSTRACT_ID, so rows are numbered.
    format=Delimited(
        record="Text", fields={"text": "TEXT", "labels": "LABEL", "origin": "ABSTRACT_ID"}, mark={"text": "LOCATION"}
    ),
    documents={r"(\d+)": "own"},
    clean=("mojibake",),
    parts={
        "main": Part(
            train="train.csv",
            dev="valid.csv",
            test="test.csv",
            documented={"train": 3_000_000, "dev": 1_000_000, "test": 1_000_000},
        )
    },
    tasks=(Ned(name="MeDAL", per="mark", databases=("MeDAL",)),),
    partial=frozenset({"0e67c1fc68833bcf8cc9e2c1915113da65f778879c9fb03a3a6cb1242b11d619"}),
)
