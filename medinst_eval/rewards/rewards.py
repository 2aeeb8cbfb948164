"""Rewards: what a completion earns on a row, and what makes it suspicious of playing the reward."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal, NamedTuple, get_args

from medinst_eval.definitions import definitions
from medinst_eval.rewards.completion import answer as said
from medinst_eval.rewards.kinds import KINDS, ROOM, Found
from medinst_eval.rewards.verifier import Verifier
from medinst_eval.rewards.verifier import read as read_verifier

Sign = Literal["empty", "long", "unread", "padded", "repeated", "sprayed"]
"""What makes an answer suspicious: it says nothing; is far longer than the right one; cannot be read; holds much
besides an answer; repeats itself; or lists many times as much as there is."""
SIGNS: tuple[Sign, ...] = get_args(Sign)

LONGEST, TIMES = 1_000, 10
"""Characters of the longest answer that is looked at; and, of a right one of more than a tenth of that, how many times
its length."""

SPRAYED, MANY = 3, 8
"""An answer with so many times as many items or words as there should be, and at least so many, is called sprayed."""


class Judged(NamedTuple):
    """What an answer earns.

    Attributes:
        reward: from 0 to 1.
        sign: what makes it suspicious; None for an answer like others, right or wrong.
    """

    reward: float
    sign: Sign | None = None


def reward(completion: object, row: Mapping[str, Any]) -> float:
    """What a completion earns on a row.

    Args:
        completion: text, or a list of chat messages whose last assistant's is the answer; reasoning is cut off. No
            completion raises an error.
        row: has `ground_truth` and `verifier`, see `medinst export --format rl`; or is a sample of MedINST, with
            `output`, `task` and `input`.

    Returns:
        0 to 1. Lists: F1. Labels: 1 or 0. Scores: 1 minus the distance by 5. Text: ROUGE-L. Less for what stands
        around the answer; nothing for what cannot be read.

    Raises:
        ValueError: the row lacks something, or its verifier is wrong.
    """
    return judge(completion, row).reward


def judge(completion: object, row: Mapping[str, Any]) -> Judged:
    """What a completion earns on a row, and whether it looks like an attempt to play the reward.

    Args:
        completion: as for `reward`.
        row: likewise.

    Raises:
        ValueError: the row lacks something, or its verifier is wrong.
    """
    gold = row.get("ground_truth", row.get("output"))
    if not isinstance(gold, str):
        raise ValueError(f"a row needs the text `ground_truth` (or `output`); this one has {', '.join(row)}")
    return _judge(completion, gold, _verifier(row))


def _verifier(row: Mapping[str, Any]) -> Verifier:
    if row.get("verifier") is not None:
        return read_verifier(row["verifier"])
    task = str(row.get("task"))
    if task not in definitions():
        raise ValueError(f"a row needs `verifier`, or a `task` of MedINST; this one has {', '.join(row)}")
    return Verifier.of(definitions()[task], str(row.get("input", "")))


def _judge(completion: object, gold: str, told: Verifier) -> Judged:
    if told.kind not in KINDS:
        raise ValueError(f"there is no kind of answers {told.kind!r}; there are {', '.join(KINDS)}")
    answer = said(completion)
    if not answer:
        return Judged(0.0, "empty")
    if len(answer) > max(LONGEST, TIMES * len(gold)):
        return Judged(0.0, "long")
    found = KINDS[told.kind](answer, gold, told)
    sign = _sign(found)
    earned = found.agreement * max(0.0, 1 - found.besides / ROOM)
    return Judged(0.0 if sign == "repeated" else earned, sign)


def _sign(found: Found) -> Sign | None:
    if not found.read:
        return "unread"
    if found.copies and 2 * found.copies >= found.given:
        return "repeated"
    if 2 * found.besides > ROOM:
        return "padded"
    return "sprayed" if found.given >= max(MANY, SPRAYED * found.wanted) else None


def reward_function(
    completions: Sequence[object], ground_truth: Sequence[str], verifier: Sequence[object], **columns: Any
) -> list[float]:
    """The rewards of a batch, in the signature of trl's trainers.

    Args:
        completions: as for `reward`.
        ground_truth: the right answer to each.
        verifier: how each is verified.
        **columns: the other columns of the rows. Where trl hands over `log_metric`, the share of the completions with
            each suspicious sign is logged as `watch/<sign>`.

    Raises:
        ValueError: a verifier is wrong, or the columns differ in length.
    """
    judged = [
        judge(completion, {"ground_truth": gold, "verifier": told})
        for completion, gold, told in zip(completions, ground_truth, verifier, strict=True)
    ]
    if callable(log := columns.get("log_metric")) and judged:
        _log(log, judged)
    return [each.reward for each in judged]


def _log(log: Callable[[str, float], object], judged: Iterable[Judged]) -> None:
    signs = Counter(each.sign for each in judged)
    for sign in SIGNS:
        log(f"watch/{sign}", signs[sign] / signs.total())
