"""TwADR-L: which medical concept does a phrase of a tweet mean?"""

from schemas.formats import Delimited
from schemas.licence import Licence
from schemas.source import Evidence, Further, Part, Source
from schemas.task import Ned

FOLD = "datasets.zip!datasets/TwADR-L/TwADR-L.fold-0."

SOURCE = Source(
    id="twadr_l",
    title="TwADR-L concept normalisation data",
    about="Phrases from tweets about drugs and their effects, each with its UMLS concept; the first of ten folds.",
    homepage="https://zenodo.org/record/55013",
    citation="limsopatham2016normalising",
    licence=Licence.CC_BY_4_0,
    evidence=Evidence(
        url="https://zenodo.org/record/55013",
        words="The record states CC BY 4.0 for what its authors put together.",
        about=("compilation",),
    ),
    also=(
        Further(
            licence=Licence.UNKNOWN,
            url="https://zenodo.org/record/55013",
            words="Phrases are from tweets, whose authors and network are not asked; most training pairs are "
            "names of concepts from vocabularies in the UMLS.",
            about=("texts",),
        ),
    ),
    files={"datasets.zip": "https://zenodo.org/record/55013/files/datasets.zip"},
    format=Delimited(
        record="Text",
        separator="\t",
        quote=None,
        header=False,
        encoding="cp1252",
        fields={"labels": 0, "text": 2},
    ),
    documents="Phrases of tweets; the files do not say of which.",
    clean=("entities",),
    parts={"main": Part(train=FOLD + "train.txt", dev=FOLD + "validation.txt", test=FOLD + "test.txt")},
    tasks=(Ned(name="TwADR-L-NED", per="phrase", databases=("UMLS",)),),
)
