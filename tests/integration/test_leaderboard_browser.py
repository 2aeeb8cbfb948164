"""The leaderboard in a real browser without network: both sets, bars, intervals, and nothing that calls out."""

import json

import pytest

from schemas.evaluation import ALL, Asking, Evaluation, Score, Spread, StratumScore
from tasks.model.leaderboard.page import Entry, page
from tests.support.browser import needs_browser, offline_browser
from tests.support.manifests import TIER, held_out_test

pytestmark = [pytest.mark.browser, needs_browser]
EVIL = "<script>throw Error('evil')</script>"
TESTS = {
    "AnEM": held_out_test(category="NER", texts={"BIOSSES": 3}, tier=TIER.model_copy(update={"name": "labels"})),
    "BIOSSES": held_out_test(category="STS", tier=TIER.model_copy(update={"name": "category"})),
}


def score(task: str, kind: str, metric: str, value: float) -> Score:
    category = TESTS[task].category
    facts = {"low": value * 0.9, "high": value * 1.1, "samples": 30, "unread": 0.1, "main": True}
    return Score(task=task, category=category, kind=kind, metric=metric, value=value, **facts)  # pyright: ignore


def entry(name: str, value: float) -> Entry:
    asked = {"AnEM": 30, "BIOSSES": 30}
    asking = Asking(model=name)
    run = Evaluation(name=name, asking=asking, benchmark="b", profile="local", original=False, asked=asked)
    scores = [score("AnEM", kind, "micro F1", value) for kind in ("strict", "paper")]
    errors = [score("BIOSSES", kind, "mean squared error", 5 * value) for kind in ("strict", "paper")]
    return Entry(run, [*scores, *errors], spread(value), strata(value))


def spread(value: float) -> list[Spread]:
    """The spread over three variants: of a mean, and of its tasks."""
    facts = {
        "axis": "wording", "metric": "micro F1", "variants": {"m": value, "m-short": value / 2, "m-guideline": 0},
        "mean": value / 2, "deviation": value / 2, "lowest": 0, "highest": value, "low": value / 4, "high": value,
        "samples": 30, "changed": 0.25,
    }  # fmt: skip
    tasks = {ALL: 2, "AnEM": 1}
    return [
        Spread.model_validate(facts | {"task": task, "tasks": count, "kind": kind})
        for kind in ("strict", "paper")
        for task, count in tasks.items()
    ]


def strata(value: float) -> list[StratumScore]:
    """The scores of items that training has seen and of others."""
    facts = {"stratum": "seen", "metric": "micro F1", "value": value, "low": 0, "high": 1, "samples": 30, "items": 40}
    return [
        StratumScore.model_validate(facts | {"group": group, "task": task, "tasks": 2 if task == ALL else 1})
        for task in (ALL, "AnEM")
        for group in ("seen", "not seen")
    ]


@pytest.fixture(scope="module")
def driver(tmp_path_factory):
    yield from offline_browser(tmp_path_factory.mktemp("profile"))


@pytest.fixture
def shown(driver, tmp_path):
    path = tmp_path / "leaderboard.html"
    path.write_text(page("b", TESTS, [entry("weak", 0.2), entry(EVIL, 0.8)]), encoding="utf-8")
    driver.get_log("performance")
    driver.get_log("browser")
    driver.get(path.as_uri())
    return driver


def test_it_shows_both_sets(shown):
    def visible():
        return shown.execute_script(
            "const all = [...document.querySelectorAll('section[data-kind]')];"
            "return all.filter(s => !s.hidden).map(s => s.dataset.kind)"
        )

    assert visible() == ["strict"]
    shown.find_element("css selector", "input[value=paper]").click()
    assert visible() == ["paper"]


def test_bars_and_intervals_have_the_length_of_their_values(shown):
    bars = shown.execute_script(
        "const all = [...document.querySelectorAll('section[data-kind=strict] .track')];"
        "const of = (track, name) => track.querySelector(name);"
        "return all.map(t => [of(t, '.bar').offsetWidth / t.offsetWidth, of(t, '.span').style.left])"
    )
    shares = [round(share, 1) for share, _ in bars]
    assert shares == [0.2, 0.8, 0.0, 0.2], "errors are measured against 25"
    assert [left for _, left in bars][:2] == ["18%", "72%"]


def test_the_best_is_marked_and_of_errors_the_smallest(shown):
    best = shown.execute_script(
        "return [...document.querySelectorAll('section[data-kind=strict] .best')].map(b => b.textContent)"
    )
    assert best == ["0.800", "1.000"]


def test_names_are_text_and_nothing_is_fetched(shown):
    assert EVIL in shown.find_element("tag name", "body").text
    assert shown.get_log("browser") == []
    sent = [json.loads(line["message"])["message"] for line in shown.get_log("performance")]
    urls = [each["params"]["request"]["url"] for each in sent if each["method"] == "Network.requestWillBeSent"]
    assert all(url.startswith(("file:", "data:")) for url in urls), urls


def test_variants_are_dots_on_the_interval_over_samples(shown):
    dots = shown.execute_script(
        "const strips = [...document.querySelectorAll('section[data-kind=strict] .strip')];"
        "return strips.map(s => [s.querySelector('.range').style.left, "
        "[...s.querySelectorAll('.dot')].map(d => d.style.left)])"
    )
    assert dots[0] == ["5%", ["20%", "10%", "0%"]]
    assert len(dots) == 4, "for each model the mean and one task"


def test_parts_of_tests_and_texts_that_tests_share_are_told(shown):
    text = shown.find_element("tag name", "body").text
    assert "Whether a training sample of the same task has the mention" in text
    assert "30 samples, 40 items, 2 tasks" in text
    assert "BIOSSES 3" in text, "what AnEM shares"
    assert "1 of 2 tasks count; BIOSSES does not (mean squared error)" in text


def test_a_narrow_window_scrolls_tables_and_not_the_page(shown):
    before = shown.get_window_size()
    shown.set_window_size(390, 844)
    try:
        wide = shown.execute_script("return [document.documentElement.scrollWidth, window.innerWidth]")
        assert wide[0] <= max(wide[1], 390), wide
    finally:
        shown.set_window_size(before["width"], before["height"])


def test_made_of_miniatures_it_says_so(shown):
    assert "say nothing about any model" in shown.find_element("tag name", "body").text
