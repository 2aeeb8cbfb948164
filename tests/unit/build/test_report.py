"""The report holds everything, escapes everything, fetches nothing, and is the same for the same content."""

import json
import re
from html.parser import HTMLParser

import pytest

from schemas.receipts import Verdict
from schemas.release import Lost, ReleaseSplit, ReleaseTask
from tasks.build.report import report
from tests.support.report_content import blob, content, samples
from tests.support.report_sources import sources, table

EVIL = '</script><script>alert("1")</script>\'&amp;'


class Page(HTMLParser):
    """What a browser would see: elements, scripts, and text by the id of the table it stands in."""

    def __init__(self, page):
        super().__init__()
        self.elements, self.texts, self._table, self._script = [], {}, None, None
        self.scripts = []
        self.feed(page.decode())
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag == "table":
            self._table = dict(attrs)["id"]
        if tag == "script":
            self.scripts.append("")
            self._script = True

    def handle_endtag(self, tag):
        if tag == "table":
            self._table = None
        if tag == "script":
            self._script = False

    def handle_data(self, data):
        if self._script:
            self.scripts[-1] += data
        else:
            self.texts[self._table] = self.texts.get(self._table, "") + data


@pytest.fixture(scope="module")
def full():
    return report(content(163), sources())


@pytest.mark.parametrize("count_", [1, 35, 163])
def test_equal_content_gives_equal_bytes(count_):
    assert report(content(count_), sources()) == report(content(count_), sources())


def test_the_page_is_small(full):
    """Scripts and styles take 45 kB; the rest is tables and the data of charts."""
    assert len(report(content(1, parity=()), {})) < 100_000
    assert len(report(content(35), sources())) < 500_000
    assert len(full) < 1_000_000


def test_the_page_loads_nothing(full):
    page = Page(full)
    embedding = ("iframe", "img", "object", "embed")
    loading = [(tag, attrs) for tag, attrs in page.elements if "src" in attrs or tag in embedding]
    assert loading == []
    assert [attrs["href"] for tag, attrs in page.elements if tag == "link"] == ["data:,"]
    metas = {attrs.get("http-equiv"): attrs for tag, attrs in page.elements if tag == "meta"}
    policy = metas["Content-Security-Policy"]["content"]
    assert policy.startswith("default-src 'none'")
    assert "http" not in policy
    css = full.split(b"<style>")[1].split(b"</style>")[0]
    assert b"url(" not in css
    assert b"@import" not in css


def test_links_lead_to_declared_homepages_or_into_the_release(full):
    hrefs = {attrs["href"] for tag, attrs in Page(full).elements if tag == "a"}
    assert "quality/index.html" in hrefs
    assert "https://example.org/bc5cdr" in hrefs
    assert all(re.match(r"https?://|#|[A-Za-z]", href) for href in hrefs)
    assert not any(href.startswith(("/", "file:", "javascript:")) for href in hrefs)


def test_every_task_source_and_row_of_table_11_is_there(full):
    page = Page(full)
    for task, (_, rows) in table().items():
        assert task in page.texts["task-table"]
        assert task in page.texts["parity-table"]
        assert f"{rows[0]:,}" in page.texts["parity-table"]
    for source in sources().values():
        assert source.title in page.texts["source-table"]


def test_key_figures(full):
    text = Page(full).texts[None]
    assert "9,938,327" in text
    assert re.search(r"163\s+of 163", text)
    assert "miniatures" not in text


def test_miniatures_are_announced_and_not_compared_with_the_paper():
    text = Page(report(content(35, original=False), sources())).texts[None]
    assert "Built from miniatures: invented texts, not for use" in text
    assert "Parity does not apply to miniatures" in text
    assert "the paper counts" in text
    assert "For the 35 tasks built here" not in text
    assert "partial" in text


def test_withheld_tasks_stand_with_their_reason():
    made = content(35, withheld={"MedQA": "needs a <signed> agreement"}, undeclared=("MQP",))
    text = Page(report(made, sources())).texts["open-table"]
    assert "needs a <signed> agreement" in text
    assert "no source declares it yet" in text


def test_a_release_without_anything_says_so():
    made = content(1, tasks=(), samples=(), verdicts=(), lost=(), records=(), files={}, parity=())
    text = Page(report(made, {})).texts[None]
    for words in (
        "holds no task",
        "No samples to measure",
        "No task of this release has labels",
        "Nothing was left out",
        "Nothing was judged",
    ):
        assert words in text


def test_sources_that_nothing_declares_keep_their_id():
    text = Page(report(content(5), {})).texts["source-table"]
    assert "not declared" in text
    assert content(5).tasks[0].source in text


def test_no_text_becomes_markup():
    evil_task = ReleaseTask(
        name=EVIL, category="NER", source="evil", language=EVIL, licence="mit", instruction=EVIL,
        splits={"train": ReleaseSplit(samples=("s",), decisions="d", rows=7)},
    )  # fmt: skip
    made = content(
        1,
        tasks=(evil_task,),
        samples=tuple(samples(EVIL, "NER", (7, 0, 0), labels=(EVIL, '"quoted"', "<b>bold</b>"))),
        withheld={EVIL: EVIL},
        files={EVIL: (blob("evil", True).model_copy(update={"name": EVIL}),)},
        lost=(Lost(stage=EVIL, source=EVIL, part="", task=EVIL, split="train", reason=EVIL, rows=3),),
        verdicts=(
            Verdict(
                suite="samples", subject=EVIL, task=EVIL, source=EVIL, measure=EVIL, severity="critical",
                success=False, expectation=EVIL, found=EVIL, examples=(EVIL,), command=EVIL,
            ),
        ),
    )  # fmt: skip
    page = Page(report(made, {}))
    assert [attrs for tag, attrs in page.elements if tag == "script"] == [
        {"type": "application/json", "id": "figures"},
        {},
        {},
        {},
    ]
    drawn = json.loads(page.scripts[0])
    assert "<" not in page.scripts[0]
    (labels,) = drawn["labels"].values()
    assert {name for name, *_ in labels["rows"]} == {EVIL, '"quoted"', "<b>bold</b>"}, "scripts show them as text"
    attributes = {name for _, attrs in page.elements for name in attrs}
    assert not any(name.startswith("on") for name in attributes)


def test_a_homepage_is_a_link_only_if_it_is_a_web_address():
    declared = sources()
    bad = declared["bc5cdr"].model_copy(update={"homepage": "javascript:alert(1)"})
    page = Page(report(content(163), {**declared, "bc5cdr": bad}))
    assert not any(attrs.get("href", "").startswith("javascript") for _, attrs in page.elements)
