"""CHEMDNER: chemicals in 10,000 PubMed abstracts, as edited for the NLM-Chem track of BioCreative VII."""

from schemas.formats import BioC
from schemas.licence import Licence
from schemas.source import Evidence, Part, Source
from schemas.task import Ner

PAGE = "https://biocreative.bioinformatics.udel.edu/resources/biocreative-iv/chemdner-corpus/"
CORPUS = "BC7T2-CHEMDNER-corpus_v2.BioC.xml.gz!BC7T2-CHEMDNER-corpus-"

SOURCE = Source(
    id="chemdner",
    title="CHEMDNER corpus",
    about="PubMed titles and abstracts from all fields of chemistry with the names of chemicals and drugs.",
    homepage=PAGE,
    citation="krallinger2015chemdner",
    licence=Licence.UNKNOWN,
    evidence=Evidence(
        url="https://biocreative.bioinformatics.udel.edu/resources/biocreative-iv/chemdner-corpus/",
        words="The page of the corpus states no licence of the data.",
        about=("all",),
    ),
    files={
        # A tar archive, whatever its name says.
        "BC7T2-CHEMDNER-corpus_v2.BioC.xml.gz": (
            "https://ftp.ncbi.nlm.nih.gov/pub/lu/BC7-NLM-Chem-track/BC7T2-CHEMDNER-corpus_v2.BioC.xml.gz"
        ),
    },
    # The chemicals by which PubMed indexes an article say nothing of a place in its text.
    format=BioC(placeless=("MeSH_Indexing_Chemical",)),
    documents={r"(\d+)": "pmid"},
    parts={
        "main": Part(
            train=CORPUS + "training.BioC.xml",
            dev=CORPUS + "development.BioC.xml",
            test=CORPUS + "evaluation.BioC.xml",
            documented={"train": 3500, "dev": 3500, "test": 3000},
        ),
    },
    tasks=(Ner(name="CHEMDNER", types={"Chemical": "chemical"}),),
    verified=False,
)
