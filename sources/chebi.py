"""ChEBI corpus: metabolites, what they come from and what they do, in 199 abstracts and 100 full papers."""

from schemas.formats import ParquetDocuments, Standoff
from schemas.licence import Licence
from schemas.source import Evidence, Further, Part, Source
from schemas.task import Ner, Re

CORPUS = "ChEBI.zip!ChEBI/"
HUB = "https://huggingface.co/datasets/bigbio/chebi_nactem/resolve/refs%2Fconvert%2Fparquet/"
CONVERTED = "chebi_nactem_{}_bigbio_kb/train/0000.parquet"
PARTS = ("annotator1", "annotator2", "papers")


def instead(name: str, documents: int) -> Part:
    """A part as the Hub has it."""
    return Part(format=ParquetDocuments(), train=CONVERTED.format(name), documented={"train": documents})


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
    files={
        "ChEBI.zip": "http://www.nactem.ac.uk/chebi/ChEBI.zip",
        **{CONVERTED.format(name): HUB + CONVERTED.format(name) for name in ("abstr_ann1", "abstr_ann2", "fullpaper")},
    },
    converted=dict.fromkeys(
        map(CONVERTED.format, ("abstr_ann1", "abstr_ann2", "fullpaper")),
        "The Hub converted the standoff files to Parquet with the loader of BigBIO; it is not NaCTeM's archive.",
    ),
    format=Standoff(annotations=(".ann",)),
    documents={r"(\d+)": "pmid"},
    parts={
        "annotator1": Part(
            train=CORPUS + "abstracts/Annotator1/*",
            documented={"train": 199},
            instead=instead("abstr_ann1", 199),
        ),
        "annotator2": Part(
            train=CORPUS + "abstracts/Annotator2/*",
            documented={"train": 199},
            instead=instead("abstr_ann2", 199),
        ),
        "papers": Part(
            documents={r"PMC(\d+)": "pmcid", "(.+)": "own"},
            train=CORPUS + "fullpapers/*",
            documented={"train": 100},
            instead=instead("fullpaper", 100),
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
