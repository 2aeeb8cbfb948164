"""NLM-Chem: chemicals and their MeSH identifiers in 150 full articles."""

from schemas.formats import BioC
from schemas.licence import Licence
from schemas.source import Evidence, Further, Part, Source
from schemas.task import Ned, Ner

CORPUS = "BC7T2-NLMChem-corpus_v2.BioC.xml.gz!BC7T2-NLMChem-corpus-"

SOURCE = Source(
    id="nlm_chem",
    title="NLM-Chem",
    about="Full articles of PubMed Central with every chemical that they name, linked to MeSH.",
    homepage="https://biocreative.bioinformatics.udel.edu/tasks/biocreative-vii/track-2/",
    citation="islamaj2021nlmchem",
    licence=Licence.CC0_1_0,
    evidence=Evidence(
        url="https://doi.org/10.5061/dryad.3tx95x6dz",
        words="The authors' record of the corpus on Dryad waives all rights in it: CC0 1.0.",
        about=("annotations",),
    ),
    also=(
        Further(
            licence=Licence.ARTICLES,
            url="https://ftp.ncbi.nlm.nih.gov/pub/lu/BC7-NLM-Chem-track/",
            words="The 150 documents are full articles of PubMed Central, whose licences the waiver of the "
            "annotators cannot replace.",
            about=("texts",),
        ),
    ),
    files={
        # In spite of its name, the file is a tar with three files of XML.
        "BC7T2-NLMChem-corpus_v2.BioC.xml.gz": (
            "https://ftp.ncbi.nlm.nih.gov/pub/lu/BC7-NLM-Chem-track/BC7T2-NLMChem-corpus_v2.BioC.xml.gz"
        ),
    },
    format=BioC(
        links={"identifier": "MeSH"},
        patterns={"MESH:(.+)": "MeSH"},
        separators=",;|",
        placeless=("MeSH_Indexing_Chemical",),
    ),
    # PMIDs in some copies, PMCIDs in others; none of its articles has a PMID below or a PMCID above 10,000,000.
    documents={r"(\d{8})": "pmid", r"(\d{1,7})": "pmcid"},
    clean=("punctuation", "spaces"),
    dirt="Citations and some signs were removed from the texts, and the commas around them were left.",
    parts={
        "main": Part(
            train=CORPUS + "train.BioC.xml",
            dev=CORPUS + "dev.BioC.xml",
            test=CORPUS + "test.BioC.xml",
            documented={"train": 80, "dev": 20, "test": 50},
        ),
    },
    tasks=(
        Ner(
            name="NLM-Chem",
            types={"Chemical": "chemical", "NonStandardRef": "chemical"},
            ignore=("OTHER",),  # names that hold the name of a chemical, such as those of enzymes
        ),
        Ned(name="NLM-Chem-NED", databases=("MeSH",)),
    ),
    partial=frozenset({"ec43a91600de7b4d755fd1deeb67ddc74e8f702f7add774565faf7f0fe9ee2b2"}),
    derived={
        "ec43a91600de7b4d755fd1deeb67ddc74e8f702f7add774565faf7f0fe9ee2b2": (
            "It was written anew from the PubTator file of AIONER, which has no tables of the articles."
        ),
    },
)
