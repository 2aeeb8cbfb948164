"""Progress of an evaluation: listeners are called after each question."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Progress:
    """What has been asked and answered so far.

    Attributes:
        there: answers that the log held before.
        failed: questions without an answer, by what kept it away.
        reasoning_tokens: those of the answers' that were reasoning.
        started: seconds of the monotonic clock.
    """

    there: int = 0
    answered: int = 0
    outcomes: dict[str, int] = field(default_factory=dict)
    failed: dict[str, int] = field(default_factory=dict)
    prompt_tokens: int = 0
    answer_tokens: int = 0
    reasoning_tokens: int = 0
    started: float = field(default_factory=time.monotonic)

    @property
    def rate(self) -> float:
        """Answers a second since the start."""
        return self.answered / max(1e-9, time.monotonic() - self.started)

    @property
    def failures(self) -> int:
        """Questions without an answer."""
        return sum(self.failed.values())

    def answer(self, outcome: str, prompt_tokens: int, answer_tokens: int, reasoning_tokens: int = 0) -> None:
        """Count an answer."""
        self.answered += 1
        self.outcomes[outcome] = self.outcomes.get(outcome, 0) + 1
        self.prompt_tokens += prompt_tokens
        self.answer_tokens += answer_tokens
        self.reasoning_tokens += reasoning_tokens

    def fail(self, what: str) -> None:
        """Count a question without an answer."""
        self.failed[what] = self.failed.get(what, 0) + 1


Listener = Callable[[Progress], None]

_listeners: list[Listener] = []


def listen(listener: Listener) -> Callable[[], None]:
    """Register a listener for each question; returns a function that removes it."""
    _listeners.append(listener)
    return lambda: _listeners.remove(listener)


def tell(progress: Progress) -> None:
    """Call all listeners."""
    for listener in _listeners:
        listener(progress)
