"""The set `strict`: metrics over answers as they are read (`reading/`), without the defects of the published ones.

Two empty lists agree. An answer that says nothing where something had to be said, or that cannot be read, is never
right. Tags belong to words, not to positions. Items are compared in canonical form (`reading.canonical`), which keeps
`CD4+` and `CD4-`, "A" and nothing, apart.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from medinst_eval.grammar import answers
from medinst_eval.metrics import overlap, partial_matches, reading
from medinst_eval.metrics.statistics import Floats, Metric, macro_f1, mean, micro_f1, ratio

Texts: TypeAlias = Sequence[str]

UNREAD = "\0"
"""Stands for an answer that could not be read; equal to no label."""


class Strict(NamedTuple):
    """The strict metrics of one task, the main one first, and for each answer whether it could be read."""

    metrics: list[Metric]
    read: list[bool]


Reads: TypeAlias = Callable[[str], tuple[Sequence[Any], bool]]
"""From an answer to what it lists, and whether it could be read."""


def items(form: answers.Form[Any], predicted: Texts, gold: Texts, names: Texts) -> Strict:
    """Bracketed items: F1 of all items (micro) and the mean of each sample's (macro)."""
    return _of_items(*_compared(_reader(partial(reading.items, form), form, gold, names), predicted, gold))


def entities(predicted: Texts, gold: Texts, names: Texts) -> Strict:
    """Entities: the same, and partial matches."""
    form = answers.Entities()
    given, wanted, read = _compared(_reader(partial(reading.items, form), form, gold, names), predicted, gold)
    worth = [partial_matches.of_items(*lists) for lists in zip(given, wanted, strict=True)]
    return Strict([*_of_items(given, wanted, read).metrics, *partial_matches.metrics(worth)], read)


def relations(predicted: Texts, gold: Texts, symmetric: Texts, names: Texts = ()) -> Strict:
    """Relations: F1 as of items, the ends of those without direction in either order.

    Args:
        predicted: the answers.
        gold: the right ones.
        symmetric: names of relations without direction.
        names: of all that the task declares; what a sample scores must not depend on those of the other samples.
    """
    reads = _reader(partial(reading.relations, symmetric), answers.Relations(), gold, [*names, *symmetric])
    return _of_items(*_compared(reads, predicted, gold))


def _reader(
    reads: Callable[..., tuple[Sequence[Any], bool]], form: answers.Form[Any], gold: Texts, names: Texts
) -> Reads:
    """A reader that knows the names of types that the task declares, and those of its gold answers."""
    return partial(reads, names=reading.names_of(form, (reads(text)[0] for text in gold), names))


def labels(predicted: Texts, gold: Texts, known: Texts) -> Strict:
    """Several labels: F1 as of items over the labels that an answer lists."""
    said = frozenset([*known, *(each for text in gold for each in reading.several(text)[0])])
    return _of_items(*_compared(partial(reading.several, labels=said), predicted, gold))


def _compared(
    reads: Reads, predicted: Texts, gold: Texts
) -> tuple[list[Sequence[Any]], list[Sequence[Any]], list[bool]]:
    """What each answer lists, what it should, and whether it could be read."""
    wanted = [reads(text)[0] for text in gold]
    given = [reads(text) for text in predicted]
    read = [able or _both_blank(*texts) for (_, able), *texts in zip(given, predicted, gold, strict=True)]
    return [found for found, _ in given], wanted, read


def _both_blank(predicted: str, gold: str) -> bool:
    return not predicted.strip() and not gold.strip()


def _of_items(given: Sequence[Sequence[Any]], wanted: Sequence[Sequence[Any]], read: list[bool]) -> Strict:
    counts: list[tuple[float, float, float]] = []
    each: list[float] = []
    for found, right, able in zip(given, wanted, read, strict=True):
        common = (Counter(found) & Counter(right)).total()
        counts.append((common, len(found), len(right)))
        both = len(found) + len(right)
        each.append(2 * common / both if both else float(able))
    return Strict([micro_f1("micro F1", counts), mean("macro F1", each)], read)


def tags(predicted: Texts, gold: Texts, _labels: Texts) -> Strict:
    """Tagged words: F1 of whole entities (micro), the mean of the F1 of B, I and O (macro), and partial matches."""
    right = [answers.Tags().parse(" ".join(text.split())) for text in gold]
    given = [reading.tags(text, [tag.word for tag in words]) for text, words in zip(predicted, right, strict=True)]
    wanted = [[tag.tag for tag in words] for words in right]
    marked = [(reading.spans(found), reading.spans(these)) for (found, _), these in zip(given, wanted, strict=True)]
    counts = [(len(one & other), len(one), len(other)) for one, other in marked]
    worth = [partial_matches.of_spans(*spans) for spans in marked]
    filled = [[tag or UNREAD for tag in found] for found, _ in given]
    metrics = [micro_f1("micro F1", counts), macro_f1("macro F1", wanted, filled)]
    return Strict([*metrics, *partial_matches.metrics(worth)], [able for _, able in given])


def label(predicted: Texts, gold: Texts, known: Texts) -> Strict:
    """One label of a closed set: the mean over the labels of their F1 (macro), and the share that is right."""
    wanted = [reading.bare(text) for text in gold]
    choices = frozenset([*known, *wanted])
    given = [reading.label(text, choices) for text in predicted]
    found = [text if text is not None else UNREAD for text in given]
    right = [float(one == other) for one, other in zip(found, wanted, strict=True)]
    metrics = [macro_f1("macro F1", [[text] for text in wanted], [[text] for text in found]), mean("accuracy", right)]
    return Strict(metrics, [text is not None for text in given])


def exact(predicted: Texts, gold: Texts, _labels: Texts) -> Strict:
    """One answer of an open set: the share that is right, and the F1 of its words."""
    pairs = [(reading.exact(given), reading.exact(right)) for given, right in zip(predicted, gold, strict=True)]
    said = [bool(given) for given, _ in pairs]
    right = [float(given == wanted and able) for (given, wanted), able in zip(pairs, said, strict=True)]
    metrics = [mean("exact match", right), mean("word F1", [_word_f1(*pair) for pair in pairs])]
    return Strict(metrics, said)


def _word_f1(given: str, right: str) -> float:
    one, other = Counter(given.split()), Counter(right.split())
    both = one.total() + other.total()
    return 2 * (one & other).total() / both if both else 0.0


def score(predicted: Texts, gold: Texts, _labels: Texts) -> Strict:
    """Scores: the mean squared error, in which an answer without a score is as wrong as can be, and Pearson's r."""
    right = [float(text) for text in gold]
    given = [reading.number(text) for text in predicted]
    errors = [
        (max(one, 5 - one) if other is None else abs(one - other)) ** 2 for one, other in zip(right, given, strict=True)
    ]
    worst = [
        (0.0 if one > 5 - one else 5.0) if other is None else other for one, other in zip(right, given, strict=True)
    ]
    x, y = np.asarray(right), np.asarray(worst)
    parts = np.stack([np.ones_like(x), x, y, x * x, y * y, x * y], axis=1).reshape(-1, 6)
    metrics = [mean("mean squared error", errors), Metric("Pearson r", parts, _pearson)]
    return Strict(metrics, [value is not None for value in given])


def _pearson(sums: Floats) -> Floats:
    count, x, y, xx, yy, xy = sums.T
    spread = np.sqrt(np.maximum(count * xx - x * x, 0)) * np.sqrt(np.maximum(count * yy - y * y, 0))
    return ratio(count * xy - x * y, spread)


def text(predicted: Texts, gold: Texts, _labels: Texts) -> Strict:
    """Free text: ROUGE, BLEU, chrF, METEOR, and BERTScore where its model is at hand."""
    predicted = [reading.text(given) for given in predicted]
    pairs = list(zip(predicted, gold, strict=True))
    rouge = [
        mean("ROUGE-L", [overlap.rouge_l(*pair) for pair in pairs]),
        mean("ROUGE-1", [overlap.rouge_n(*pair, length=1) for pair in pairs]),
        mean("ROUGE-2", [overlap.rouge_n(*pair, length=2) for pair in pairs]),
    ]
    scorers = (overlap.bleu, overlap.chrf, overlap.meteor, overlap.bert_score)
    others = [metric for scorer in scorers if (metric := scorer(predicted, gold)) is not None]
    return Strict([*rouge, *others], [bool(given.strip()) for given in predicted])


METRICS: dict[str, Callable[[Texts, Texts, Texts], Strict]] = {
    "entities": entities,
    "concepts": partial(items, answers.Concepts()),
    "relations": relations,
    "events": partial(items, answers.Events()),
    "mentions": partial(items, answers.Mentions()),
    "tags": tags,
    "list": labels,
    "label": label,
    "exact": exact,
    "score": score,
    "text": text,
}
"""Strict metrics by the kind of a task's answers, the main one first. The third argument is what the task says of its
labels: which there are, or which of its relations have no direction."""
