"""NCBI-disease: disease mentions and their concepts in 793 PubMed abstracts."""

from schemas.collections import mtl
from schemas.formats import Iob, PubTator
from schemas.licence import Licence
from schemas.source import Evidence, Part, Source
from schemas.task import Ned, Ner

DOGAN = "https://www.ncbi.nlm.nih.gov/CBBresearch/Dogan/DISEASE/"
MTL = "https://raw.githubusercontent.com/cambridgeltl/MTL-Bioinformatics-2016/df0df02fae6dbb87d88ffcf323b9096528f06f84/data/NCBI-disease-IOB/"
COPY = "https://raw.githubusercontent.com/SciCrunch/bio_electra/7a53526773e047c02f03400f61a906a636b9054d/bert_ner/data/ncbi-disease/"

SOURCE = Source(
    id="ncbi_disease",
    title="NCBI disease corpus",
    about="PubMed abstracts with disease mentions linked to MeSH and OMIM.",
    homepage="https://www.ncbi.nlm.nih.gov/CBBresearch/Dogan/DISEASE/",
    citation="dogan2014ncbi",
    licence=Licence.PUBLIC_DOMAIN,
    evidence=Evidence(
        url="https://www.ncbi.nlm.nih.gov/CBBresearch/Dogan/DISEASE/",
        words="Public domain notice of the NCBI.",
        about=("annotations",),
    ),
    also=(mtl("NCBI-disease"),),
    files={
        "NCBItrainset_corpus.zip": DOGAN + "NCBItrainset_corpus.zip",
        "NCBIdevelopset_corpus.zip": DOGAN + "NCBIdevelopset_corpus.zip",
        "NCBItestset_corpus.zip": DOGAN + "NCBItestset_corpus.zip",
        "NCBI-disease-IOB/train.tsv": (MTL + "train.tsv", COPY + "train.txt"),
        "NCBI-disease-IOB/devel.tsv": (MTL + "devel.tsv", COPY + "dev.txt"),
        "NCBI-disease-IOB/test.tsv": (MTL + "test.tsv", COPY + "test.txt"),
    },
    documents={r"(\d+)": "pmid"},
    clean=("punctuation", "spaces"),
    dirt="Some punctuation marks and characters beyond ASCII were lost, with a space in their place.",
    parts={
        "abstracts": Part(
            format=PubTator(vocabulary="MeSH", prefixes={"OMIM:": "OMIM", "MESH:": "MeSH"}, separators="|+"),
            train="NCBItrainset_corpus.zip!NCBItrainset_corpus.txt",
            dev="NCBIdevelopset_corpus.zip!NCBIdevelopset_corpus.txt",
            test="NCBItestset_corpus.zip!NCBItestset_corpus.txt",
        ),
        "sentences": Part(
            format=Iob(),
            documents="The tagged sentences do not say from which article they are.",
            train="NCBI-disease-IOB/train.tsv",
            dev="NCBI-disease-IOB/devel.tsv",
            test="NCBI-disease-IOB/test.tsv",
        ),
    },
    tasks=(
        Ner(name="NCBI-disease", part="sentences", answer="bio", keep="all", types={"Disease": "disease"}),
        Ned(name="NCBI-disease-NED", part="abstracts", databases=("MeSH", "OMIM")),
    ),
)
