"""AnEM: anatomical entities in 500 pieces of PubMed abstracts and PMC papers."""

from schemas.formats import Standoff
from schemas.licence import Licence
from schemas.source import Evidence, Further, Part, Source
from schemas.task import Coref, Ner, Re

DATA = "AnEM-1.0.4.tar.gz!AnEM-1.0.4/"
TYPES = (
    "Anatomical_system Cell Cellular_component Developing_anatomical_structure Immaterial_anatomical_entity "
    "Multi-tissue_structure Organ Organism_subdivision Organism_substance Pathological_formation Tissue"
)

SOURCE = Source(
    id="anem",
    title="Anatomical Entity Mention corpus",
    about="Passages of abstracts and papers with anatomical entities from organism parts down to cell components.",
    homepage="http://www.nactem.ac.uk/anatomy/",
    citation="ohta2012anem",
    licence=Licence.CC_BY_SA_3_0,
    evidence=Evidence(
        url="http://www.nactem.ac.uk/anatomy/",
        words="LICENSE in the archive: annotations CC BY-SA 3.0.",
        about=("annotations",),
    ),
    also=(
        Further(
            licence=Licence.ARTICLES,
            url="http://www.nactem.ac.uk/anatomy/data/AnEM-1.0.4.tar.gz",
            words="REFERENCES in the archive lists 250 articles of the PMC Open Access Subset; at least 16 of "
            "them are in journals that forbid commercial use.",
            about=("texts",),
        ),
    ),
    files={"AnEM-1.0.4.tar.gz": "http://www.nactem.ac.uk/anatomy/data/AnEM-1.0.4.tar.gz"},
    format=Standoff(annotations=(".ann",)),
    documents={r"PMID-(\d+)": "pmid", r"PMC-(\d+)-.+": "pmcid"},
    clean=("glued", "punctuation", "spaces"),
    parts={
        "main": Part(
            train={"texts": DATA + "standoff/*", "ids": DATA + "development/train-files.list"},
            dev={"texts": DATA + "standoff/*", "ids": DATA + "development/test-files.list"},
            test={"texts": DATA + "standoff/*", "ids": DATA + "test/test-files.list"},
        ),
    },
    tasks=(
        Ner(name="AnEM", types={name: name.replace("_", " ").lower() for name in TYPES.split()}),
        Re(name="AnEM-RE", types={"Part-of": "is part of", "frag": "is a fragment of"}),
        Coref(name="AnEM-COREF"),
    ),
)
