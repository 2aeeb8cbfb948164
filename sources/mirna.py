"""miRNA: microRNAs, genes, diseases and species in 301 PubMed abstracts."""

from schemas.formats import InteractionXml
from schemas.licence import Licence
from schemas.source import Evidence, Part, Source
from schemas.task import Ned, Ner

SCAI = "https://www.scai.fraunhofer.de/"
FILES = f"{SCAI}content/dam/scai/de/downloads/bioinformatik/miRNA/"

SOURCE = Source(
    id="mirna",
    title="SCAI corpus of microRNA mentions and relations",
    about="PubMed abstracts with microRNAs, genes and proteins, diseases, species and words that tell of relations.",
    homepage=f"{SCAI}en/business-research-areas/bioinformatics/downloads/download-mirna-test-corpus.html",
    citation="bagewadi2014mirna",
    licence=Licence.CC_BY_NC_3_0,
    evidence=Evidence(
        url=f"{SCAI}en/business-research-areas/bioinformatics/downloads/download-mirna-test-corpus.html",
        words="The page of the download states CC BY-NC 3.0.",
        about=("annotations",),
    ),
    files={
        "miRNA-Train-Corpus.xml": FILES + "miRNA-Train-Corpus.xml",
        "miRNA-Test-Corpus.xml": FILES + "miRNA-Test-Corpus.xml",
    },
    # No database is linked to; what the paper counts as disambiguated are the corpus's own numbers of its mentions.
    format=InteractionXml(per="document", origin="origId", inclusive=True, numbers="miRNA corpus"),
    documents={r"(\d+)": "pmid"},
    parts={
        "main": Part(
            train="miRNA-Train-Corpus.xml", test="miRNA-Test-Corpus.xml", documented={"train": 201, "test": 100}
        ),
    },
    tasks=(
        Ner(
            name="miRNA",
            discontinuous=True,
            types={
                "Diseases": "disease",
                "Genes/Proteins": "gene or protein",
                "Non-Specific_miRNAs": "non-specific miRNA",
                "Relation_Trigger": "relation trigger",
                "Species": "species",
                "Specific_miRNAs": "specific miRNA",
            },
        ),
        Ned(name="miRNA-NED", discontinuous=True, databases=("miRNA corpus",)),
    ),
    verified=False,
)
