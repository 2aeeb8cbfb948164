"""HealthVer: does a passage of a paper support or refute a claim about COVID-19?"""

from schemas.formats import Delimited
from schemas.licence import Licence
from schemas.source import Evidence, Part, Source
from schemas.task import Te

SOURCE = Source(
    id="healthver",
    title="HealthVer",
    about="Health claims from the web on COVID-19, each with a passage of a paper that bears on it or not.",
    homepage="https://github.com/sarrouti/HealthVer",
    citation="sarrouti2021healthver",
    licence=Licence.UNKNOWN,
    evidence=Evidence(
        url="https://github.com/sarrouti/HealthVer",
        words="The repository states no licence.",
        about=("all",),
    ),
    files={
        name: (
            f"https://raw.githubusercontent.com/sarrouti/HealthVer/b20ac99ceed62f5264a319fa25a854df1668d85b/data/{name}",
            f"https://raw.githubusercontent.com/suzhentxt/healthver_mcqa/9a042ef320ca794b7bdf756e25f7dd3972c7f6ce/healthver/{name}",
        )
        for name in ("healthver_train.csv", "healthver_dev.csv", "healthver_test.csv")
    },
    format=Delimited(record="Pair", fields={"id": "id", "first": "evidence", "second": "claim", "label": "label"}),
    documents="The evidence is given without the article that it is from.",
    clean=("entities", "spaces"),
    parts={
        "main": Part(
            train="healthver_train.csv",
            dev="healthver_dev.csv",
            test="healthver_test.csv",
            documented={"train": 10590, "dev": 1917, "test": 1823},
        ),
    },
    tasks=(
        Te(
            name="HealthVer",
            first="Evidence",
            second="Claim",
            classes={"Supports": "supports", "Refutes": "refutes", "Neutral": "neutral"},
        ),
    ),
)
