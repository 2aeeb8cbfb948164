"""Labels from the words of the input; texts from its beginning, its options, or word by word."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from math import log
from statistics import median

from medinst_eval.grammar.brackets import NOTHING
from medinst_eval.rewards.attacks import Sample
from medinst_eval.rewards.honest.names import TOKEN, Way, key


def classified(training: Sequence[Sample]) -> Way:
    """The answer that the words of the input suggest: naive Bayes with counts that begin at one."""
    answers_ = Counter(sample.output for sample in training)
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for sample in training:
        counts[sample.output].update(set(key(sample.input)))
    known = {word for each in counts.values() for word in each}

    def way(sample: Sample) -> str:
        present = set(key(sample.input)) & known

        def likelihood(answer: str) -> float:
            size = answers_[answer] + 2
            return log(answers_[answer]) + sum(log((counts[answer][word] + 1) / size) for word in present)

        return max(answers_, key=likelihood, default=NOTHING)

    return way


def written(training: Sequence[Sample]) -> dict[str, Way]:
    """Free texts: the beginning of the input, an option, or a word-by-word translation."""
    size = median(len(sample.output.split()) for sample in training) if training else 1
    words = _translations(training)

    def beginning(sample: Sample) -> str:
        text = re.sub(r"^[A-Z]\w*: ", "", sample.input)
        return " ".join(text.split()[: int(size)])

    def context(sample: Sample) -> str:
        text = sample.input.partition("\nContext: ")[2] or sample.input
        return " ".join(text.split()[: int(size)])

    def question(sample: Sample) -> str:
        return sample.input.partition("Question: ")[2].partition("\nContext: ")[0] or sample.input.split("\n")[0]

    def option(sample: Sample) -> str:
        found = re.findall(r"^- (.+)$", sample.input, re.MULTILINE)
        first = found[0] if found else NOTHING
        return first.partition(" ('")[0]

    def frequent_option(sample: Sample) -> str:
        found = [each.partition(" ('")[0] for each in re.findall(r"^- (.+)$", sample.input, re.MULTILINE)]
        return max(found, key=sample.input.count, default=NOTHING)

    def numbers(sample: Sample) -> str:
        found = re.findall(r"^(?:Context: )?Answer (\d+):", sample.input, re.MULTILINE)
        return ", ".join(found[: int(size)]) or NOTHING

    def translation(sample: Sample) -> str:
        return " ".join(words.get(word) or word for word in TOKEN.findall(sample.input.casefold()))

    return {
        "beginning of the input": beginning,
        "beginning of the context": context,
        "the question": question,
        "first option": option,
        "first numbered answers": numbers,
        "option named most often": frequent_option,
        "word by word": translation,
    }


def _translations(training: Sequence[Sample]) -> dict[str, str]:
    """For each word of the inputs the word of the outputs that goes with it most (Dice's coefficient)."""
    ours: Counter[str] = Counter()
    theirs: Counter[str] = Counter()
    both: Counter[tuple[str, str]] = Counter()
    for sample in training[:3000]:
        if len(sample.input) > 600:
            continue
        here = set(TOKEN.findall(sample.input.casefold()))
        there = set(TOKEN.findall(sample.output.casefold()))
        ours.update(here)
        theirs.update(there)
        both.update((one, other) for one in here for other in there)
    best: dict[str, tuple[float, str]] = {}
    for (one, other), count in both.items():
        if count > 2:
            best[one] = max(best.get(one, (0.0, "")), (2 * count / (ours[one] + theirs[other]), other))
    return {one: other for one, (_, other) in best.items()}
