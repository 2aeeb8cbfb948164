"""BC5CDR: chemicals, diseases and the links between them in 1,500 PubMed abstracts."""

from schemas.collections import mtl
from schemas.formats import Iob, PubTator
from schemas.licence import Licence
from schemas.source import Evidence, Part, Source
from schemas.task import Ned, Ner, Re

MTL = "https://raw.githubusercontent.com/cambridgeltl/MTL-Bioinformatics-2016/df0df02fae6dbb87d88ffcf323b9096528f06f84/data/BC5CDR-IOB/"
CORPUS = "CDR_Data.zip!CDR_Data/CDR.Corpus.v010516/"

SOURCE = Source(
    id="bc5cdr",
    title="BioCreative V Chemical-Disease Relation corpus",
    about="PubMed abstracts with chemicals, diseases and the diseases that a chemical induces.",
    homepage="https://biocreative.bioinformatics.udel.edu/tasks/biocreative-v/track-3-cdr",
    citation="li2016bc5cdr",
    licence=Licence.PUBLIC_DOMAIN,
    evidence=Evidence(
        url="https://github.com/JHnlp/BioCreative-V-CDR-Corpus/blob/master/CDR_Data.zip",
        words="README.txt in the archive: a work of the US government that anybody may use and reproduce, to be cited.",
        about=("annotations",),
    ),
    also=(mtl("BC5CDR"),),
    files={
        "CDR_Data.zip": (
            "https://raw.githubusercontent.com/JHnlp/BioCreative-V-CDR-Corpus/dd0b3165a94338874979a2a8aaedf74b67466b9c/CDR_Data.zip",
            "https://huggingface.co/datasets/bigbio/bc5cdr/resolve/6ba1463320d003e8232dfa0c3ee9aaa2559998ec/CDR_Data.zip",
        ),
        "BC5CDR-IOB/train.tsv": MTL + "train.tsv",
        "BC5CDR-IOB/devel.tsv": MTL + "devel.tsv",
        "BC5CDR-IOB/test.tsv": MTL + "test.tsv",
    },
    documents={r"(\d+)": "pmid"},
    clean=("glued", "punctuation", "spaces"),
    dirt="Some characters beyond ASCII were lost, with a space in their place (`na ve`).",
    parts={
        "abstracts": Part(
            format=PubTator(vocabulary="MeSH"),
            train=CORPUS + "CDR_TrainingSet.PubTator.txt",
            dev=CORPUS + "CDR_DevelopmentSet.PubTator.txt",
            test=CORPUS + "CDR_TestSet.PubTator.txt",
        ),
        "sentences": Part(
            format=Iob(),
            documents="The tagged sentences do not say from which article they are.",
            train="BC5CDR-IOB/train.tsv",
            dev="BC5CDR-IOB/devel.tsv",
            test="BC5CDR-IOB/test.tsv",
        ),
    },
    tasks=(
        Ner(
            name="BC5CDR",
            part="sentences",
            answer="bio",
            keep="all",
            types={"Chemical": "chemical", "Disease": "disease"},
        ),
        Ned(name="BC5CDR-NED", part="abstracts", databases=("MeSH",)),
        Re(name="BC5CDR-RE", part="abstracts", types={"CID": "induces"}),
    ),
)
