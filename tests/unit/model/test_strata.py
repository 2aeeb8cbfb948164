"""Parts of tests: items that training has seen, lengths, numbers of items, nested mentions, years."""

import polars as pl
import pytest

from schemas.benchmark import TRAINING
from schemas.errors import EvaluationError
from schemas.evaluation import ALL, StratumScore
from tasks.base.paper.held_out import held_out
from tasks.base.predictions.files import Answered, Predictions
from tasks.model.score.declared import definition
from tasks.model.score.facts import Facts
from tasks.model.score.items import KNOWN, itemised, items, keys
from tasks.model.score.main import main_metrics
from tasks.model.score.strata import QUARTERS, STRATA, chosen_strata, strata

AN, GE = definition("AnEM"), definition("BioNLP-2011-GE")


def facts(task: str, rows: int, **columns: object) -> pl.DataFrame:
    usual = {"length": list(range(rows)), "items": [1] * rows, "nested": [None] * rows, "year": [2012] * rows}
    ids = [f"{number:03}" for number in range(rows)]
    named = pl.DataFrame({"task": [task] * rows, "id": ids, **usual, **columns})
    return named.with_columns(pl.col("nested").cast(pl.Boolean))


def said(given: list[str], gold: list[str]) -> Answered:
    return Answered([f"{number:03}" for number in range(len(gold))], given, gold, len(gold))


def scored(known: Facts, *names: str, **tasks: Answered) -> dict[tuple[str, str], StratumScore]:
    found = strata(Predictions("m", "b", tasks, None), known, names)
    return {(each.task, each.group): each for each in found}


def of(rows: pl.DataFrame, **seen: pl.Series) -> Facts:
    return Facts({str(rows["task"][0]): rows}, seen)


def vocabulary(*mentions: str) -> pl.Series:
    return keys(AN, [(mention, "x") for mention in mentions])


def test_items_that_training_has_seen_are_scored_apart_from_those_that_it_has_not() -> None:
    answers = said(
        ["[Heart <organ>], [spleen <organ>], [guess <organ>]", "[liver <tissue>]", "nothing in brackets"],
        ["[heart <organ>], [spleen <organ>]", "[liver <organ>]", "[spleen <organ>]"],
    )
    found = scored(of(facts("AnEM", 3), AnEM=vocabulary("heart", "liver")), "seen", AnEM=answers)
    seen, unseen = found["AnEM", "seen"], found["AnEM", "not seen"]
    assert (seen.samples, seen.items, seen.value) == (2, 2, pytest.approx(2 * 1 / (2 + 2)))
    assert (unseen.samples, unseen.items, unseen.value) == (2, 2, pytest.approx(2 * 1 / (2 + 2)))
    assert seen.low <= seen.value <= seen.high


def test_the_two_parts_make_up_the_whole() -> None:
    answers = said(["[a <x>], [b <y>]", "[c <x>]"] * 5, ["[a <x>], [d <y>]", "[b <x>]"] * 5)
    found = scored(of(facts("AnEM", 10), AnEM=vocabulary("a", "c")), "seen", AnEM=answers)
    gold = sum(len(each) for each in items(AN, [""] * 10, answers.targets)[1])
    assert sum(each.items or 0 for each in found.values()) == gold == 15


def test_the_training_set_of_all_tasks_is_another_scope_and_where_nothing_is_known_nothing_is_said() -> None:
    answers = said(["[a <x>]"], ["[a <x>]"])
    known = of(facts("AnEM", 1), AnEM=vocabulary("b"), **{TRAINING: vocabulary("a")})
    assert set(scored(known, "seen", AnEM=answers)) == {("AnEM", "not seen")}
    assert set(scored(known, "seen-in-training", AnEM=answers)) == {("AnEM", "seen")}
    assert scored(of(facts("AnEM", 1)), "seen", AnEM=answers) == {}


@pytest.mark.parametrize("name", ["AnEM", "tmVar-v3-NED", "BC5CDR-RE", "MLEE-EE", "MLEE-COREF", "NCBI-disease"])
def test_items_are_those_that_the_strict_metric_compares(name: str) -> None:
    task = definition(name)
    gold = {
        "entities": "[Heart <organ>], [b [c] <cell>]", "concepts": "[p53 <Gene/7157>]",
        "tags": "A [B] b [I] c [O] d [B]",
        "relations": "[<a> <induces> <b>], [<c> <induces> <d>]", "events": "[<growth> <grew> <tumor>]",
        "mentions": "[ASA], [aspirin]",
    }[str(itemised(task))]  # fmt: skip
    found, wanted = items(task, [gold, ""], [gold, gold])
    assert found[0] == wanted[0]
    assert len(wanted[0]) == (1 if str(itemised(task)) in ("concepts", "events") else 2)
    assert found[1] == []
    half = main_metrics(task, said([gold, ""], [gold, gold]))["strict"]
    assert half.value == pytest.approx(2 / 3)
    assert keys(task, wanted[0]).n_unique() == len(wanted[0])


def test_tasks_have_items_where_their_strict_metric_compares_items() -> None:
    for name in held_out():
        task = definition(name)
        assert itemised(task) == (task.strict if task.strict in KNOWN else None), name


def test_tags_are_seen_by_their_words_and_concepts_by_their_identifier() -> None:
    tagged = items(definition("NCBI-disease"), [""], ["Lung [B] cancer [I] is [O] bad [O]"])[1][0]
    assert keys(definition("NCBI-disease"), tagged).to_list() == vocabulary("lung cancer").to_list()
    linked = definition("tmVar-v3-NED")
    one, other = (items(linked, [""], [f"[{name} <Gene/7157>]"])[1][0] for name in ("p53", "TP53"))
    assert keys(linked, one).to_list() == keys(linked, other).to_list()
    assert {known.what for known in KNOWN.values()} == {
        "mention", "concept", "relation with its ends", "event with its trigger",
    }  # fmt: skip


def test_quarters_are_of_the_whole_test_whatever_was_answered() -> None:
    rows = facts("AnEM", 8, length=[5, 5, 5, 5, 1, 9, 9, 9])
    answers = said(["[a <x>]"] * 8, ["[a <x>]"] * 8)
    found = scored(of(rows), "length", AnEM=answers)
    assert [group for task, group in found] == list(QUARTERS)
    assert {each.samples for each in found.values()} == {2}
    some = Answered(answers.ids[4:5], answers.predictions[4:5], answers.targets[4:5], 1)
    assert set(scored(of(rows), "length", AnEM=some)) == {("AnEM", QUARTERS[0])}


def test_numbers_of_items_and_nesting_divide_samples() -> None:
    rows = facts("AnEM", 6, items=[0, 1, 2, 4, 9, 10], nested=[True, False, True, False, False, None])
    answers = said(["[a <x>]", "[b <x>]"] * 3, ["[a <x>]"] * 6)
    by_items = scored(of(rows), "items", AnEM=answers)
    assert {group: each.samples for (_, group), each in by_items.items()} == {
        "1": 1, "2 to 4": 2, "5 to 9": 1, "10 or more": 1,
    }  # fmt: skip
    nested = scored(of(rows), "nested", AnEM=answers)
    assert {group: (each.samples, each.value) for (_, group), each in nested.items()} == {
        "flat": (3, pytest.approx(1 / 3)), "nested": (2, 1.0),
    }  # fmt: skip


def test_means_are_of_tasks_that_have_several_parts_and_of_years_of_all() -> None:
    both = Facts({"AnEM": facts("AnEM", 4), "BioNLP-2011-GE": facts("BioNLP-2011-GE", 1, year=[2011])}, {})
    right, wrong = said(["[a <x>]"] * 4, ["[a <x>]"] * 4), said(["[b <x>]"], ["[a <x>]"])
    by_length = scored(both, "length", **{"AnEM": right, "BioNLP-2011-GE": wrong})
    assert not [task for task, _ in by_length if task == ALL], "one task alone has several parts"
    third = facts("BioNLP-2011-ID", 1, year=[2011])
    more = Facts({**both.samples, "BioNLP-2011-ID": third}, {})
    by_year = scored(
        more, "year", **{"AnEM": right, "BioNLP-2011-GE": wrong, "BioNLP-2011-ID": said(["[a <x>]"], ["[a <x>]"])}
    )
    assert (by_year[ALL, "2011"].tasks, by_year[ALL, "2011"].value) == (2, 0.5)
    assert (ALL, "2012") not in by_year
    assert by_year["AnEM", "2012"].value == 1.0


def test_a_part_is_scored_as_a_test_of_its_own() -> None:
    answers = said(["[a <x>]", "[b <x>]", "", "[c <y>], [d <y>]"], ["[a <x>]", "[c <x>]", "none", "[c <y>]"])
    whole = main_metrics(GE, answers)["strict"].value
    found = scored(of(facts("BioNLP-2011-GE", 4)), "year", **{"BioNLP-2011-GE": answers})
    assert found["BioNLP-2011-GE", "2012"].value == whole


def test_a_misspelt_stratum_names_the_one_that_was_meant() -> None:
    assert chosen_strata(["seen", "year", "seen"]) == ["seen", "year"]
    assert chosen_strata(["all"]) == list(STRATA)
    with pytest.raises(EvaluationError, match=r"no stratum `lenght` \(did you mean `length`\?\)"):
        chosen_strata(["lenght"])
