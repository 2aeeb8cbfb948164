"""Biology How/Why Corpus: questions that ask how or why, answered by passages of a textbook of biology."""

from collections.abc import Iterator
from typing import Any

from schemas.formats import ParquetRows, XmlRows
from schemas.licence import Licence
from schemas.source import Evidence, Part, Source
from schemas.task import Qa

HUB = "https://huggingface.co/datasets/bigbio/biology_how_why_corpus/resolve/refs%2Fconvert%2Fparquet/"
CONVERTED = "biology_how_why_corpus_source/train/0000.parquet"


def answers(row: Any, _: Any) -> Iterator[dict[str, Any]]:
    """The question once for each of its answers."""
    for answer in row.iter("answer"):
        yield {"text": row.findtext(".//text"), "answers": answer.findtext(".//justification")}


def converted(row: dict[str, Any], _: Any) -> Iterator[dict[str, str]]:
    """The same from the conversion, with one space for each run of white space as in the XML."""
    for answer in row["answers"]:
        yield {"text": " ".join(row["text"].split()), "answers": " ".join(answer["justification"].split())}


SOURCE = Source(
    id="biology_how_why",
    title="Biology How/Why Corpus",
    about="185 how and 193 why questions of an expert, with passages of an undergraduate textbook that answer them.",
    homepage="https://allenai.org/data/biology-how-why-corpus",
    citation="jansen2014discourse",
    licence=Licence.UNKNOWN,
    evidence=Evidence(
        url="https://allenai.org/data/biology-how-why-corpus",
        words="The page of the dataset states no licence.",
        about=("all",),
    ),
    files={
        "BiologyHowWhyCorpus.tar": "https://ai2-public-datasets.s3.amazonaws.com/biology-how-why-corpus/BiologyHowWhyCorpus.tar",
        CONVERTED: HUB + CONVERTED,
    },
    converted={
        CONVERTED: "The Hub converted the XML to Parquet with the loader of BigBIO; it is not the publisher's archive."
    },
    format=XmlRows(record="Question", row="question", adapt=answers),
    documents="All paragraphs are those of one textbook.",
    parts={
        "main": Part(
            train="BiologyHowWhyCorpus.tar!**/*.xml",
            documented={"train": 1269},
            instead=Part(
                format=ParquetRows(record="Question", adapt=converted), train=CONVERTED, documented={"train": 1269}
            ),
        )
    },
    tasks=(
        Qa(
            name="BiologyHowWhyCorpus",
            answerable="partly",
            because="The textbook is not in the input, and each question has several answers that are as good.",
        ),
    ),
    verified=False,
)
