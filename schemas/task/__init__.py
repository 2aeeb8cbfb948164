"""Dataset-tasks: what is asked about the records of one part of a source, and in which form it is answered."""

from schemas.task.base import (
    CATEGORIES,
    HOW_ANSWERABLE,
    SPLITS,
    STANDARD,
    WORDINGS,
    Answerable,
    Category,
    Split,
    Task,
    Wording,
)
from schemas.task.documents import Coref, Ee, Mentioning, Ned, Ner, Re, Typed
from schemas.task.rows import Classes, PairClasses, Qa, Sts, Sum, Te, TextPairClass, Transl, TxtClass

__all__ = [
    "CATEGORIES",
    "HOW_ANSWERABLE",
    "SPLITS",
    "STANDARD",
    "WORDINGS",
    "Answerable",
    "Category",
    "Classes",
    "Coref",
    "Ee",
    "Mentioning",
    "Ned",
    "Ner",
    "PairClasses",
    "Qa",
    "Re",
    "Split",
    "Sts",
    "Sum",
    "Task",
    "Te",
    "TextPairClass",
    "Transl",
    "TxtClass",
    "Typed",
    "Wording",
]
