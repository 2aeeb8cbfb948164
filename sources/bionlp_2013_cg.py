"""BioNLP-2013-CG: the genetics of cancer, from molecules to tumours, in 600 PubMed abstracts."""

from schemas.formats import Standoff
from schemas.licence import Licence
from schemas.source import Evidence, Part, Source
from schemas.task import Coref, Ee, Ner

DATA = "master.zip!bionlp-st-2013-cg-*/original-data/"
ENTITIES = (
    "Amino_acid Anatomical_system Cancer Cell Cellular_component Developing_anatomical_structure Gene_or_gene_product "
    "Immaterial_anatomical_entity Multi-tissue_structure Organ Organism Organism_subdivision Organism_substance "
    "Pathological_formation Simple_chemical Tissue"
)
REGIONS = ("DNA_domain_or_region", "Protein_domain_or_region")  # not in the test set
EVENTS = (
    "Acetylation Amino_acid_catabolism Binding Blood_vessel_development Breakdown Carcinogenesis Catabolism Cell_death "
    "Cell_differentiation Cell_division Cell_proliferation Cell_transformation DNA_demethylation DNA_methylation Death "
    "Dephosphorylation Development Dissociation Gene_expression Glycolysis Glycosylation Growth Infection Localization "
    "Metabolism Metastasis Mutation Negative_regulation Pathway Phosphorylation Planned_process Positive_regulation "
    "Protein_processing Regulation Remodeling Reproduction Synthesis Transcription Translation Ubiquitination"
)


def plain(name: str) -> str:
    """The name of a type in words."""
    return name.replace("_", " ").lower().replace("dna", "DNA")


SOURCE = Source(
    id="bionlp_2013_cg",
    title="BioNLP Shared Task 2013, Cancer Genetics",
    about="PubMed abstracts on cancer with entities and events from genes and cells to organs and tumours.",
    homepage="http://2013.bionlp-st.org/tasks/cancer-genetics",
    citation="pyysalo2013cg",
    licence=Licence.CC_BY_SA_3_0,
    evidence=Evidence(
        url="https://github.com/openbiocorpora/bionlp-st-2013-cg",
        words="LICENSE with the data: annotations CC BY-SA 3.0; the abstracts keep the terms of PubMed.",
        about=("annotations",),
    ),
    files={
        "master.zip": "https://github.com/openbiocorpora/bionlp-st-2013-cg/archive/b4a603dee25bd6ac5636017c2be41fd2edc52a3e.zip"
    },
    format=Standoff(),
    documents={r"PMID-(\d+)": "pmid"},
    clean=("entities", "glued", "punctuation", "spaces"),
    parts={"main": Part(train=DATA + "train/*", dev=DATA + "devel/*", test=DATA + "test/*")},
    tasks=(
        Ner(name="BioNLP-2013-CG", types={name: plain(name) for name in ENTITIES.split()}, ignore=REGIONS),
        Coref(name="BioNLP-2013-CG-COREF"),
        Ee(name="BioNLP-2013-CG-EE", types={name: plain(name) for name in EVENTS.split()}),
    ),
)
