"""CHEMDNER-BIO: chemicals and drugs in 10,000 PubMed abstracts, as token tags."""

from schemas.formats import Iob
from schemas.licence import Licence
from schemas.source import Evidence, Part, Source
from schemas.task import Ner

MTL = "https://raw.githubusercontent.com/cambridgeltl/MTL-Bioinformatics-2016/df0df02fae6dbb87d88ffcf323b9096528f06f84/data/BC4CHEMD/"
COPY = "https://raw.githubusercontent.com/SciCrunch/bio_electra/7a53526773e047c02f03400f61a906a636b9054d/bert_ner/data/bc4chemd/"

SOURCE = Source(
    id="chemdner_bio",
    title="CHEMDNER corpus of BioCreative IV, tagged sentences (BC4CHEMD)",
    about="Sentences of PubMed abstracts from all fields of chemistry with the names of chemicals and drugs.",
    homepage="https://biocreative.bioinformatics.udel.edu/resources/biocreative-iv/chemdner-corpus/",
    citation="krallinger2015chemdner",
    licence=Licence.UNKNOWN,
    evidence=Evidence(
        url="https://github.com/cambridgeltl/MTL-Bioinformatics-2016",
        words="The authors of the corpus state no licence; those of the tagged copy call its status unclear.",
        about=("all",),
    ),
    files={
        "BC4CHEMD/train.tsv": (MTL + "train.tsv", COPY + "train.txt"),
        "BC4CHEMD/devel.tsv": (MTL + "devel.tsv", COPY + "dev.txt"),
        "BC4CHEMD/test.tsv": (MTL + "test.tsv", COPY + "test.txt"),
    },
    format=Iob(),
    documents="The tagged sentences do not say from which article they are.",
    parts={
        "main": Part(
            train="BC4CHEMD/train.tsv",
            dev="BC4CHEMD/devel.tsv",
            test="BC4CHEMD/test.tsv",
            documented={"train": 30682, "dev": 30639, "test": 26364},
        )
    },
    tasks=(Ner(name="CHEMDNER-BIO", answer="bio", keep="all", types={"Chemical": "chemical"}),),
    verified=False,
)
