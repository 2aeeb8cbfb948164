"""Answers that were cut off while their model was still thinking, where only the other answers tell.

Many chat templates open the thought themselves. A server without a reasoning parser then passes on a text that its end
alone marks as reasoning, and no end comes if the tokens run out before.
"""

from collections.abc import Iterable

from schemas.evaluation import Prediction


def settled(predictions: Iterable[Prediction]) -> list[Prediction]:
    """Predictions of one model: where it thought before each whole answer, one cut off without a thought is a thought.

    Args:
        predictions: all that there are of an evaluation, so that the same ones are told apart in each run.
    """
    found = list(predictions)
    whole = [each for each in found if each.outcome == "answer"]
    if not whole or not all(each.reasoning or each.reasoning_tokens for each in whole):
        return found
    return [_thought(each) if each.outcome == "length" and not each.reasoning else each for each in found]


def _thought(cut: Prediction) -> Prediction:
    return cut.model_copy(update={"prediction": "", "reasoning": cut.prediction, "reasoning_tokens": cut.answer_tokens})
