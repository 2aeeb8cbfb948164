"""A test that costs much says so with a mark, or is listed."""

import re

import pytest

from tests.support import cost

pytest_plugins = ["pytester"]

BURN = """
import pytest, time

def burn(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass

def test_cheap():
    pass

def test_waiting():
    time.sleep(0.3)

def test_dear():
    burn(0.3)

@pytest.mark.heavy
def test_marked():
    burn(0.3)
"""


@pytest.mark.parametrize(
    ("seconds", "marks", "mark"),
    [
        (0.9, set(), None),
        (1.1, set(), "heavy"),
        (1.1, {"heavy"}, None),
        (1.1, {"slow"}, None),
        (11.0, set(), "slow"),
        (11.0, {"heavy"}, "slow"),
        (11.0, {"slow"}, None),
        (11.0, {"browser", "slow"}, None),
    ],
)
def test_the_mark_that_is_lacking(seconds: float, marks: set[str], mark: str | None) -> None:
    assert cost.lacking(seconds, marks) == mark


def test_only_what_burns_without_a_mark_is_listed_and_nothing_fails(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(BURN)
    pytester.makeconftest('pytest_plugins = ["tests.support.cost"]')
    pytester.makeini("[pytest]\nmarkers =\n    heavy\n    slow")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cost, "MARKS", {0.1: "heavy", 2.0: "slow"})
        done = pytester.runpytest_inprocess("--cpu", "2", "-p", "no:cacheprovider")
    done.assert_outcomes(passed=4)
    said = done.stdout.str()
    assert re.findall(r"(\w+) took \d\.\d CPU seconds: make it cheaper, or mark it @pytest\.mark\.heavy", said) == [
        "test_dear"
    ]
    assert len(re.findall(r"^ +0\.\d\d +0\.\d\d  \S+::test_(dear|marked)$", said, re.M)) == 2
