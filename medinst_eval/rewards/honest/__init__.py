"""Honest answers without a model: what training samples suggest, the baseline that no attack may reach.

Each way of answering knows the training samples and the input. The baseline of a task is its best way.
"""

from collections import Counter
from collections.abc import Sequence
from statistics import median

from medinst_eval.grammar.brackets import NOTHING
from medinst_eval.rewards.attacks import Sample
from medinst_eval.rewards.honest.names import Way, named, phrases, tagged
from medinst_eval.rewards.honest.pairs import mentioned, related
from medinst_eval.rewards.honest.texts import classified, written


def ways(training: Sequence[Sample], kind: str, beside: Sequence[Sample] = ()) -> dict[str, Way]:
    """The honest ways to answer a task.

    Args:
        training: its training samples.
        kind: of its answers.
        beside: training samples of tasks about the entities of the same source.
    """
    found: dict[str, Way] = {"most frequent answer": _constant(training)}
    match kind:
        case "entities" | "concepts":
            found["names of the training set"] = named(training, kind)
            found["phrase of the training set"] = phrases(training)
        case "tags":
            found["names of the training set"] = tagged(training)
        case "relations" | "events":
            found |= related(training, kind, beside)
        case "mentions":
            found |= mentioned(training)
        case "score":
            middle = round(median(int(sample.output) for sample in training)) if training else 0
            found["median score"] = lambda _: str(middle)
        case "text" | "exact":
            found |= written(training)
        case "label" | "list":
            found["words of the input"] = classified(training)
    return found


def _constant(training: Sequence[Sample]) -> Way:
    most = Counter(sample.output for sample in training).most_common(1)
    return lambda _: most[0][0] if most else NOTHING
