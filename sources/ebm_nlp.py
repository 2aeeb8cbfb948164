"""EBM-NLP: details of participants, interventions and outcomes in abstracts of clinical trials."""

from schemas.formats import TokenLabels
from schemas.licence import Licence
from schemas.source import Evidence, Part, Source
from schemas.task import Ner

CORPUS = "ebm_nlp_2_00.tar.gz!ebm_nlp_2_00/"
KINDS = {
    "participants": ("participant age", "participant sex", "sample size", "condition"),
    "interventions": (
        "surgical intervention",
        "physical intervention",
        "drug intervention",
        "educational intervention",
        "psychological intervention",
        "other intervention",
        "control",
    ),
    "outcomes": (
        "physical outcome",
        "pain outcome",
        "mortality outcome",
        "adverse effects outcome",
        "mental outcome",
        "other outcome",
    ),
}


def split(folder: str) -> dict[str, str]:
    """The files of a split: the starting spans, which every abstract of it has, and the details within them."""
    layers = {layer: f"{CORPUS}annotations/aggregated/*/{layer}/{folder}/*.ann" for layer in KINDS}
    return {"tokens": CORPUS + "documents/*.tokens", **layers}


SOURCE = Source(
    id="ebm_nlp",
    title="EBM-NLP corpus",
    about="Abstracts of clinical trials with who took part, what was done and what was measured, in seventeen kinds.",
    homepage="https://github.com/bepnye/EBM-NLP",
    citation="nye2018ebmnlp",
    licence=Licence.UNKNOWN,
    evidence=Evidence(
        url="https://github.com/bepnye/EBM-NLP",
        words="The repository states no licence.",
        about=("all",),
    ),
    files={
        "ebm_nlp_2_00.tar.gz": (
            "https://github.com/bepnye/EBM-NLP/raw/43a4a1ea3f0a21cfb8820c040b843dfaf66192d0/ebm_nlp_2_00.tar.gz",
            "https://github.com/bsaluja/EBM-NLP/raw/8eef3ea5db9565e9dabc6a6d24d30eedbb74ea54/ebm_nlp_2_00.tar.gz",
        ),
    },
    format=TokenLabels(
        types={layer: {str(code): kind for code, kind in enumerate(kinds, 1)} for layer, kinds in KINDS.items()},
        folder="hierarchical_labels",
    ),
    documents={r"(\d+)": "pmid"},
    clean=("glued",),
    dirt=(
        "Words and punctuation marks are separated by spaces, and a question mark stands for many a letter "
        "or sign that was lost (`chemo-na?ve`)."
    ),
    parts={"main": Part(train=split("train"), test=split("test/gold"))},
    tasks=(Ner(name="EBM-NLP", types={kind: kind for kinds in KINDS.values() for kind in kinds}),),
    verified=False,
    partial=frozenset({"ab2fdf4d188e91e2e89a6d17c8ef32dab2e7e166dd8e55e763648666a208dccd"}),
)
