"""BioRED: six kinds of entities and eight kinds of relations in 600 PubMed abstracts."""

from schemas.formats import PubTator
from schemas.licence import Licence
from schemas.source import Evidence, Part, Source
from schemas.task import Ned, Ner, Re

UNDIRECTED = {
    "Association": "is associated with",
    "Bind": "binds",
    "Comparison": "is compared with",
    "Cotreatment": "is given together with",
    "Drug_Interaction": "interacts as a drug with",
    "Negative_Correlation": "is negatively correlated with",
    "Positive_Correlation": "is positively correlated with",
}
"""Relations to which the corpus gives no direction, nor to conversions; but those are written as they happen."""
ENTITIES = ("CellLine", "GeneOrGeneProduct", "OrganismTaxon", "SequenceVariant")

SOURCE = Source(
    id="biored",
    title="Biomedical Relation Extraction Dataset",
    about="PubMed abstracts with genes, diseases, chemicals, variants, species and cell lines and their relations.",
    homepage="https://ftp.ncbi.nlm.nih.gov/pub/lu/BioRED/",
    citation="luo2022biored",
    licence=Licence.PUBLIC_DOMAIN,
    evidence=Evidence(
        url="https://ftp.ncbi.nlm.nih.gov/pub/lu/BioRED/",
        words="README: a work of the US government, public domain.",
    ),
    files={"BIORED.zip": "https://ftp.ncbi.nlm.nih.gov/pub/lu/BioRED/BIORED.zip"},
    format=PubTator(
        vocabulary={
            "CellLine": "Cellosaurus",
            "ChemicalEntity": "MeSH",
            "DiseaseOrPhenotypicFeature": "MeSH",
            "GeneOrGeneProduct": "NCBI Gene",
            "OrganismTaxon": "NCBI Taxonomy",
            "SequenceVariant": "variant notation",
        },
        patterns={r"rs(\d+)": "dbSNP/rs"},
        prefixes={"OMIM:": "OMIM"},
        separators={**dict.fromkeys(ENTITIES, ","), "ChemicalEntity": ",|", "DiseaseOrPhenotypicFeature": ",|"},
        related=("ChemicalEntity", "DiseaseOrPhenotypicFeature", "GeneOrGeneProduct", "SequenceVariant"),
    ),
    documents={r"(\d+)": "pmid"},
    clean=("glued", "punctuation", "spaces"),
    dirt="Some characters beyond ASCII were lost, with a space in their place.",
    parts={
        "main": Part(
            train="BIORED.zip!BioRED/Train.PubTator",
            dev="BIORED.zip!BioRED/Dev.PubTator",
            test="BIORED.zip!BioRED/Test.PubTator",
        ),
    },
    tasks=(
        Ner(
            name="BioRED",
            types={
                "CellLine": "cell line",
                "ChemicalEntity": "chemical",
                "DiseaseOrPhenotypicFeature": "disease or phenotype",
                "GeneOrGeneProduct": "gene or gene product",
                "OrganismTaxon": "species",
                "SequenceVariant": "sequence variant",
            },
        ),
        Ned(
            name="BioRED-NED",
            databases=("Cellosaurus", "MeSH", "OMIM", "NCBI Gene", "NCBI Taxonomy", "dbSNP", "variant notation"),
        ),
        Re(
            name="BioRED-RE",
            types={**UNDIRECTED, "Conversion": "is converted to"},
            symmetric=tuple(UNDIRECTED.values()),
        ),
    ),
)
