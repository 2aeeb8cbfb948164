"""PKNER: the pharmacokinetic parameters that sentences of papers name."""

from schemas.formats import JsonSpans
from schemas.licence import Licence
from schemas.source import Evidence, Part, Source
from schemas.task import Ner

REPOSITORY = "https://github.com/PKPDAI/PKNER"
# The authors' script has these addresses with signatures, which are no part of a declaration; their models in the same
# container are named without.
DATA = "https://pkannotations.blob.core.windows.net/nerdata/final/"

SOURCE = Source(
    id="pkner",
    title="PKNER",
    about="Sentences from abstracts and full texts on pharmacokinetics, with the parameters that they name.",
    homepage=REPOSITORY,
    citation="gonzalezhernandez2024pkner",
    licence=Licence.MIT,
    evidence=Evidence(
        url=f"{REPOSITORY}/blob/main/LICENSE",
        words="The repository has the MIT License; by the article, models and corpus are released in it.",
        about=("annotations", "software"),
        enclosed=("mit-pkner.txt",),
    ),
    files={name: DATA + name for name in ("training.jsonl", "dev.jsonl", "test.jsonl")},
    format=JsonSpans(lines=True, id="", entities="spans", mention="", type="label"),
    documents="No key of a sentence that says which paper it is from is known.",
    parts={"main": Part(train="training.jsonl", dev="dev.jsonl", test="test.jsonl")},
    tasks=(Ner(name="PKNER", types={"PK": "pharmacokinetic parameter"}),),
    paper=None,
    verified=False,
)
