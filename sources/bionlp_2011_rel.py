"""BioNLP-2011-REL: proteins, their parts and their complexes in the abstracts of BioNLP-2009."""

from schemas.formats import Standoff
from schemas.licence import Licence
from schemas.source import Evidence, Part, Source
from schemas.task import Coref, Ner, Re

DATA = "master.zip!bionlp-st-2011-rel-*/original-data/"

SOURCE = Source(
    id="bionlp_2011_rel",
    title="BioNLP Shared Task 2011, Entity Relations",
    about="PubMed abstracts with proteins and genes, their components and the complexes that they are subunits of.",
    homepage="https://2011.bionlp-st.org/home/entity-relations",
    citation="pyysalo2011rel",
    licence=Licence.GENIA,
    evidence=Evidence(
        url="https://github.com/openbiocorpora/bionlp-st-2011-rel",
        words="LICENSE with the data: the GENIA Project License, which must travel with the annotations.",
        about=("annotations",),
    ),
    files={
        "master.zip": "https://github.com/openbiocorpora/bionlp-st-2011-rel/archive/21ec156a5768dd4c739ca2c15c4a3e5364121807.zip"
    },
    format=Standoff(annotations=(".a1", ".rel")),
    documents={r"PMID-(\d+)": "pmid"},
    clean=("entities", "punctuation"),
    parts={"main": Part(train=DATA + "train/*", dev=DATA + "devel/*", test=DATA + "test/*")},
    tasks=(
        Ner(name="BioNLP-2011-REL", types={"Protein": "protein"}, ignore=("Entity",)),
        Re(
            name="BioNLP-2011-REL-RE",
            types={"Protein-Component": "has the component", "Subunit-Complex": "is a subunit of"},
        ),
        Coref(name="BioNLP-2011-REL-COREF"),
    ),
)
