"""The leaderboard in a real browser without network: both sets, bars, intervals, and nothing that calls out."""

import json

import pytest

from schemas.evaluation import Asking, Evaluation, Score
from tasks.model.leaderboard import Entry, page
from tests.support.browser import needs_browser, offline_browser
from tests.support.manifests import TIER, held_out_test

pytestmark = [pytest.mark.browser, needs_browser]
EVIL = "<script>throw Error('evil')</script>"
TESTS = {
    "AnEM": held_out_test(category="NER", tier=TIER.model_copy(update={"name": "labels"})),
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
    return Entry(
        run, [*scores, *(score("BIOSSES", kind, "mean squared error", 5 * value) for kind in ("strict", "paper"))]
    )


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


def test_made_of_miniatures_it_says_so(shown):
    assert "say nothing about any model" in shown.find_element("tag name", "body").text
