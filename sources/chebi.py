"""ChEBI corpus: metabolites, what they come from and what they do, in 199 abstracts and 100 full papers."""

from schemas.formats import Standoff
from schemas.licence import Licence
from schemas.source import Evidence, Further, Part, Source
from schemas.task import Ner, Re

CORPUS = "ChEBI.zip!ChEBI/"
PARTS = ("annotator1", "annotator2", "papers")

SOURCE = Source(
    id="chebi",
    title="ChEBI corpus of NaCTeM",
    about="Abstracts, each annotated by two people, and papers with metabolites, chemicals, proteins and species.",
    homepage="http://www.nactem.ac.uk/chebi",
    citation="shardlow2018chebi",
    licence=Licence.CC_BY_4_0,
    evidence=Evidence(
        url="http://www.nactem.ac.uk/chebi",
        words="The page of the corpus states CC BY 4.0.",
        about=("annotations",),
    ),
    also=(
        Further(
            licence=Licence.ARTICLES,
            url="http://www.nactem.ac.uk/chebi",
            words="100 of the 200 documents are full articles; the page says nothing about their own licences.",
            about=("texts",),
        ),
    ),
    files={"ChEBI.zip": "http://www.nactem.ac.uk/chebi/ChEBI.zip"},
    format=Standoff(annotations=(".ann",)),
    documents={r"(\d+)": "pmid"},
    parts={
        "annotator1": Part(train=CORPUS + "abstracts/Annotator1/*", documented={"train": 199}),
        "annotator2": Part(train=CORPUS + "abstracts/Annotator2/*", documented={"train": 199}),
        "papers": Part(
            documents={r"PMC(\d+)": "pmcid", "(.+)": "own"}, train=CORPUS + "fullpapers/*", documented={"train": 100}
        ),
    },
    tasks=(
        Ner(
            name="CHEBI",
            discontinuous=True,
            parts=PARTS,
            types={
                "Biological_Activity": "biological activity",
                "Chemical": "chemical",
                "Metabolite": "metabolite",
                "Protein": "protein",
                "Species": "species",
                "Spectral_Data": "spectral data",
            },
            # Three mentions of a type that is none of the corpus' six.
            ignore=("Chemical_Structure",),
        ),
        Re(
            name="CHEBI-RE",
            discontinuous=True,
            parts=PARTS,
            types={
                "Associated_With": "is associated with",
                "Binds_With": "binds with",
                "Isolated_From": "is isolated from",
                "Metabolite_Of": "is a metabolite of",
            },
        ),
    ),
    verified=False,
)
