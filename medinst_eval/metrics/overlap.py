"""Overlap of free texts: ROUGE, BLEU, chrF, METEOR and BERTScore, by the libraries that define them."""

import os
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from rapidfuzz.distance import LCSseq

from medinst_eval.metrics.statistics import Floats, Metric, mean


@cache
def _tokenizer() -> Any:
    from rouge_score.tokenizers import DefaultTokenizer

    return DefaultTokenizer(use_stemmer=True)


@lru_cache(maxsize=4096)
def _tokens(text: str) -> list[str]:
    return [_stem(token) for token in _words(text)]


def _words(text: str) -> list[str]:
    """Words as rouge-score cuts them, before stemming."""
    from rouge_score.tokenize import tokenize

    return tokenize(text, None)


@lru_cache(maxsize=200_000)
def _stem(word: str) -> str:
    """A word as rouge-score stems it: words of four letters or more, by Porter."""
    (stemmed,) = _tokenizer().tokenize(word)
    return stemmed


def rouge_l(predicted: str, gold: str) -> float:
    """F-measure of ROUGE-L with stemming, equal to rouge-score's; its subsequences are found by rapidfuzz."""
    given, right = _tokens(predicted), _tokens(gold)
    return _f_measure(LCSseq.similarity(given, right), len(given), len(right))


def _f_measure(common: float, given: int, right: int) -> float:
    if not common:
        return 0.0
    precision, recall = common / given, common / right
    return 2 * precision * recall / (precision + recall)


def rouge_n(predicted: str, gold: str, length: int) -> float:
    """F-measure of ROUGE-N with stemming, equal to rouge-score's."""
    from collections import Counter

    given, right = (Counter(_grams(_tokens(text), length)) for text in (predicted, gold))
    return _f_measure((given & right).total(), given.total(), right.total())


def _grams(tokens: list[str], length: int) -> list[tuple[str, ...]]:
    return list(zip(*(tokens[start:] for start in range(length)), strict=False))


def bleu(predicted: Sequence[str], gold: Sequence[str]) -> Metric:
    """BLEU of the whole task by sacreBLEU, 0 to 100, tokenised as `13a`."""
    from sacrebleu.metrics.bleu import BLEU

    return _of_corpus("BLEU", BLEU(force=True), predicted, gold)


def chrf(predicted: Sequence[str], gold: Sequence[str]) -> Metric:
    """The chrF of the whole task by sacreBLEU, 0 to 100."""
    from sacrebleu.metrics.chrf import CHRF

    return _of_corpus("chrF", CHRF(), predicted, gold)


def _of_corpus(name: str, scorer: Any, predicted: Sequence[str], gold: Sequence[str]) -> Metric:
    """A metric of sacreBLEU from its statistics of each segment, as its own significance tests use them."""
    segments = scorer._extract_corpus_statistics(list(predicted), [list(gold)])
    parts = np.asarray(segments, dtype=np.float64)

    def combine(sums: Floats) -> Floats:
        return np.asarray([scorer._compute_score_from_stats(list(row)).score for row in sums])

    return Metric(name, parts, combine)


def bert_score(predicted: Sequence[str], gold: Sequence[str]) -> Metric | None:
    """The mean F1 of BERTScore; None where its library or its model is not at hand, since none is downloaded.

    The model is the folder that `MEDINST_BERTSCORE_MODEL` names, `MEDINST_BERTSCORE_LAYER` the layer that is compared
    (17 of roberta-large, which the library takes by default).
    """
    folder = os.environ.get("MEDINST_BERTSCORE_MODEL", "")
    if not Path(folder, "config.json").is_file():
        return None
    try:
        from bert_score import score  # pyright: ignore[reportMissingImports]
    except ImportError:
        return None
    layer = int(os.environ.get("MEDINST_BERTSCORE_LAYER", "17"))
    _, _, found = score(list(predicted), list(gold), model_type=folder, num_layers=layer, verbose=False)
    return mean("BERTScore", found.tolist())


class _NoSynonyms:
    """Stands for WordNet where its data is not at hand: no word has synonyms."""

    def synsets(self, _word: str) -> list[Any]:
        return []


@cache
def wordnet() -> Any | None:
    """WordNet of NLTK, None where its data is not at hand."""
    from nltk.corpus import wordnet as found

    try:
        found.ensure_loaded()
    except LookupError:
        return None
    return found


def meteor(predicted: Sequence[str], gold: Sequence[str]) -> Metric:
    """The mean of METEOR by NLTK; without WordNet's data words match by form and stem alone, and the name says so."""
    from nltk.translate.meteor_score import single_meteor_score

    synonyms = wordnet()
    name = "METEOR" if synonyms else "METEOR without synonyms"
    values = [
        single_meteor_score(right.split(), given.split(), wordnet=synonyms or _NoSynonyms())  # pyright: ignore[reportArgumentType]
        for given, right in zip(predicted, gold, strict=True)
    ]
    return mean(name, values)
