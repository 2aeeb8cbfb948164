"""GEOKhoj: is a sample of a gene expression study a control or a perturbation?"""

from schemas.formats import Delimited
from schemas.licence import Licence
from schemas.source import Evidence, Part, Source
from schemas.task import TxtClass

GITHUB = "https://github.com/ElucidataInc/GEOKhoj-datasets/"
DATA = "geokhoj_V1.zip!geokhoj_v1/data/"

SOURCE = Source(
    id="geokhoj_v1",
    title="GEOKhoj v1",
    about="Metadata of 30,000 samples of the Gene Expression Omnibus, each a control or a perturbation of its study.",
    homepage=GITHUB + "tree/main/geokhoj_v1",
    citation="elucidata2021geokhoj",
    licence=Licence.CC_BY_NC_4_0,
    evidence=Evidence(
        url=GITHUB + "tree/main/geokhoj_v1",
        words="The repository states CC BY-NC 4.0.",
        about=("all",),
    ),
    files={"geokhoj_V1.zip": GITHUB + "raw/0ec3c5b4222396303adb260c11120b766ad35eff/geokhoj_v1/geokhoj_V1.zip"},
    format=Delimited(record="Text", header=False, fields={"id": 0, "labels": 1, "text": 2}),
    documents="Descriptions of samples in GEO, each of them one record.",
    dirt="Some titles of samples say nothing of their condition (`4B lung`).",
    parts={
        "main": Part(
            train=DATA + "train/geo_samples_train.csv",
            test=DATA + "test/geo_samples_test.csv",
            documented={"train": 25000, "test": 5000},
        )
    },
    tasks=(TxtClass(name="GEOKhoj-v1", classes={"0": "control", "1": "perturbation"}),),
    verified=False,
)
