"""PubMedQA: is the answer to an abstract's research question yes, no or maybe?"""

from schemas.formats import JsonRows
from schemas.licence import Licence
from schemas.source import Evidence, Part, Source
from schemas.task import Qa

HUB = "https://huggingface.co/datasets/bigbio/pubmed_qa/resolve/main/"
DRIVE = "https://drive.google.com/uc?export=download&id="

SOURCE = Source(
    id="pubmedqa",
    title="PubMedQA",
    about="Research questions that are titles of PubMed papers, with the abstract and a yes, no or maybe.",
    homepage="https://pubmedqa.github.io",
    citation="jin2019pubmedqa",
    licence=Licence.MIT,
    evidence=Evidence(
        url="https://github.com/pubmedqa/pubmedqa/blob/master/LICENSE",
        words="LICENSE (MIT) of the repository, whose README offers the labelled data in it and a script to"
        " split them.",
        about=("annotations",),
        enclosed=("mit-pubmedqa.txt",),
    ),
    files={
        "pqal.zip": (HUB + "pqal.zip", DRIVE + "1kQnjowPHOcxETvYko7DRG9wE7217BQrD"),
        "pqaa.zip": (HUB + "pqaa.zip", DRIVE + "1kaU0ECRbVkrfjBAKtVsPCRF6qXSouoq9"),
    },
    # LONG_ANSWER, the abstract's conclusion, is left out of the context: it gives the answer away.
    format=JsonRows(
        record="Question",
        fields={"id": "", "text": "QUESTION", "context": "CONTEXTS", "answers": "final_decision"},
    ),
    documents={r"(\d+)": "pmid"},
    clean=("glued", "punctuation", "spaces"),
    parts={
        "labeled": Part(
            train="pqal.zip!pqal_fold0/train_set.json",
            dev="pqal.zip!pqal_fold0/dev_set.json",
            test="pqal.zip!pqal_test_set.json",
        ),
        "artificial": Part(train="pqaa.zip!pqaa_train_set.json", dev="pqaa.zip!pqaa_dev_set.json"),
    },
    tasks=(
        Qa(name="PubMedQA-labeled", part="labeled", choices=("yes", "no", "maybe")),
        Qa(name="PubMedQA-artificial", part="artificial", choices=("yes", "no")),
    ),
    # pqal.zip, made of the labelled questions by the authors' own script.
    copies=frozenset({"1344a56279e012c11449623e3e98a5fde7a2a8c8491711bc17766f36ff53b026"}),
)
