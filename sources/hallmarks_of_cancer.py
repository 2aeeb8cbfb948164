"""Hallmarks of Cancer: which traits of cancer does a sentence of a PubMed abstract give evidence on?"""

from schemas.formats import LabelledSentences
from schemas.licence import Licence
from schemas.source import Evidence, Part, Source
from schemas.task import TxtClass

CORPUS = "master.zip!Hallmarks-of-Cancer-*/"
LISTS = "data_generation.tar.gz!data_generation/indexing/HoC/"
FILES = {"texts": CORPUS + "text/*.txt", "labels": CORPUS + "labels/*.txt"}
HALLMARKS = (
    "Activating invasion and metastasis",
    "Avoiding immune destruction",
    "Cellular energetics",
    "Enabling replicative immortality",
    "Evading growth suppressors",
    "Genomic instability and mutation",
    "Inducing angiogenesis",
    "Resisting cell death",
    "Sustaining proliferative signaling",
    "Tumor promoting inflammation",
    "none",
)

SOURCE = Source(
    id="hallmarks_of_cancer",
    title="Hallmarks of Cancer corpus",
    about="The sentences of 1,852 PubMed abstracts with the hallmarks of cancer that they give evidence on.",
    homepage="https://github.com/sb895/Hallmarks-of-Cancer",
    citation="baker2016hallmarks",
    licence=Licence.GPL_3_0,
    evidence=Evidence(
        url="https://github.com/sb895/Hallmarks-of-Cancer/blob/master/LICENSE",
        words="LICENSE of a repository that holds nothing but the corpus: GPL-3.0.",
        about=("annotations",),
    ),
    files={
        "master.zip": "https://github.com/sb895/Hallmarks-of-Cancer/archive/3bc6e6deb90cf5bc4f9988c493fe2c32e9b3cf2a.zip",
        "data_generation.tar.gz": "https://microsoft.github.io/BLURB/sample_code/data_generation.tar.gz",
    },
    # NULL is what annotators wrote for a few sentences in place of nothing.
    format=LabelledSentences(begins="<", between="AND", deeper="--", nothing=("", "NULL")),
    documents={r"(\d+)_\d+": "pmid"},
    clean=("escapes", "glued", "spaces"),
    dirt=(
        "Words and punctuation marks are separated by spaces, and in 65 sentences U+FFFD stands for a "
        "character that was lost."
    ),
    parts={
        "main": Part(
            train={**FILES, "documents": LISTS + "train_pmid.tsv"},
            dev={**FILES, "documents": LISTS + "dev_pmid.tsv"},
            test={**FILES, "documents": LISTS + "test_pmid.tsv"},
            unlisted="train",
            documented={"train": 12119, "dev": 1798, "test": 3547},
        )
    },
    tasks=(
        TxtClass(
            name="Hallmarks-of-Cancer",
            multiple=True,
            classes={hallmark: hallmark.lower() for hallmark in HALLMARKS},
        ),
    ),
    # The corpus has been read; the lists of its splits have not been seen.
)
