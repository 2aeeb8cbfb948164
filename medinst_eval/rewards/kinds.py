"""How far an answer agrees with the right one, by kind of answer, and what else it holds.

Agreement is that of the strict metrics on one sample: `medinst_eval/metrics/reading/` reads both sides. What an answer
holds besides is counted in characters, since whoever reads an answer has to read that too.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from rapidfuzz.distance import LCSseq

from medinst_eval.grammar import answers
from medinst_eval.grammar.brackets import NOTHING, Unparsable
from medinst_eval.metrics import reading
from medinst_eval.rewards.verifier import Verifier

ROOM = 200
"""Characters besides an answer with which it has lost all of its reward; each costs one in so many."""

LONGER = 1.2
"""How many times as many words as the right one a free text may have at no cost; one time more, and nothing is left."""


class Found(NamedTuple):
    """What was found in an answer.

    Attributes:
        agreement: with the right answer, from 0 to 1.
        read: whether it could be read.
        besides: characters that belong to no answer.
        given: items, or words of a text, in it.
        copies: of them that say again what was said, more often than the right answer does.
        wanted: items or words in the right answer.
    """

    agreement: float
    read: bool = True
    besides: int = 0
    given: int = 0
    copies: int = 0
    wanted: int = 0


UNREAD = Found(0.0, read=False)

Compare = Callable[[str, str, Verifier], Found]


# Lists


class _Items(NamedTuple):
    """How the items of a form are read, and how many signs the form puts around the texts of one."""

    form: answers.Form[Any]
    signs: int


_ITEMS = {
    "entities": _Items(answers.Entities(), len("[ <>]")),
    "concepts": _Items(answers.Concepts(), len("[ <>]")),
    "relations": _Items(answers.Relations(), len("[<> <> <>]")),
    "events": _Items(answers.Events(), len("[<> <> <>]")),
    "mentions": _Items(answers.Mentions(), len("[]")),
}


def items(answer: str, gold: str, verifier: Verifier) -> Found:
    """Bracketed items; the ends of relations without direction in either order."""
    names, wanted = _wanted(gold, verifier)
    given, read = _read(answer, names, verifier)
    return _compared(given, wanted, read, 0 if _is_plain(answer, given, verifier) else _around(answer, given, verifier))


@lru_cache(maxsize=1024)
def _wanted(gold: str, verifier: Verifier) -> tuple[frozenset[str], Sequence[tuple[str, ...]]]:
    """The names that items may have, and the items of the right answer."""
    wanted, _ = _read(gold, frozenset(), verifier)
    return reading.names_of(_ITEMS[verifier.kind].form, [wanted], verifier.labels), wanted


def _read(answer: str, names: frozenset[str], verifier: Verifier) -> tuple[Sequence[tuple[str, ...]], bool]:
    if verifier.kind == "relations":
        return reading.relations(verifier.symmetric, answer, names)
    return reading.items(_ITEMS[verifier.kind].form, answer, names)


def _is_plain(answer: str, given: Sequence[Any], verifier: Verifier) -> bool:
    """Whether an answer is what the grammar asks for, and nothing else."""
    try:
        return len(_ITEMS[verifier.kind].form.parse(answer)) == len(given)
    except (Unparsable, ValueError):
        return False


def _around(answer: str, given: Sequence[tuple[str, ...]], verifier: Verifier) -> int:
    """The characters of an answer beyond those of its items, or outside of brackets if there are more."""
    between = len(", ") * (len(given) - 1) if given else len(NOTHING)
    written = sum(sum(map(len, item)) + _ITEMS[verifier.kind].signs for item in given)
    outside = len(answer) - sum(len(inner) + len("[]") for inner in reading.brackets(answer))
    return max(0, len(answer) - written - between, outside - between)


def _compared(given: Sequence[Any], wanted: Sequence[Any], read: bool, besides: int) -> Found:
    """F1 of the items of one sample; two empty lists agree if the answer could be read."""
    both, found, right = len(given) + len(wanted), Counter(given), Counter(wanted)
    agreement = 2 * (found & right).total() / both if both else float(read)
    return Found(agreement, read, besides, len(given), _copies(found, right), len(wanted))


def _copies(found: Counter[Any], right: Counter[Any]) -> int:
    return sum(count - max(1, right[each]) for each, count in found.items() if count > max(1, right[each]))


def several(answer: str, gold: str, verifier: Verifier) -> Found:
    """Several labels; what is listed and is none counts as a wrong one, and as besides."""
    known = frozenset(map(reading.bare, verifier.labels)) | set(reading.several(gold)[0])
    given, read = reading.several(answer, known)
    labels = ", ".join(each for each in given if each in known)
    return _compared(given, reading.several(gold)[0], read, max(0, len(answer) - len(labels)))


# One answer


def label(answer: str, gold: str, verifier: Verifier) -> Found:
    """One label of a closed set, named once and no other beside it: right or wrong."""
    known = frozenset({*verifier.labels, gold})
    found = reading.label(answer, known)
    whole = reading.bare(answer)
    if found is None or len(_named(known).findall(whole)) > 1:
        return UNREAD
    return Found(float(found == reading.bare(gold)), besides=max(0, len(whole) - len(found)))


@lru_cache(maxsize=64)
def _named(labels: frozenset[str]) -> re.Pattern[str]:
    """Finds labels in a text; of those that overlap, the longest."""
    longest_first = sorted({re.escape(reading.bare(each)) for each in labels}, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(longest_first)})(?!\w)")


def exact(answer: str, gold: str, _: Verifier) -> Found:
    """One answer of an open set, named once: right or wrong."""
    found = reading.exact(answer)
    if not found or reading.canonical(answer).count(found) > 1:
        return UNREAD
    return Found(float(found == reading.exact(gold)), besides=max(0, len(answer) - len(found)))


_SCORE = re.compile(r"\D*(?<![-.])([0-5])(?:\.0+)?(?:\s*(?:/|out of)\s*5)?\D*")
"""One whole number from 0 to 5, perhaps `out of 5`."""


def score(answer: str, gold: str, _: Verifier) -> Found:
    """A score from 0 to 5, stated once: one minus the distance on that scale."""
    value = _SCORE.fullmatch(answer)
    if value is None:
        return UNREAD
    return Found(1 - abs(int(value.group(1)) - int(gold)) / 5, besides=len(answer) - 1)


# Whole texts


_COPIED = re.compile(r"(\S+) \[[BIO]\]")


def tags(answer: str, gold: str, _: Verifier) -> Found:
    """Tagged words: F1 of whole entities, by the share of the words that are copied with a tag."""
    besides = max(0, len(answer) - len(gold))
    if besides > ROOM:  # nothing is left to earn, and aligning it could take long
        return Found(0.0, besides=besides)
    right = answers.Tags().parse(" ".join(gold.split()))
    words = [tag.word for tag in right]
    sequence, read = reading.tags(answer, words)
    one, other = reading.spans(sequence), reading.spans([tag.tag for tag in right])
    found = _compared(sorted(one), sorted(other), read, besides)
    copied = _COPIED.findall(answer)
    share = LCSseq.similarity(copied, words) / max(len(words), len(copied), 1)
    return found._replace(agreement=found.agreement * share)


_SPACELESS = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_WORD = re.compile(rf"\d+(?:[.,]\d+)+|[{_SPACELESS}]|[^\W_{_SPACELESS}]+")
"""A number, a word of a script with spaces, or a character of one without."""
_SIGN = re.compile(r"[^\w\s]|_")


def text(answer: str, gold: str, _: Verifier) -> Found:
    """Free text: ROUGE-L over words without stemming, less where it is longer than the right one."""
    said = reading.text(answer)
    given, wanted = _WORD.findall(reading.canonical(said)), _WORD.findall(reading.canonical(gold))
    if not given or not wanted:
        return Found(float(said == gold), read=bool(given))
    agreement = 2 * LCSseq.similarity(given, wanted) / (len(given) + len(wanted))
    shortness = 1 - max(0.0, len(given) / len(wanted) - LONGER)
    return Found(
        agreement * max(0.0, shortness),
        besides=len(answer) - len(said) + max(0, len(_SIGN.findall(said)) - len(_SIGN.findall(gold))),
        given=len(given),
        copies=_copies(Counter(given), Counter(wanted)),
        wanted=len(wanted),
    )


KINDS: dict[str, Compare] = {
    **dict.fromkeys(_ITEMS, items),
    "tags": tags,
    "list": several,
    "label": label,
    "exact": exact,
    "score": score,
    "text": text,
}
"""Agreement by the kind of a task's answers, the kinds of `medinst_eval.metrics.strict.METRICS`."""
