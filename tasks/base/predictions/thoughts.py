"""Answers that were cut off while their model was still thinking, where only the other answers tell.

Many chat templates open the thought themselves. A server without a reasoning parser then passes on a text that its end
alone marks as reasoning, and no end comes if the tokens run out before.
"""

from schemas.evaluation import Prediction


class Thinking:
    """Whether a model thought before each whole answer, told while its predictions are read."""

    def __init__(self) -> None:
        self._answers = 0
        self._without = 0

    def saw(self, prediction: Prediction) -> None:
        """Take note of a prediction."""
        if prediction.outcome == "answer":
            self._answers += 1
            self._without += not (prediction.reasoning or prediction.reasoning_tokens)

    @property
    def always(self) -> bool:
        """Whether there are whole answers, and it thought before each."""
        return self._answers > 0 and not self._without


def cut(prediction: Prediction) -> bool:
    """Whether a prediction was cut off without a thought: where the model always thinks, it is itself a thought."""
    return prediction.outcome == "length" and not prediction.reasoning


def thought(prediction: Prediction) -> Prediction:
    """A prediction whose answer is in truth a thought: it names nothing."""
    found = {"prediction": "", "reasoning": prediction.prediction, "reasoning_tokens": prediction.answer_tokens}
    return prediction.model_copy(update=found)
