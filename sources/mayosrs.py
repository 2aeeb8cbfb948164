"""MayoSRS: how closely are two clinical terms related?"""

from schemas.formats import Delimited
from schemas.licence import Licence
from schemas.source import Evidence, Part, Source
from schemas.task import Sts

SOURCE = Source(
    id="mayosrs",
    title="MayoSRS, Mayo Clinic Semantic Relatedness Set",
    about="Pairs of clinical terms, rated for relatedness from 1 to 10 by medical coders.",
    homepage="https://conservancy.umn.edu/handle/11299/196265",
    citation="pakhomov2011framework",
    licence=Licence.CC0_1_0,
    evidence=Evidence(
        url="https://conservancy.umn.edu/handle/11299/196265",
        words="The repository's record of the reference standards states CC0 1.0.",
        about=("all",),
    ),
    files={
        "MayoSRS.csv": "https://conservancy.umn.edu/bitstream/handle/11299/196265/MayoSRS.csv?sequence=1&isAllowed=y"
    },
    format=Delimited(record="Pair", fields={"first": "TERM1", "second": "TERM2", "label": "Mean"}),
    documents="Pairs of terms come from no document.",
    parts={"main": Part(train="MayoSRS.csv")},
    tasks=(Sts(name="MayoSRS", scale=(1, 10), first="Term 1", second="Term 2"),),
    derived={
        "6e3c719c9b99a2903e8259093e30a0b0dfc703afb19d41c0ba49e0154a3f52d1": (
            "Its English terms were joined, row by row, to the scores of a translated copy."
        ),
    },
)
