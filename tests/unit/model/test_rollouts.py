"""When a training on rewards has to stop, and how far its answers are alike."""

from pathlib import Path

import pytest

from schemas.reinforce import Reinforce
from tasks.model.finetune import loss
from tasks.model.finetune.loss import WINDOW, Curve
from tasks.model.finetune.rollouts import Rollouts, Said, Step, ends, judge, same

RULES = Reinforce()
SIGNS = {"empty": 0.0}


def line(number: int, reward: float = 0.5, **more: float | None) -> Step:
    usual = Step(
        number, 0.1, reward, 0.4, 0.2, 3.0, 0.0, 0.7, 0.5, 0.4, None, SIGNS, 0.01, 0.5, 1e-4, 100 * number, 0.0
    )
    return usual._replace(**more)


def rollouts(answer, truth=lambda prompt: ("yes", "no")[prompt % 2], task=lambda _: "T") -> Rollouts:
    """Ten steps of four prompts with two completions each."""
    said = Rollouts()
    for step in range(WINDOW):
        prompts = range(4 * step, 4 * step + 4)
        said.add([Said(task(p), p, truth(p), answer(p, turn)) for p in prompts for turn in range(2)])
    return said


VARIED = rollouts(lambda prompt, turn: f"{prompt} {turn}")


def test_answers_are_alike_within_their_task() -> None:
    assert same([("A", "x"), ("A", "x"), ("A", "y"), ("B", "z")]) == 0.75
    assert same([]) == 0


def test_the_share_of_distinct_completions_is_counted_for_each_prompt() -> None:
    said = [Said("T", prompt, "a", answer) for prompt, answer in ((1, "x"), (1, "x"), (2, "x"), (2, "y"))]
    assert Rollouts().add(said) == 0.75


def test_training_goes_on_while_answers_differ() -> None:
    assert judge([line(number) for number in range(20)], VARIED, RULES) == ("", True)


@pytest.mark.parametrize("field", ["reward", "loss", "gradient", "kl"])
def test_what_is_not_finite_ends_a_training(field: str) -> None:
    judgement = judge([line(1), line(2, **{field: float("nan")})], VARIED, RULES)
    assert judgement == (f"the {field} is nan at step 2", False)


def test_a_collapse_to_a_constant_ends_a_training() -> None:
    told = judge([line(30)], rollouts(lambda *_: "yes"), RULES)
    assert "collapsed: 100% of the completions of the last 10 steps" in told.stop
    assert "as 50% of the right answers are; most frequent: 'yes' 100%" in told.stop
    assert not told.save


def test_a_collapse_to_one_answer_a_task_is_one_too() -> None:
    two = rollouts(
        lambda prompt, _: "yes" if prompt % 4 < 2 else "3", task=lambda prompt: "A" if prompt % 4 < 2 else "B"
    )
    assert two.sameness() == (1.0, 0.5)
    assert "collapsed" in judge([line(30)], two, RULES).stop


def test_equal_answers_where_the_right_ones_are_equal_are_no_collapse() -> None:
    usual = rollouts(lambda *_: "none", truth=lambda prompt: "x" if prompt == 7 else "none")
    assert usual.sameness() == (1.0, 0.975)
    assert not judge([line(30)], usual, RULES).stop
    assert rollouts(lambda *_: "none", truth=lambda _: "none").sameness() is None


def test_too_few_prompts_of_a_task_say_nothing() -> None:
    assert rollouts(lambda *_: "yes", task=str).sameness() is None


def test_ten_steps_are_needed_to_speak_of_a_collapse() -> None:
    young = rollouts(lambda *_: "yes")
    young.steps.pop()
    assert not judge([line(9)], young, RULES).stop


def test_rewards_that_never_differ_end_a_training() -> None:
    flat = [line(number, 0.0, flat=1.0) for number in range(WINDOW)]
    told = judge(flat, VARIED, RULES)
    assert "all completions of each prompt earned the same (mean reward 0.000), so nothing can be learned" in told.stop
    solved = [line(number, 1.0, flat=1.0) for number in range(WINDOW)]
    assert not judge(solved, VARIED, RULES).stop
    assert not judge([*flat[1:], line(10, 0.1, flat=0.9)], VARIED, RULES).stop


def test_a_falling_reward_ends_a_training() -> None:
    steps = [line(number, 0.8) for number in range(WINDOW)] + [line(number, 0.2) for number in range(10, 10 + WINDOW)]
    assert not judge(steps[:14], VARIED, RULES).stop
    assert "0.200, is more than 0.3 below the highest, 0.800" in judge(steps, VARIED, RULES).stop


def test_completions_are_kept_in_a_checkpoint(tmp_path: Path) -> None:
    VARIED.save(tmp_path / "said.json")
    again = Rollouts()
    again.load(tmp_path / "said.json")
    assert again.steps == VARIED.steps
    assert again.full


def test_the_log_goes_on_from_a_checkpoint(tmp_path: Path) -> None:
    curve = Curve(tmp_path / "log", 0, Step)
    for number in (1, 2, 3):
        curve.add(line(number, kl=0.1))
    again = Curve(tmp_path / "log", 2, Step)
    assert [each.step for each in loss.read(tmp_path / "log", Step)] == [1, 2]
    assert again.add(line(3)).tokens == 200 + 300
    assert loss.read(tmp_path / "log", Step)[0].signs == SIGNS


def test_the_ends_of_a_log_are_means() -> None:
    first, last = ends([line(number, number / 10) for number in range(6)])
    assert (round(first.reward, 3), round(last.reward, 3)) == (0.1, 0.4)
    assert first.distinct == 0.5
