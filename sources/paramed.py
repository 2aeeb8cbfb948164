"""ParaMed: Chinese and English sentences of the New England Journal of Medicine, side by side."""

from schemas.formats import ParallelText, ParquetRows
from schemas.licence import Licence
from schemas.source import Evidence, Part, Source
from schemas.task import Transl

DATA = "nejm-open-access.tar.gz!processed_data/open_access/open_access/nejm."
HUB = "https://huggingface.co/datasets/bigbio/paramed/resolve/refs%2Fconvert%2Fparquet/"
CONVERTED = "paramed_source/{}/0000.parquet"


def sides(split: str) -> dict[str, str]:
    """The two files of a split."""
    return {"source": f"{DATA}{split}.zh", "target": f"{DATA}{split}.en"}


SOURCE = Source(
    id="paramed",
    title="ParaMed",
    about="Aligned sentences of open-access articles of the New England Journal of Medicine, Chinese with English.",
    homepage="https://github.com/boxiangliu/ParaMed",
    citation="liu2021paramed",
    licence=Licence.UNKNOWN,
    evidence=Evidence(
        url="https://github.com/boxiangliu/ParaMed",
        words="The README states no licence and says that the journal's copyright forbids to give all of it away.",
        about=("all",),
    ),
    files={
        "nejm-open-access.tar.gz": (
            "https://github.com/boxiangliu/ParaMed/raw/08484488f4829bf144303a2e348c79e4e2ae5f71/data/nejm-open-access.tar.gz",
            "https://raw.githubusercontent.com/boxiangliu/med_translation/master/data/nejm-open-access.tar.gz",
        ),
        **{CONVERTED.format(split): HUB + CONVERTED.format(split) for split in ("train", "validation", "test")},
    },
    converted=dict.fromkeys(
        map(CONVERTED.format, ("train", "validation", "test")),
        "The Hub converted the lines to Parquet with the loader of BigBIO; it is not the authors' archive.",
    ),
    format=ParallelText(),
    documents="Aligned sentences do not say from which article they are.",
    dirt="Words and punctuation marks are separated by spaces, in both languages.",
    parts={
        "main": Part(
            language="zh-en",
            train=sides("train"),
            dev=sides("dev"),
            test=sides("test"),
            documented={"train": 62127, "dev": 2036, "test": 2102},
            instead=Part(
                format=ParquetRows(record="Translation", fields={"text": "text_1", "translation": "text_2"}),
                language="zh-en",
                train=CONVERTED.format("train"),
                dev=CONVERTED.format("validation"),
                test=CONVERTED.format("test"),
                documented={"train": 62127, "dev": 2036, "test": 2102},
            ),
        ),
    },
    tasks=(Transl(name="ParaMed"),),
    verified=False,
)
