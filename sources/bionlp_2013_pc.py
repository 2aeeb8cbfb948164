"""BioNLP-2013-PC: the reactions of biomolecular pathways in 525 PubMed abstracts."""

from schemas.formats import Standoff
from schemas.licence import Licence
from schemas.source import Evidence, Part, Source
from schemas.task import Coref, Ee, Ner

DATA = "master.zip!bionlp-st-2013-pc-*/original-data/"
ENTITIES = ("Cellular_component", "Complex", "Gene_or_gene_product", "Simple_chemical")
EVENTS = (
    "Acetylation Activation Binding Conversion Deacetylation Degradation Dehydroxylation Demethylation "
    "Dephosphorylation Deubiquitination Dissociation Gene_expression Hydroxylation Inactivation Localization "
    "Methylation Negative_regulation Pathway Phosphorylation Positive_regulation Regulation Transcription Translation "
    "Transport Ubiquitination"
)


def plain(name: str) -> str:
    """The name of a type in words."""
    return name.replace("_", " ").lower()


SOURCE = Source(
    id="bionlp_2013_pc",
    title="BioNLP Shared Task 2013, Pathway Curation",
    about="PubMed abstracts chosen for the reactions of pathway models, with molecules, complexes and events.",
    homepage="http://2013.bionlp-st.org/tasks/pathway-curation",
    citation="ohta2013pc",
    licence=Licence.CC_BY_SA_3_0,
    evidence=Evidence(
        url="https://github.com/openbiocorpora/bionlp-st-2013-pc",
        words="LICENSE with the data: annotations CC BY-SA 3.0; the abstracts keep the terms of PubMed.",
        about=("annotations",),
    ),
    files={
        "master.zip": "https://github.com/openbiocorpora/bionlp-st-2013-pc/archive/ef65fe2f44ee701be857f0cb362e3233abfb8e07.zip"
    },
    format=Standoff(),
    documents={r"PMID-(\d+)": "pmid"},
    parts={
        "main": Part(
            train=DATA + "train/*",
            dev=DATA + "devel/*",
            test=DATA + "test/*",
            documented={"train": 260, "dev": 90, "test": 175},
        ),
    },
    tasks=(
        Ner(name="BioNLP-2013-PC", types={name: plain(name) for name in ENTITIES}),
        Coref(name="BioNLP-2013-PC-COREF"),
        Ee(name="BioNLP-2013-PC-EE", types={name: plain(name) for name in EVENTS.split()}),
    ),
    verified=False,
)
