"""SciTail: does a sentence from the web entail a statement made of a science exam question?"""

from schemas.formats import Delimited
from schemas.licence import Licence
from schemas.source import Evidence, Part, Source
from schemas.task import Te

DATA = "SciTailV1.1.zip!SciTailV1.1/tsv_format/scitail_1.0_"

SOURCE = Source(
    id="scitail",
    title="SciTail",
    about="Statements made of science exam questions and their answers, each with a sentence found on the web.",
    homepage="https://allenai.org/data/scitail",
    citation="khot2018scitail",
    licence=Licence.APACHE_2_0,
    evidence=Evidence(
        url="https://allenai.org/data/scitail",
        words="The page of the dataset refers to its repository for the licence, which is Apache-2.0 there;"
        " premises are single sentences of the web.",
        about=("all",),
    ),
    files={
        "SciTailV1.1.zip": (
            "http://data.allenai.org.s3.amazonaws.com/downloads/SciTailV1.1.zip",
            "https://ai2-public-datasets.s3.amazonaws.com/scitail/SciTailV1.1.zip",
        )
    },
    format=Delimited(
        record="Pair", separator="\t", quote=None, header=False, fields={"first": 0, "second": 1, "label": 2}
    ),
    documents="Premises are sentences of the web; the files do not say of which page.",
    clean=("spaces",),
    parts={
        "main": Part(
            train=DATA + "train.tsv",
            dev=DATA + "dev.tsv",
            test=DATA + "test.tsv",
            documented={"train": 23596, "dev": 1304, "test": 2126},
        )
    },
    tasks=(
        Te(
            name="SciTail",
            first="Premise",
            second="Hypothesis",
            classes={"entails": "entails", "neutral": "neutral"},
        ),
    ),
    partial=frozenset({"34cd23b5e89043f07f995a8c60347f6850e5aca937f6170ebdad6d8542a96874"}),
)
