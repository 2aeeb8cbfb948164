"""BioNLP-2013-GE: events on proteins in sections of 34 full papers on NF-kappa B."""

from schemas.formats import Standoff
from schemas.licence import Licence
from schemas.source import Evidence, Further, Part, Source
from schemas.task import Coref, Ee, Ner, Re

DATA = "master.zip!bionlp-st-2013-ge-*/original-data/"

SOURCE = Source(
    id="bionlp_2013_ge",
    title="BioNLP Shared Task 2013, GENIA Event Extraction",
    about="Sections of full papers on NF-kappa B with proteins, events and words that refer back to them.",
    homepage="http://bionlp-st.dbcls.jp/GE/2013/",
    citation="kim2013genia",
    licence=Licence.CC_BY_3_0,
    evidence=Evidence(
        url="https://github.com/openbiocorpora/bionlp-st-2013-ge",
        words="LICENSE with the data: annotations CC BY 3.0, to be attributed to the Database Center for Life Science.",
        about=("annotations",),
        credit="Annotations: Database Center for Life Science (DBCLS), CC BY 3.0.",
    ),
    also=(
        Further(
            licence=Licence.ARTICLES,
            url="https://github.com/openbiocorpora/bionlp-st-2013-ge/blob/master/LICENSE",
            words="LICENSE, clauses 1 and 3: all 34 documents are articles of the PMC Open Access Subset, each "
            "on its own terms.",
            about=("texts",),
        ),
    ),
    files={
        "master.zip": "https://github.com/openbiocorpora/bionlp-st-2013-ge/archive/4d1b996adc1209aa350816880ded055d1e8a0c8d.zip"
    },
    format=Standoff(roles=("Subject", "Object")),
    documents={r"PMC-(\d+)-.+": "pmcid"},
    clean=("glued", "spaces"),
    parts={"main": Part(train=DATA + "train/*", dev=DATA + "devel/*", test=DATA + "test/*")},
    tasks=(
        Ner(name="BioNLP-2013-GE", types={"Protein": "protein"}, ignore=("Anaphora", "Entity")),
        Re(name="BioNLP-2013-GE-RE", types={"Coreference": "refers to"}),
        Coref(name="BioNLP-2013-GE-COREF"),
        Ee(
            name="BioNLP-2013-GE-EE",
            types={
                "Acetylation": "acetylation",
                "Binding": "binding",
                "Deacetylation": "deacetylation",
                "Gene_expression": "gene expression",
                "Localization": "localization",
                "Negative_regulation": "negative regulation",
                "Phosphorylation": "phosphorylation",
                "Positive_regulation": "positive regulation",
                "Protein_catabolism": "protein catabolism",
                "Protein_modification": "protein modification",
                "Regulation": "regulation",
                "Transcription": "transcription",
                "Ubiquitination": "ubiquitination",
            },
        ),
    ),
)
