"""BioNLP-2009: events on proteins in PubMed abstracts on transcription factors in blood cells."""

from schemas.formats import Standoff
from schemas.licence import Licence
from schemas.source import Evidence, Part, Source
from schemas.task import Coref, Ee, Ner

URL = "http://www.nactem.ac.uk/GENIA/current/Shared-tasks/BioNLP-ST-2009/"
TRAIN = "bionlp09_shared_task_training_data_rev2.tar.gz"
DEV = "bionlp09_shared_task_development_data_rev1.tar.gz"
TEST = "bionlp09_shared_task_test_data_without_gold_annotation.tar.gz"

SOURCE = Source(
    id="bionlp_2009",
    title="BioNLP Shared Task 2009 on Event Extraction",
    about="PubMed abstracts on transcription factors in human blood cells, with proteins and what happens to them.",
    homepage=URL,
    citation="kim2009bionlp",
    licence=Licence.GENIA,
    evidence=Evidence(
        url="http://www.nactem.ac.uk/GENIA/current/Shared-tasks/BioNLP-ST-2009/",
        words="LICENSE in the archives: the GENIA Project License, which must travel with the annotations.",
        about=("annotations",),
    ),
    files={name: URL + name for name in (TRAIN, DEV, TEST)},
    format=Standoff(),
    documents={r"(\d+)": "pmid"},
    clean=("entities", "punctuation"),
    parts={"main": Part(train=f"{TRAIN}!**/*", dev=f"{DEV}!**/*", test=f"{TEST}!**/*")},
    tasks=(
        Ner(name="BioNLP-2009", types={"Protein": "protein"}, ignore=("Entity",)),
        Coref(name="BioNLP-2009-COREF"),
        Ee(
            name="BioNLP-2009-EE",
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
