"""Acceptances: whom they name, what they hold for, and that they are kept."""

from datetime import UTC, datetime, timedelta

import pytest

from schemas.drift import Drift, Finding
from schemas.errors import AcceptanceError
from tasks.base.store.root import Root
from tasks.build.drift.accepted import accept, acceptance_of, accepted, keep_drift, waiting

AT = datetime(2026, 11, 30, 6, tzinfo=UTC)


def finding(task="MQP", split="train", measure="lost", value=0.5, source="mqp") -> Finding:
    return Finding(
        task=task, split=split, source=source, measure=measure, before=100, after=100 * (1 - value), value=value,
        found="fewer",
    )  # fmt: skip


@pytest.fixture
def root(tmp_path) -> Root:
    root = Root(str(tmp_path))
    found = (finding(), finding(measure="labels"), finding(split="test"), finding("SciQ", "", "gone", 1, "sciq"))
    keep_drift(root, Drift(profile="open", base="r1", findings=found))
    return root


def names(root: Root) -> list[str]:
    return [each.name for _, each in waiting(root)]


@pytest.mark.parametrize(
    ("name", "left"),
    [
        ("MQP", ["SciQ"]),
        ("mqp", ["SciQ"]),
        ("MQP:train", ["MQP:test", "SciQ"]),
        ("SciQ", ["MQP:train", "MQP:train", "MQP:test"]),
        ("sciq", ["MQP:train", "MQP:train", "MQP:test"]),
    ],
)
def test_a_name_is_a_task_a_split_or_a_source(root, name, left):
    made = accept(root, [name, name], "ada", AT, "meant")
    assert names(root) == left
    assert {(each.who, each.at, each.why, each.base) for each in made} == {("ada", AT, "meant", "r1")}
    assert accepted(root) == sorted(made, key=lambda each: (each.name, each.measure))


def test_a_name_that_is_not_waiting_accepts_nothing(root):
    with pytest.raises(AcceptanceError, match=r"`MPQ` \(did you mean `MQP") as error:
        accept(root, ["SciQ", "MPQ"], "ada", AT, "meant")
    assert "MQP:test, MQP:train, SciQ" in str(error.value)
    assert accepted(root) == []


def test_an_acceptance_holds_for_what_it_saw_and_nothing_worse(root):
    accept(root, ["MQP:train"], "ada", AT, "meant")
    known = accepted(root)
    assert acceptance_of(finding(), "r1", known)
    assert acceptance_of(finding(value=0.3), "r1", known), "some of it came back"
    assert acceptance_of(finding(value=0.6), "r1", known) is None, "a further loss"
    assert acceptance_of(finding(), "r2", known) is None, "a loss since a later release"
    assert acceptance_of(finding(split="test"), "r1", known) is None
    assert acceptance_of(finding(measure="gone"), "r1", known) is None


def test_earlier_acceptances_stay(root):
    accept(root, ["MQP"], "ada", AT, "meant")
    keep_drift(root, Drift(profile="open", base="r1", findings=(finding(value=0.9),)))
    assert names(root) == ["MQP:train"]
    accept(root, ["MQP"], "bob", AT + timedelta(days=1), "that too")
    assert [(each.who, each.value) for each in accepted(root) if each.measure == "lost" and each.split == "train"] == [
        ("ada", 0.5),
        ("bob", 0.9),
    ]
    assert names(root) == []
