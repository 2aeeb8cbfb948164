"""A baseline as what answers questions: trained for each test when its first question is asked."""

import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from schemas.baseline import Kind
from schemas.evaluation import Prediction, Question
from tasks.base.predictions.log import Log
from tasks.model.baseline.prepare import Prepared
from tasks.model.baseline.receipt import keep
from tasks.model.baseline.tally import Epoch, tell
from tasks.model.baseline.train import train
from tasks.model.evaluate.plan import Plan
from tasks.model.evaluate.tally import Progress
from tasks.model.evaluate.tally import tell as tell_answered


class Baselines:
    """The baselines of one seed, one test after the other.

    Training is not resumed: a run that was killed trains again for the test that it was at, with the same numbers.

    Args:
        kind: of baseline.
        plan: the evaluation.
        tests: the tests by name, read.
        progress: what was answered before, for other seeds.
    """

    together = False

    def __init__(self, kind: Kind, plan: Plan, tests: Mapping[str, Prepared], progress: Progress) -> None:
        self.kind: Kind = kind
        self.plan, self.tests, self.progress = plan, tests, progress
        self.turn = threading.Lock()

    @contextmanager
    def opened(self, log: Log) -> Iterator[None]:
        """Write into a log."""
        self.log = log
        yield

    def ask(self, questions: Iterable[Question]) -> Progress:
        """Answer the questions of one test; those in the log already are skipped."""
        mine, asked = Progress(), list(questions)
        left = [question for question in asked if question.key not in self.log.known]
        for progress in (mine, self.progress):
            progress.there += len(asked) - len(left)
        if left:
            with self.turn:
                self._answer(left, mine)
        tell_answered(self.progress)
        return mine

    def _answer(self, questions: list[Question], mine: Progress) -> None:
        name, seed = questions[0].task, self.plan.asking.training_seed
        made, fitted = train(
            self.kind, self.tests[name], seed, lambda epoch, most, score: tell(Epoch(name, seed, epoch, most, score))
        )
        keep(self.plan, self.kind, name, fitted)
        said = made.answers([question.prompt.partition("\n")[2] for question in questions])  # below the instruction
        for question, answer in zip(questions, said, strict=True):
            found = Prediction(key=question.key, id=question.id, task=name, prediction=answer, target=question.target)
            self.log.append(found)
            for progress in (mine, self.progress):
                progress.answer(found.outcome, 0, 0)
