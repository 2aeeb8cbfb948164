"""NeuroTrialNER: conditions, interventions and controls in registered trials of neurology and psychiatry."""

from schemas.formats import JsonSpans
from schemas.licence import Licence
from schemas.source import Evidence, Further, Part, Source
from schemas.task import Ner

REPOSITORY = "https://github.com/Ineichen-Group/NeuroTrialNER"
DATA = (
    "https://raw.githubusercontent.com/Ineichen-Group/NeuroTrialNER/"
    "0e9f0002696e6a7ffb24f9dd97091425fcae48aa/data/annotated_data/bigbio/"
)

SOURCE = Source(
    id="neurotrial_ner",
    title="NeuroTrialNER",
    about="Titles and summaries of trials of the nervous system and the mind, with their conditions and interventions.",
    homepage=REPOSITORY,
    citation="doneva2024neurotrialner",
    licence=Licence.CC0_1_0,
    evidence=Evidence(
        url="https://huggingface.co/datasets/bigbio/neurotrial_ner",
        words="The card of the dataset, whose files are the authors' own, states cc0-1.0.",
        about=("annotations",),
    ),
    also=(
        Further(
            licence=Licence.MIT,
            url=f"{REPOSITORY}/blob/main/LICENSE",
            words="The repository, which by its README holds the code and the data of the paper, has the MIT License.",
            about=("annotations", "software"),
            enclosed=("mit-neurotrial-ner.txt",),
        ),
    ),
    files={name: DATA + name for name in ("train.json", "dev.json", "test.json")},
    format=JsonSpans(id="nctid"),
    documents={r"(NCT\d+)": "own"},
    dirt="A vertical bar stands between title and summary; some conditions end with a comma.",
    parts={"main": Part(train="train.json", dev="dev.json", test="test.json")},
    tasks=(
        Ner(
            name="NeuroTrialNER",
            types={
                "BEHAVIOURAL": "behavioral intervention",
                "CONDITION": "condition",
                "CONTROL": "control",
                "DRUG": "drug",
                "OTHER": "other intervention",
                "PHYSICAL": "physical intervention",
                "RADIOTHERAPY": "radiotherapy",
                "SURGICAL": "surgical intervention",
            },
        ),
    ),
    paper=None,
    verified=False,
)
