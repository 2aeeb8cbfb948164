"""MLEE: blood vessel development from molecules to organs in 262 PubMed abstracts."""

from schemas.formats import Standoff
from schemas.licence import Licence
from schemas.source import Evidence, Part, Source
from schemas.task import Coref, Ee, Ner, Re

DATA = "MLEE-1.0.2-rev1.tar.gz!MLEE-1.0.2-rev1/standoff/"
EVENTS = (
    "Acetylation Binding Blood_vessel_development Breakdown Catabolism Cell_division Cell_proliferation "
    "DNA_methylation Death Dephosphorylation Development Dissociation Gene_expression Growth Localization "
    "Metabolism Negative_regulation "
    "Pathway Phosphorylation Planned_process Positive_regulation Protein_processing Regulation Remodeling Reproduction "
    "Synthesis Transcription Translation Ubiquitination"
)
ENTITIES = (
    "Anatomical_system Cell Cellular_component DNA_domain_or_region Developing_anatomical_structure Drug_or_compound "
    "Gene_or_gene_product Immaterial_anatomical_entity Multi-tissue_structure Organ Organism Organism_subdivision "
    "Organism_substance Pathological_formation Protein_domain_or_region Tissue"
)


def plain(name: str) -> str:
    """The name of a type in words."""
    return name.replace("_", " ").lower().replace("dna", "DNA")


SOURCE = Source(
    id="mlee",
    title="Multi-Level Event Extraction corpus",
    about="PubMed abstracts on angiogenesis with entities and events from the molecular to the organ level.",
    homepage="http://www.nactem.ac.uk/MLEE/",
    citation="pyysalo2012mlee",
    licence=Licence.CC_BY_NC_SA_3_0,
    evidence=Evidence(
        url="http://www.nactem.ac.uk/MLEE/",
        words="LICENSE in the archive: annotations CC BY-NC-SA 3.0; the texts keep the terms of PubMed and PMC.",
        about=("annotations",),
    ),
    files={"MLEE-1.0.2-rev1.tar.gz": "http://www.nactem.ac.uk/MLEE/MLEE-1.0.2-rev1.tar.gz"},
    format=Standoff(),
    documents={r"PMID-(\d+)": "pmid"},
    clean=("glued", "punctuation", "spaces"),
    parts={
        "main": Part(train=DATA + "development/train/*", dev=DATA + "development/test/*", test=DATA + "test/test/*")
    },
    tasks=(
        Ner(name="MLEE", types={name: plain(name) for name in ENTITIES.split()}),
        Re(name="MLEE-RE", types={"frag": "is a fragment of"}),
        Coref(name="MLEE-COREF"),
        Ee(name="MLEE-EE", types={name: plain(name) for name in EVENTS.split()}),
    ),
)
