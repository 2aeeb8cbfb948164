"""BioRED-BC8: the 400 PubMed abstracts that BioCreative VIII added to BioRED, as its test set."""

from schemas.formats import PubTator
from schemas.licence import Licence
from schemas.source import Evidence, Part, Source
from schemas.task import Ner, Re

CONCEPTS = ("ChemicalEntity", "DiseaseOrPhenotypicFeature", "GeneOrGeneProduct", "SequenceVariant")
RELATIONS = {
    "Association": "is associated with",
    "Bind": "binds",
    "Comparison": "is compared with",
    "Conversion": "is converted to",
    "Cotreatment": "is given together with",
    "Drug_Interaction": "interacts as a drug with",
    "Negative_Correlation": "is negatively correlated with",
    "Positive_Correlation": "is positively correlated with",
}

SOURCE = Source(
    id="biored_bc8",
    title="BioRED of BioCreative VIII",
    about="Recent PubMed abstracts with genes, diseases, chemicals, variants, species, cell lines and their relations.",
    homepage="https://ftp.ncbi.nlm.nih.gov/pub/lu/BC8-BioRED-track/",
    citation="islamaj2024biored",
    licence=Licence.UNKNOWN,
    evidence=Evidence(
        url="https://github.com/ncbi-nlp/BioREDirect/blob/main/README.md",
        words="README of the later work that gives the files away with their answers: it states no licence.",
        about=("all",),
    ),
    # The files of the track itself have the test set without answers. Its training set is BioRED, a source of its own.
    files={"datasets.zip": "https://ftp.ncbi.nlm.nih.gov/pub/lu/BioREDirect/datasets.zip"},
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
        separators=",;",
        related=CONCEPTS,
        skip=("Subject:",),  # lines that say which of two concepts acts, as BioRED does not
    ),
    documents={r"(\d+)": "pmid"},
    parts={"main": Part(test="datasets.zip!**/bioredirect_bc8_test.pubtator", documented={"test": 400})},
    tasks=(
        Ner(
            name="BioRED-BC8",
            types={
                "CellLine": "cell line",
                "ChemicalEntity": "chemical",
                "DiseaseOrPhenotypicFeature": "disease or phenotype",
                "GeneOrGeneProduct": "gene or gene product",
                "OrganismTaxon": "species",
                "SequenceVariant": "sequence variant",
            },
        ),
        Re(
            name="BioRED-BC8-RE",
            # As in BioRED: what is said to be converted is written in that direction all the same.
            symmetric=tuple(name for name in RELATIONS.values() if name != "is converted to"),
            types=RELATIONS,
        ),
    ),
    paper=None,
    verified=False,
)
