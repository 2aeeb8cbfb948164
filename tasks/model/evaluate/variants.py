"""The variants of an evaluation: every combination of what options name, and which tests each of them changes."""

import re
from collections.abc import Sequence
from itertools import islice, product

from schemas.errors import EvaluationError, did_you_mean
from schemas.evaluation import AXES, Asking
from schemas.task import WORDINGS
from tasks.model.benchmark.place import Benchmark, test_set
from tasks.model.evaluate.questions import questions
from tasks.model.evaluate.variation import variation

MOST = 100
"""Variants that one command asks at most; more is a slip of the keyboard."""
LOOKED_AT = 16
"""Samples of a test by which is told whether a variant asks it in another way."""
_SEEDS = re.compile(r"(\d+)(?:-(\d+))?")


def variants(asking: Asking, **values: str) -> list[Asking]:
    """The variants of an evaluation.

    Args:
        asking: all else that shapes the answers.
        values: axis -> what is to be asked on it, as `wordings` or `seeds` read it.

    Raises:
        EvaluationError: a value makes no sense, or there would be too many variants.
    """
    if not asking.shots and values.get("shots_seed", "0") != "0":
        raise EvaluationError("--shots-seed draws other examples, and --zero-shot asks without any. Leave one out.")
    read = {axis: wordings(text) if axis == "wording" else seeds(axis, text) for axis, text in values.items()}
    found = [asking.model_copy(update=dict(zip(read, each, strict=True))) for each in product(*read.values())]
    if len(found) > MOST:
        sizes = " x ".join(str(len(each)) for each in read.values())
        raise EvaluationError(f"These are {len(found):,} variants ({sizes}), more than {MOST}. Name fewer of them.")
    return found


def wordings(text: str) -> list[str]:
    """Wordings by name, separated by commas; `all` stands for all of them.

    Raises:
        EvaluationError: one is unknown.
    """
    names = _parts(text)
    for name in names:
        if name not in (*WORDINGS, "all"):
            likely = did_you_mean(name, (*WORDINGS, "all"))
            raise EvaluationError(f"There is no wording `{name}`{likely}. Wordings: {', '.join(WORDINGS)}; or all.")
    return list(WORDINGS) if "all" in names or not names else names


def seeds(axis: str, text: str) -> list[int]:
    """Seeds: numbers and ranges such as 1-5, separated by commas; 0 stands for what the benchmark has.

    Raises:
        EvaluationError: it is neither.
    """
    found: dict[int, None] = {}
    for part in _parts(text) or [""]:
        if (match := _SEEDS.fullmatch(part)) is None or len(part) > 9:
            option = AXES[axis].option
            raise EvaluationError(
                f"{option} {text!r}: {part!r} is not a seed. Write a number, several or a range: {option} 1, "
                f"{option} 3,7 or {option} 0-4; 0 is the usual {AXES[axis].what}."
            )
        first, last = int(match[1]), int(match[2] or match[1])
        if not 0 <= last - first < MOST:
            raise EvaluationError(f"{AXES[axis].option} {text!r}: {part!r} is not a range of 1 to {MOST} seeds.")
        found |= dict.fromkeys(range(first, last + 1))
    return list(found)


def _parts(text: str) -> list[str]:
    return list(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))


def changed(benchmark: Benchmark, asking: Asking, tasks: Sequence[str]) -> list[str]:
    """The tests that a variant asks in another way than those variants do that lack one of its marks.

    Args:
        benchmark: has the tests.
        asking: the variant; what asks as usual asks all tests.
        tasks: the tests to choose from.

    Raises:
        EvaluationError: it changes none of them.
    """
    chosen = list(tasks)
    for axis in (axis for axis in asking.varied if AXES[axis].asks):
        mine, less = _prompts(benchmark, asking), _prompts(benchmark, asking.as_usual(axis))
        chosen = [task for task in chosen if mine[task] != less[task]]
        if not chosen:
            raise EvaluationError(
                f"{AXES[axis].option} changes none of the tests that are asked ({', '.join(tasks)}): the "
                f"{AXES[axis].what} would stay the same. Leave it out, or ask other tests: --tasks"
            )
    return chosen


class _Prompts(dict[str, list[tuple[object, str]]]):
    """The first prompts of each test in one way of asking, made when they are looked up."""

    def __init__(self, benchmark: Benchmark, asking: Asking) -> None:
        super().__init__()
        self.benchmark, self.asking, self.way = benchmark, asking, variation(benchmark, asking)

    def __missing__(self, task: str) -> list[tuple[object, str]]:
        first = islice(questions(test_set(self.benchmark, task), self.asking, None, self.way), LOOKED_AT)
        self[task] = [(question.turns, question.prompt) for question in first]
        return self[task]


_KNOWN: dict[tuple[object, ...], _Prompts] = {}
"""Combinations have their parts in common, and a flow plans what its command has planned."""


def _prompts(benchmark: Benchmark, asking: Asking) -> _Prompts:
    key = (benchmark.uri, benchmark.digest, asking.shots, *asking.varied.items())
    if key not in _KNOWN:
        _KNOWN[key] = _Prompts(benchmark, asking)
    return _KNOWN[key]
