"""Chia: the eligibility criteria of 1,000 clinical trials as entities and the relations that make them a query."""

from schemas.formats import Standoff
from schemas.licence import Licence
from schemas.source import Evidence, Part, Source
from schemas.task import Ner, Re

TYPES = "Condition Device Drug Measurement Observation Person Procedure Visit"
OTHERS = (
    "Competing_trial Context_Error Grammar_Error Informed_consent Intoxication_considerations Line Mood Multiplier "
    "Negation Non-query-able Non-representable Not_a_criteria Parsing_Error Post-eligibility Pregnancy_considerations "
    "Qualifier Reference_point Scope Subjective_judgement Temporal Undefined_semantics Value c-Requires_causality"
)

SOURCE = Source(
    id="chia",
    title="Chia",
    about="Inclusion and exclusion criteria of phase IV trials with entities, qualifiers and "
    "the relations between them.",
    homepage="https://github.com/WengLab-InformaticsResearch/CHIA",
    citation="kury2020chia",
    licence=Licence.CC_BY_4_0,
    evidence=Evidence(
        url="https://doi.org/10.6084/m9.figshare.11855817.v2",
        words="The record states CC BY 4.0.",
        about=("all",),
    ),
    files={
        "chia_with_scope.zip": (
            "https://ndownloader.figshare.com/files/21728850",
            "https://huggingface.co/datasets/bigbio/chia/resolve/main/data/chia_with_scope.zip",
        ),
    },
    # Lines like those of coreference chains hold groups of alternatives and, four times, of what is negated.
    format=Standoff(annotations=(".ann",), groups=("OR",), skip=("*\tNOT",), wrapped=True),
    documents={r"(NCT\d+)_(?:exc|inc)": "own"},
    clean=("glued", "punctuation", "spaces"),
    parts={"main": Part(train="chia_with_scope.zip!*")},
    tasks=(
        Ner(
            name="CHIA",
            discontinuous=True,
            types={name: name.lower() for name in TYPES.split()},
            ignore=tuple(OTHERS.split()),
        ),
        Re(
            name="CHIA-RE",
            discontinuous=True,
            symmetric=("is combined with", "is an alternative to", "overlaps with"),
            types={
                "AND": "is combined with",
                "OR": "is an alternative to",
                "Subsumes": "includes",
                "Has_context": "has context",
                "Has_index": "has reference point",
                "Has_mood": "has mood",
                "Has_multiplier": "has multiplier",
                "Has_negation": "has negation",
                "Has_qualifier": "has qualifier",
                "Has_scope": "has scope",
                "Has_temporal": "has time",
                "Has_value": "has value",
                "causal": "is caused by",
                "multi": "overlaps with",
            },
        ),
    ),
)
