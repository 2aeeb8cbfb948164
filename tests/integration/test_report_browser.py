"""The report in a real browser without network: it draws, sorts, filters, does not complain or call out."""

import base64
import json

import pytest
from selenium.webdriver.support.ui import WebDriverWait

from schemas.audit import Audit, Touched
from tasks.build.report import report
from tests.support.browser import needs_browser, offline_browser
from tests.support.report_content import content, samples
from tests.support.report_sources import sources

pytestmark = [pytest.mark.browser, needs_browser]
EVIL = "</script><script>throw Error('evil')</script>\"'"


@pytest.fixture(scope="module")
def driver(tmp_path_factory):
    yield from offline_browser(tmp_path_factory.mktemp("profile"))


@pytest.fixture
def show(driver, tmp_path):
    declared = sources()

    def open_page(count, query="", **changes):
        page = tmp_path / "report.html"
        page.write_bytes(report(content(count, **changes), declared))
        driver.get_log("performance")
        driver.get(f"{page.as_uri()}{query}")
        wait(driver, "document.querySelectorAll('#chart-tasks rect.surface').length > 0")
        return driver

    return open_page


def wait(driver, condition):
    from selenium.webdriver.support.wait import WebDriverWait

    WebDriverWait(driver, 30).until(lambda started: started.execute_script(f"return {condition}"))


def number_of(driver, css):
    return driver.execute_script("return document.querySelectorAll(arguments[0]).length", css)


def column(driver, table, number):
    """The texts of the visible cells of one column."""
    return driver.execute_script(
        "return [...document.querySelectorAll(`#${arguments[0]} tbody tr`)].filter((row) => !row.hidden)"
        ".map((row) => row.cells[arguments[1]].textContent.trim())",
        table,
        number,
    )


def requests(driver):
    """The addresses that the page has asked for."""
    events = (json.loads(entry["message"])["message"] for entry in driver.get_log("performance"))
    return [event["params"]["request"]["url"] for event in events if event["method"] == "Network.requestWillBeSent"]


def type_into(driver, css, words):
    field = driver.find_element("css selector", css)
    field.clear()
    field.send_keys(words)


@pytest.mark.parametrize(("count", "original"), [(163, True), (35, False)])
def test_it_draws_without_network_and_without_complaints(show, tmp_path, count, original):
    driver = show(count, original=original)
    assert [entry["message"] for entry in driver.get_log("browser")] == []
    asked = requests(driver)
    assert any(url.endswith("report.html") for url in asked)
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
    for marks, least in (
        *((f"#chart-{chart} svg rect", 4) for chart in ("tasks", "lengths", "labels", "rejects")),
        ("#chart-tasks rect.surface", count),
    ):
        drawn = f"return document.querySelectorAll('{marks}').length"
        WebDriverWait(driver, 30).until(
            lambda page, drawn=drawn, least=least: page.execute_script(drawn) >= least, marks
        )
    picture = tmp_path / "report.png"
    driver.execute_async_script("requestAnimationFrame(() => requestAnimationFrame(arguments[0]))")  # painted
    assert driver.save_screenshot(str(picture))
    assert colours(driver, picture) > 30


def colours(driver, picture):
    """How many colours a picture has, looked at on a canvas of the browser itself."""
    data = base64.b64encode(picture.read_bytes()).decode()
    driver.get("data:text/html,<canvas></canvas>")
    return driver.execute_async_script(
        """const [data, done] = arguments, image = new Image();
        image.onload = () => {
          const canvas = document.querySelector("canvas"), paper = canvas.getContext("2d");
          [canvas.width, canvas.height] = [image.width, image.height];
          paper.drawImage(image, 0, 0);
          const pixels = paper.getImageData(0, 0, image.width, image.height).data;
          done(new Set(new Uint32Array(pixels.buffer)).size);
        };
        image.src = "data:image/png;base64," + data;""",
        data,
    )


def test_headings_sort(show):
    driver = show(163)
    heading = driver.find_element("css selector", "#source-table thead th:nth-child(6) button")
    assert heading.text.startswith("Samples")
    heading.click()
    falling = [int(text.replace(",", "")) for text in column(driver, "source-table", 5)]
    assert falling == sorted(falling, reverse=True)
    assert falling[0] >= 3_000_000
    heading.send_keys("\n")
    rising = [int(text.replace(",", "")) for text in column(driver, "source-table", 5)]
    assert rising == sorted(rising)
    assert heading.find_element("xpath", "..").get_attribute("aria-sort") == "ascending"
    driver.find_element("css selector", "#source-table thead th:nth-child(1) button").click()
    names = [text.casefold() for text in column(driver, "source-table", 0)]
    assert names[0].startswith("anatem")
    assert names[-1].startswith(max(names)[:3])


def test_text_and_status_filter(show):
    driver = show(163)
    type_into(driver, "input[data-table='source-table']", "bc5cdr")
    assert len(column(driver, "source-table", 0)) == 1
    assert driver.find_element("css selector", "output[data-shown='source-table']").text.startswith("1 of ")
    driver.find_element("css selector", "select[data-status='parity-table'] option[value='unexplained']").click()
    assert set(column(driver, "parity-table", 8)) == {"unexplained"}
    type_into(driver, "input[data-table='parity-table']", "no such task")
    assert column(driver, "parity-table", 0) == []


def test_choices_redraw_the_charts(show):
    driver = show(163)
    driver.find_element("css selector", "select[data-chart='labels'] option[value='STS/BIOSSES']").click()
    wait(driver, "document.querySelectorAll('#chart-labels .ytick').length === 6")
    driver.find_element("css selector", "select[data-chart='lengths'] option[value='all categories']").click()
    wait(driver, "document.querySelectorAll('#chart-lengths .ytick').length === 163 + 12")
    driver.find_element("css selector", "select[data-chart='tasks'] option[value='rows']").click()
    assert driver.get_log("browser") == []


def test_a_resized_window_keeps_the_height_of_the_charts(show):
    driver = show(163)
    height = "document.querySelector('#chart-tasks svg').getBoundingClientRect().height"
    width = "document.querySelector('#chart-tasks svg').getBoundingClientRect().width"
    before = driver.execute_script(f"return {height}")
    driver.set_window_size(800, 1000)
    try:
        wait(driver, f"{width} < 800")
        assert driver.execute_script(f"return {height}") == before
    finally:
        driver.set_window_size(1280, 1600)


def test_labels_are_shown_as_they_are(show):
    rows = tuple(samples("AnatEM", "NER", (9, 0, 0), labels=(EVIL, "<b>bold</b>")))
    driver = show(35, samples=rows)
    assert driver.get_log("browser") == []
    ticks = driver.execute_script(
        "return [...document.querySelectorAll('#chart-labels .ytick')].map((tick) => tick.textContent)"
    )
    assert any("<b>bold</b>" in tick for tick in ticks)
    assert any(tick.startswith("</script><script>throw Error(") for tick in ticks)


def luminance(driver, css):
    """How bright the background of an element is, from 0 to 255."""
    colour = driver.execute_script(
        "return getComputedStyle(document.querySelector(arguments[0])).backgroundColor.match(/\\d+/g).map(Number)", css
    )
    return sum(colour[:3]) / 3


def test_page_and_charts_follow_the_dark_mode(show):
    driver = show(35)
    fill = "return getComputedStyle(document.querySelector('#chart-tasks svg text')).fill"
    light = luminance(driver, "body"), driver.execute_script(fill)
    dark = {"features": [{"name": "prefers-color-scheme", "value": "dark"}]}
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", dark)
    try:
        assert light[0] > 200 > 60 > luminance(driver, "body")
        assert driver.execute_script(fill) != light[1]
        assert luminance(driver, "#source-table thead th") < 60
    finally:
        driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


def test_arrow_keys_tell_what_a_cell_of_the_heat_map_means(show):
    driver = show(35, audit=leaking())
    chart = driver.find_element("css selector", "#chart-leaks")
    driver.execute_script("arguments[0].focus()", chart)
    told = []
    for key in ("\ue014", "\ue014", "\ue015"):  # right, right, down
        chart.send_keys(key)
        told.append(driver.find_element("css selector", "#chart-leaks [role=status]").text)
    assert told[0].startswith("AnatEM touches 6 of the 12 test samples of BC5CDR: 50%")
    assert told[1] == "CHEMDNER does not touch BC5CDR"
    assert told[2].startswith("CHEMDNER touches 1 of the 20 test samples of NCBI-disease: 5%")
    assert [mark.text for mark in driver.find_elements("css selector", "#chart-leaks .mark + text")] == ["50", "5"]


def test_beside_an_explorer_of_files_numbers_lead_to_it(show):
    driver = show(35, query="?explorer")
    links = driver.execute_script("return [...document.querySelectorAll('a.rows')].map(a => a.getAttribute('href'))")
    assert links
    assert all(link.startswith("index.html#/") for link in links)
    parity = driver.find_elements("css selector", "#parity-table a.rows")
    assert [link.get_attribute("href") for link in parity if "task=" in link.get_attribute("href")]
    assert number_of(driver, "button[data-rows]") == 0


def test_a_number_shows_the_commands_that_give_its_rows(show):
    driver = show(35, audit=leaking())
    driver.execute_script("document.querySelectorAll('details').forEach((each) => { each.open = true })")
    driver.execute_script("document.querySelector('#leak-table button.rows').click()")
    shown = driver.find_element("css selector", "#rows pre").text.split("\n")
    assert shown[0].endswith("--open --at 'samples?task=BC5CDR&leak=test'")
    assert shown[1] == (
        "medinst sql \"SELECT DISTINCT test_id FROM leaks WHERE test_task = 'BC5CDR' AND kind <> 'test'\""
    )


def test_a_narrow_window_scrolls_tables_and_charts_and_not_the_page(show):
    driver = show(163, audit=leaking())
    driver.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride", {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": False}
    )
    try:
        wait(driver, "document.querySelector('#chart-tasks svg').getBoundingClientRect().width < 391")
        assert driver.execute_script("return document.documentElement.scrollWidth") <= 390
    finally:
        driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def leaking():
    """Two training sets that touch one test each."""
    cells = [("BC5CDR", "AnatEM", 6), ("NCBI-disease", "CHEMDNER", 1)]
    return Audit(
        fingerprint="f", place="p", tested={"BC5CDR": 12, "NCBI-disease": 20}, unclean={"AnatEM": 6, "CHEMDNER": 1},
        touched=tuple(
            Touched(test_task=test, train_task=train, kind=kind, tests=tests, trains=tests)
            for test, train, tests in cells
            for kind in ("any", "words")
        ),
        exposed={test: {"any": tests, "words": tests} for test, _, tests in cells},
    )  # fmt: skip
