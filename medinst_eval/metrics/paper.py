r"""The set `paper`: the metrics of the published scorer, defects included.

The definitions are those of the paper's released script, described by its observable behaviour: an answer "A" is an
article and so nothing, `CD4+` equals `CD4-`, two empty lists score 0, an open bracket swallows the rest of an answer.
They are kept so that results compare with published ones; `strict.py` has the metrics to trust.
"""

import re
import string
from collections import Counter
from collections.abc import Callable, Sequence
from typing import TypeAlias

from medinst_eval.metrics.overlap import rouge_l
from medinst_eval.metrics.statistics import Metric, macro_f1, mean

Texts: TypeAlias = Sequence[str]

_PUNCTUATION = str.maketrans("", "", string.punctuation)
_ARTICLES = re.compile(r"\b(a|an|the)\b")
_TAGS = re.compile(r"\[B\]|\[I\]|\[O\]")
_PADDING = "N"
_WORST = 5


def normalise(text: str) -> str:
    """Lower case, no ASCII punctuation, no articles, single spaces: in this order."""
    return " ".join(_ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split())


def bracketed(text: str) -> list[str]:
    """The contents of the outermost brackets, normalised; what is open at the end is lost."""
    found: list[str] = []
    item: list[str] = []
    depth = 0
    for character in text:
        if character == "]" and depth < 2:
            if depth:
                found.append(normalise("".join(item)))
            item, depth = [], 0
            continue
        if depth:
            item.append(character)
        depth += (character == "[") - (character == "]")
    return found


def multiset_f1(predicted: Sequence[str], gold: Sequence[str]) -> float:
    """F1 of two multisets of items; 0 where one is empty, even if both are."""
    common = sum((Counter(predicted) & Counter(gold)).values())
    if not common:
        return 0.0
    precision, recall = common / len(predicted), common / len(gold)
    return 2 * precision * recall / (precision + recall)


def label_f1(predicted: Texts, gold: Texts) -> Metric:
    """Macro F1 over the labels that occur in the gold answers, after normalisation."""
    return macro_f1("macro F1", [[normalise(text)] for text in gold], [[normalise(text)] for text in predicted])


def tag_f1(predicted: Texts, gold: Texts) -> Metric:
    """Macro F1 over the tags B, I and O, by position: too few are padded with a tag of their own, too many cut."""
    wanted = [_TAGS.findall(text) for text in gold]
    given = [_TAGS.findall(text) for text in predicted]
    padded = [
        (tags + [_PADDING] * (len(right) - len(tags)))[: len(right)] for tags, right in zip(given, wanted, strict=True)
    ]
    return macro_f1("macro F1", wanted, padded)


def bracket_f1(predicted: Texts, gold: Texts) -> Metric:
    """The mean over samples of the F1 of the bracketed items."""
    return _mean_f1([bracketed(text) for text in predicted], [bracketed(text) for text in gold])


def list_f1(predicted: Texts, gold: Texts) -> Metric:
    """The mean over samples of the F1 of the labels between commas."""
    return _mean_f1([_listed(text) for text in predicted], [_listed(text) for text in gold])


def _listed(text: str) -> list[str]:
    return [label.lower().strip() for label in text.split(", ")]


def _mean_f1(predicted: list[list[str]], gold: list[list[str]]) -> Metric:
    return mean("mean F1", [multiset_f1(given, right) for given, right in zip(predicted, gold, strict=True)])


def exact(predicted: Texts, gold: Texts) -> Metric:
    """The share of answers that are equal after normalisation."""
    pairs = zip(predicted, gold, strict=True)
    return mean("exact match", [float(normalise(given) == normalise(right)) for given, right in pairs])


def squared_error(predicted: Texts, gold: Texts) -> Metric:
    """The mean squared error of the scores; a pair with other than one integer from 0 to 5 on a side counts 25."""
    values = []
    for given, right in zip(predicted, gold, strict=True):
        one, other = _integer(given), _integer(right)
        values.append(float(_WORST if one is None or other is None else abs(one - other)) ** 2)
    return mean("mean squared error", values)


def _integer(text: str) -> int | None:
    found = {int(number) for number in re.findall(r"\d+", text)}
    return found.pop() if len(found) == 1 and found <= set(range(_WORST + 1)) else None


def rouge(predicted: Texts, gold: Texts) -> Metric:
    """The mean over samples of ROUGE-L, stemmed."""
    return mean("ROUGE-L", [rouge_l(given, right) for given, right in zip(predicted, gold, strict=True)])


def word_f1(predicted: Texts, gold: Texts) -> Metric:
    """The mean over samples of the F1 of the normalised words."""
    pairs = zip(predicted, gold, strict=True)
    return mean("word F1", [multiset_f1(normalise(given).split(), normalise(right).split()) for given, right in pairs])


METRICS: dict[str, Callable[[Texts, Texts], Metric]] = {
    "label": label_f1,
    "tags": tag_f1,
    "brackets": bracket_f1,
    "list": list_f1,
    "exact": exact,
    "score": squared_error,
}
"""Main metrics by the kind that expectations/medinst32.csv names; `text` has none but those that follow."""

ALWAYS = (rouge, word_f1)
"""Metrics of all tasks."""
