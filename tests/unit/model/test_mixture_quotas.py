"""How much each task gives to a mixture."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.mixture import Recipe
from tasks.model.mixture.quotas import Share, Supply, allocate, fill


def supplies(held: dict[str, int], categories: dict[str, str] | None = None) -> dict[str, Supply]:
    return {name: Supply((categories or {}).get(name, "NER"), float(number), number) for name, number in held.items()}


def recipe(**fields: object) -> Recipe:
    return Recipe.model_validate({"name": "test", **fields})


@settings(deadline=None)
@given(
    st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 10_000), max_size=8),
    st.integers(1, 20_000),
    st.sampled_from([1.0, 2.0, 10.0, "equal"]),
    st.sampled_from([None, 10, 1000]),
    st.sampled_from(["tasks", "categories"]),
    st.sampled_from([None, 7, 5000]),
)
def test_shares_fill_the_mixture_and_ask_for_no_more_than_there_is(held, size, temperature, counts, shares, cap):
    asked = recipe(rows=size, temperature=temperature, counts_at_most=counts, shares=shares, task_cap=cap)
    categories = {name: "NER" if name < "d" else "QA" for name in held}
    found = allocate(supplies(held, categories), asked)
    most = {name: min(number, cap or number) for name, number in held.items()}
    assert sum(found.values()) == min(size, sum(most.values()))
    assert all(0 <= found[name] <= most[name] for name in held)


def test_shares_go_by_temperature_and_by_what_a_task_counts_for():
    held = {"small": 100, "large": 10_000}
    assert allocate(supplies(held), recipe(rows=101, temperature=1)) == {"large": 100, "small": 1}
    assert allocate(supplies(held), recipe(rows=110, temperature=2)) == {"large": 100, "small": 10}
    assert allocate(supplies(held), recipe(rows=110, temperature="equal")) == {"large": 55, "small": 55}
    both = {"one": 500, "other": 50_000}
    assert allocate(supplies(both), recipe(rows=200, counts_at_most=500)) == {"one": 100, "other": 100}


def test_equal_shares_to_categories_then_to_tasks():
    held = {"a": 100, "b": 100, "c": 1000}
    categories = {"a": "QA", "b": "QA", "c": "NER"}
    asked = recipe(rows=100, shares="categories", temperature="equal")
    assert allocate(supplies(held, categories), asked) == {"a": 25, "b": 25, "c": 50}
    small = {"a": 10, "b": 10, "c": 1000}
    assert allocate(supplies(small, categories), asked) == {"a": 10, "b": 10, "c": 80}


@pytest.mark.parametrize("shares", ["tasks", "categories"])
def test_quotas_are_met_exactly_and_the_rest_is_shared(shares):
    held = {"a": 100, "b": 100, "c": 100, "d": 100}
    categories = {"a": "QA", "b": "QA", "c": "NER", "d": "NER"}
    asked = recipe(rows=100, quotas={"QA": 0.25, "c": 11}, shares=shares)
    found = allocate(supplies(held, categories), asked)
    assert found["a"] + found["b"] == 25
    assert found["c"] == 11
    assert found["d"] == 64


def test_a_quota_that_cannot_be_met_gives_all_there_is_and_others_fill_up():
    found = allocate(supplies({"a": 5, "b": 100}), recipe(rows=50, quotas={"a": 20}))
    assert found == {"a": 5, "b": 45}


def test_caps_hold_for_tasks_and_for_categories():
    held = {"a": 100, "b": 100, "c": 100}
    categories = {"a": "QA", "b": "QA", "c": "NER"}
    assert allocate(supplies(held, categories), recipe(caps={"QA": 30, "c": 7})) == {"a": 15, "b": 15, "c": 7}
    assert allocate(supplies(held, categories), recipe(category_cap=30)) == {"a": 15, "b": 15, "c": 30}
    apart = allocate(supplies(held, categories), recipe(category_cap=30, quotas={"a": 20}))
    assert apart == {"a": 20, "b": 10, "c": 30}


def test_without_a_size_all_is_given_and_unknown_limits_are_no_limits():
    assert allocate(supplies({"a": 3, "b": 9}), recipe()) == {"a": 3, "b": 9}
    assert fill({"a": Share(1, float("inf")), "b": Share(3, float("inf"))}, 8) == {"a": 2, "b": 6}
    assert fill({}, 8) == {}
