"""BioNLP-2011-ID: the molecular mechanisms of infectious diseases in 30 full papers, cut into sections."""

from schemas.formats import Standoff
from schemas.licence import Licence
from schemas.source import Evidence, Further, Part, Source
from schemas.task import Coref, Ee, Ner

DATA = "master.zip!bionlp-st-2011-id-*/original-data/"

SOURCE = Source(
    id="bionlp_2011_id",
    title="BioNLP Shared Task 2011, Infectious Diseases",
    about="Sections of full papers on two-component systems with entities, events and equivalent names.",
    homepage="https://2011.bionlp-st.org/home/infectious-diseases",
    citation="pyysalo2011id",
    licence=Licence.GENIA,
    evidence=Evidence(
        url="https://github.com/openbiocorpora/bionlp-st-2011-id",
        words="The GENIA Project License for Annotated Corpora comes with the data and must travel with it.",
        about=("annotations",),
    ),
    also=(
        Further(
            licence=Licence.CC_BY_2_0,
            url="https://github.com/openbiocorpora/bionlp-st-2011-id/blob/master/original-data/train/README",
            words="README of the training data: the text of the articles is distributed under CC BY 2.0.",
            about=("texts",),
        ),
    ),
    files={
        "master.zip": "https://github.com/openbiocorpora/bionlp-st-2011-id/archive/e67c70a4ae62a90b3d5060a8af9f1f8d6f9dc969.zip"
    },
    format=Standoff(),
    documents={r"PMC(\d+)-.+": "pmcid"},
    clean=("punctuation", "spaces"),
    parts={"main": Part(train=DATA + "train/*", dev=DATA + "devel/*", test=DATA + "test/*")},
    tasks=(
        Ner(
            name="BioNLP-2011-ID",
            types={
                "Chemical": "chemical",
                "Organism": "organism",
                "Protein": "protein",
                "Regulon-operon": "regulon or operon",
                "Two-component-system": "two-component system",
            },
            ignore=("Entity",),
        ),
        Coref(name="BioNLP-2011-ID-COREF"),
        Ee(
            name="BioNLP-2011-ID-EE",
            types={
                "Binding": "binding",
                "Gene_expression": "gene expression",
                "Localization": "localization",
                "Negative_regulation": "negative regulation",
                "Phosphorylation": "phosphorylation",
                "Positive_regulation": "positive regulation",
                "Process": "process",
                "Protein_catabolism": "protein catabolism",
                "Regulation": "regulation",
                "Transcription": "transcription",
            },
        ),
    ),
)
