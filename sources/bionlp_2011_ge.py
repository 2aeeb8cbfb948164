"""BioNLP-2011-GE: events on proteins in PubMed abstracts and in full papers cut into sections."""

from schemas.formats import Standoff
from schemas.licence import Licence
from schemas.source import Evidence, Further, Part, Source
from schemas.task import Coref, Ee, Ner

DATA = "master.zip!bionlp-st-2011-ge-*/original-data/"

SOURCE = Source(
    id="bionlp_2011_ge",
    title="BioNLP Shared Task 2011, GENIA Event Extraction",
    about="The abstracts of the shared task of 2009 and sections of full papers, with proteins and events.",
    homepage="https://2011.bionlp-st.org/home/genia-event-extraction-genia",
    citation="kim2011genia",
    licence=Licence.BIONLP_ST_2011,
    evidence=Evidence(
        url="https://github.com/openbiocorpora/bionlp-st-2011-ge/blob/master/LICENSE",
        words="LICENSE, clauses 4 to 6: may be passed on for scholarly research; what is made from it "
        "serves non-profit research only; others ask first.",
        about=("annotations",),
    ),
    also=(
        Further(
            licence=Licence.ARTICLES,
            url="https://github.com/openbiocorpora/bionlp-st-2011-ge/blob/master/LICENSE",
            words="LICENSE, clauses 2 and 4: full texts are from the PMC Open Access Subset, each on the terms "
            "of its own article.",
            about=("texts",),
        ),
    ),
    files={
        "master.zip": "https://github.com/openbiocorpora/bionlp-st-2011-ge/archive/8d588346aecbaff4d3400e095ba969d697cdb8a7.zip"
    },
    format=Standoff(),
    documents={r"PMID-(\d+)": "pmid", r"PMC-(\d+)-.+": "pmcid"},
    clean=("entities", "punctuation"),
    parts={"main": Part(train=DATA + "train/*", dev=DATA + "devel/*", test=DATA + "test/*")},
    tasks=(
        Ner(name="BioNLP-2011-GE", types={"Protein": "protein"}, ignore=("Entity",)),
        Coref(name="BioNLP-2011-GE-COREF"),
        Ee(
            name="BioNLP-2011-GE-EE",
            types={
                "Binding": "binding",
                "Gene_expression": "gene expression",
                "Localization": "localization",
                "Negative_regulation": "negative regulation",
                "Phosphorylation": "phosphorylation",
                "Positive_regulation": "positive regulation",
                "Protein_catabolism": "protein catabolism",
                "Regulation": "regulation",
                "Transcription": "transcription",
            },
        ),
    ),
)
