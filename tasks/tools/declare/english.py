"""The English of instructions: plain words, in American spelling."""

import re
from collections.abc import Iterator

QUAINT: dict[str, str] = {
    r"parted by": "separated by",
    r"blanks?": "space",
    r"bears? (?:\w+ ){0,3}out|borne out": "support",
    r"br(?:ings?|ought) about": "cause",
    r"at large": "in general",
    r"be it \w+": "whether",
    r"with a view to": "for",
    r"(?:is|are) none of": "is not one of",
    r"in earnest": "substantially",
    r"as (?:it|they) stands?": "as given",
    r"thereof|therein|wherein|whereof": "of it, in which",
    r"(?<!there )(?:is|are) no (?!longer|more|less)\w+": "is not a …",
    r"hence": "so",
    r"deal(?:s|t|ing)? with": "is about",
    r"to be had": "available",
    r"upright strokes?": "vertical bar",
}
"""Phrases that a colleague would not use -> a plain one."""

_IZED = (
    "capital|categor|character|crystal|emphas|final|general|hospital|hypothes|immortal|immun|initial|ion|item|local|"
    "maxim|minim|neutral|normal|optim|organ|oxid|polar|polymer|priorit|random|real|recogn|sensit|special|stabil|"
    "standard|steril|summar|synchron|synthes|token|util|visual"
)
BRITISH = (
    rf"(?:{_IZED})is(?:e|ed|es|er|ers|ing|ation|ations)",
    r"(?:tum|behavi|col|lab|fav|neighb)our\w*",
    r"(?:ana|para|cata)lys(?:e|ed|ing)",
    r"(?:cent|fib|lit|met)res?",
    r"(?:ana|leuka|septica|ischa)em\w*|\w*haem\w+|oedem\w*|oesophag\w*|oestr\w+|diarrhoea\w*",
    r"(?:ortho)?paed\w+|gynaec\w*|caesar\w*|foet\w+|faec\w+",
    r"(?:label|model|travel|signal)l(?:ed|ing)",
    r"programmes?|judgements?|grey|licences?|catalogues?|sulph\w+|aluminium|whilst|towards",
)
"""British spellings of words that instructions use."""

_PHRASES = {re.compile(rf"\b(?:{found})\b", re.IGNORECASE): better for found, better in QUAINT.items()}
_SPELT = re.compile(rf"\b(?:{'|'.join(BRITISH)})\b", re.IGNORECASE)


def odd(prose: str) -> Iterator[str]:
    """What a text says in quaint words or spells the British way, each with the cure."""
    for pattern, better in _PHRASES.items():
        if found := pattern.search(prose):
            yield f"says {found[0]!r}; write plain English, such as {better!r}"
    if found := _SPELT.search(prose):
        yield f"spells {found[0]!r} the British way; write it the American way"
