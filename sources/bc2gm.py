"""BC2GM: genes and proteins in 20,000 sentences of PubMed abstracts."""

from schemas.collections import mtl
from schemas.formats import Iob
from schemas.licence import Licence
from schemas.source import Evidence, Part, Source
from schemas.task import Ner

MTL = "https://raw.githubusercontent.com/cambridgeltl/MTL-Bioinformatics-2016/df0df02fae6dbb87d88ffcf323b9096528f06f84/data/BC2GM-IOB/"
COPY = "https://raw.githubusercontent.com/SciCrunch/bio_electra/7a53526773e047c02f03400f61a906a636b9054d/bert_ner/data/bc2gm/"

SOURCE = Source(
    id="bc2gm",
    title="BioCreative II gene mention corpus",
    about="Sentences of PubMed abstracts with the names of genes and of what they encode, as token tags.",
    homepage="https://biocreative.bioinformatics.udel.edu/tasks/biocreative-ii/task-1a-gene-mention-tagging",
    citation="smith2008bc2gm",
    licence=Licence.PUBLIC_DOMAIN,
    evidence=Evidence(
        url="https://biocreative.bioinformatics.udel.edu/media/store/files/2011/bc2GMtrain_1.1.tar.gz",
        words="NOTICE in the archive: work of the US government, no restriction.",
        about=("annotations",),
    ),
    also=(mtl(),),
    files={
        "BC2GM-IOB/train.tsv": (MTL + "train.tsv", COPY + "train.txt"),
        "BC2GM-IOB/devel.tsv": (MTL + "devel.tsv", COPY + "dev.txt"),
        "BC2GM-IOB/test.tsv": (MTL + "test.tsv", COPY + "test.txt"),
    },
    format=Iob(),
    documents="The tagged sentences do not say from which article they are.",
    parts={"main": Part(train="BC2GM-IOB/train.tsv", dev="BC2GM-IOB/devel.tsv", test="BC2GM-IOB/test.tsv")},
    tasks=(Ner(name="BC2GM", answer="bio", keep="all", types={"GENE": "gene"}),),
)
