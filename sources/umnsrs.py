"""UMNSRS: how similar, and how closely related, are two clinical terms?"""

from schemas.formats import Delimited
from schemas.licence import Licence
from schemas.source import Evidence, Part, Source
from schemas.task import Sts

RECORD = "https://conservancy.umn.edu/bitstream/handle/11299/196265/"

SOURCE = Source(
    id="umnsrs",
    title="UMNSRS, University of Minnesota Semantic Relatedness Set",
    about="Pairs of clinical terms, rated from 0 to 1600 by medical residents for similarity and for relatedness.",
    homepage="https://conservancy.umn.edu/handle/11299/196265",
    citation="pakhomov2010semantic",
    licence=Licence.CC0_1_0,
    evidence=Evidence(
        url="https://conservancy.umn.edu/handle/11299/196265",
        words="The repository's record of the reference standards states CC0 1.0.",
        about=("all",),
    ),
    files={name: RECORD + name for name in ("UMNSRS_similarity.csv", "UMNSRS_relatedness.csv")},
    format=Delimited(record="Pair", fields={"first": "Term1", "second": "Term2", "label": "Mean"}),
    documents="Pairs of terms come from no document.",
    parts={
        "similarity": Part(train="UMNSRS_similarity.csv", documented={"train": 566}),
        "relatedness": Part(train="UMNSRS_relatedness.csv", documented={"train": 587}),
    },
    tasks=(
        Sts(
            name="UMNSRS",
            parts=("similarity", "relatedness"),
            asks={
                "similarity": "How similar in meaning are these two terms?",
                "relatedness": "How closely are these two terms related?",
            },
            scale=(0, 1600),
            first="Term 1",
            second="Term 2",
        ),
    ),
    verified=False,
)
