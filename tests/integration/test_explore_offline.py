"""The explorer as a folder in a real browser: DuckDB reads Parquet by range, no other host is asked, nothing runs."""

import json
from pathlib import Path

import pytest

from flows.explore import write_explorer
from schemas.errors import MedinstError
from tasks.base.store.root import Root
from tasks.tools.explore.offline.engine import engine
from tasks.tools.explore.offline.serve import served as application
from tests.support.browser import loopback_browser, needs_browser
from tests.support.explored import ASKED, fill, id_of, served
from tests.support.medinst import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.heavy, needs_browser]
KEPT = Path(__file__).parents[2] / ".venv/npm"
PAGES = (
    "/",
    "/samples",
    "/tasks/AnEM",
    f"/samples/AnEM/{id_of('03')}?q=gland",
    "/rejects",
    "/nothing",
    "/samples?bad=1",
)


@pytest.fixture(scope="module")
def driver(tmp_path_factory):
    yield from loopback_browser(tmp_path_factory.mktemp("profile"))


@pytest.fixture(scope="module")
def ranges():
    """The path and the range of each file that is read."""
    return []


@pytest.fixture(scope="module")
def address(tmp_path_factory, ranges):
    try:
        engine(KEPT)
    except MedinstError as error:
        pytest.skip(str(error))
    folder = tmp_path_factory.mktemp("explored")
    fill(folder)
    write_explorer(None, Root(str(folder)), folder / "out", KEPT, lambda _done, _total: None)
    answer = application(folder / "out")

    async def heard(scope, receive, send):
        if scope.get("method") == "GET":
            ranges.append((scope["path"], dict(scope["headers"]).get(b"range", b"").decode()))
        await answer(scope, receive, send)

    with served(heard, wait_until) as found:
        yield found


@pytest.fixture
def show(driver, address):
    def open_page(path):
        """Open a page and wait until its rows are there."""
        driver.get_log("browser")
        if not driver.current_url.startswith(address):
            driver.get(address)
        driver.execute_script("document.getElementById('main').ariaBusy = 'waiting'; location.hash = ''")
        driver.execute_script("location.hash = arguments[0]", f"#{path}")
        ready(driver)
        return driver

    return open_page


def ready(driver):
    wait_until(
        lambda: driver.execute_script("return document.getElementById('main').ariaBusy") == "false", "it is shown"
    )


def where(driver):
    return driver.execute_script("return location.hash")


def press(driver, key):
    from selenium.webdriver import ActionChains

    ActionChains(driver).send_keys(key).perform()


def listed(driver):
    opened = driver.find_elements("css selector", ".list .open")
    return [link.get_attribute("href").split("?")[0][-2:] for link in opened]


@pytest.mark.parametrize(("query", "numbers"), ASKED)
def test_filters_give_what_they_give_on_the_server(show, query, numbers):
    driver = show(f"/samples?{query}")
    assert sorted(listed(driver)) == numbers
    words = driver.find_element("css selector", "[role=status]").text
    assert words.startswith(f"{len(numbers)} sample{'' if len(numbers) == 1 else 's'}")


@pytest.mark.parametrize("path", PAGES)
def test_nothing_in_the_data_runs_and_every_field_has_a_name(show, path):
    driver = show(path)
    assert driver.execute_script("return window.ran") is None
    assert driver.get_log("browser") == []
    assert driver.find_elements("css selector", "img, [onclick], [onerror]") == []
    nameless = """return [...document.querySelectorAll('input:not([type=hidden]), select, button')].filter(
        field => !(field.labels?.length || field.ariaLabel || field.textContent.trim())).map(f => f.outerHTML)"""
    assert driver.execute_script(nameless) == []
    assert driver.execute_script("return document.querySelectorAll('h1').length") == 1


def test_only_its_own_host_is_asked_and_parquet_by_range(driver, address, ranges):
    driver.get("about:blank")
    driver.get_log("performance")
    ranges.clear()
    driver.get(f"{address}/#/samples?q=gastric")
    wait_until(lambda: listed(driver) == ["01"], "the sample is found")
    sent = [json.loads(entry["message"])["message"] for entry in driver.get_log("performance")]
    asked = [each["params"]["request"]["url"] for each in sent if each["method"] == "Network.requestWillBeSent"]
    assert {url.split("/")[2] for url in asked} == {address.split("/")[2]}
    parquet = {Path(path).stem: asked for path, asked in ranges if path.endswith(".parquet")}
    assert parquet.keys() >= {"samples", "words", "texts"}
    assert all(asked.startswith("bytes=") for asked in parquet.values())


def test_a_sample_has_its_marks_its_leaks_and_its_neighbours(show):
    driver = show(f"/samples/AnEM/{id_of('03')}?task=AnEM&q=gland")
    marks = driver.execute_script("return [...document.querySelectorAll('.sample-text mark')].map(m => m.className)")
    assert "c0" in marks
    assert "q" in marks
    assert driver.find_element("css selector", ".steps [rel=up]").text == "3 of 3"
    assert id_of("01") in driver.find_element("css selector", ".others a").get_attribute("href")
    driver.find_element("css selector", ".steps [rel=prev]").click()
    ready(driver)
    wait_until(lambda: id_of("02") in where(driver), "the sample before is open")


def test_keys_forms_and_links_stay_on_the_page(show, driver):
    show("/samples?task=AnEM")
    press(driver, "j")
    press(driver, "\ue007")  # Enter
    wait_until(lambda: where(driver) == f"#/samples/AnEM/{id_of('01')}?task=AnEM", "the sample is open")
    ready(driver)
    press(driver, "\ue00c")  # Escape
    wait_until(lambda: where(driver) == "#/samples?task=AnEM", "the list is back")
    ready(driver)
    driver.find_element("css selector", "select[name=leak] option[value=test]").click()
    wait_until(lambda: where(driver) == "#/samples?task=AnEM&leak=test" and listed(driver) == ["03"], "it is filtered")
    search = driver.find_element("id", "find")
    search.send_keys("zelu\ue007")
    wait_until(lambda: where(driver) == "#/samples?q=zelu" and listed(driver) == ["04"], "it is found")
    link = driver.find_element("css selector", "header nav a[href='#/rejects']")
    link.click()
    wait_until(lambda: "1 reject" in driver.find_element("id", "main").text, "rejects are listed")


def test_rejects_are_filtered_and_lead_to_what_was_kept(show):
    driver = show("/rejects?reason=duplicate&q=09")
    assert driver.find_element("css selector", "[role=status]").text == "1 reject"
    assert id_of("01") in driver.find_element("link text", "Kept instead").get_attribute("href")
    assert "0 rejects" in show("/rejects?split=test").find_element("css selector", "[role=status]").text


def test_what_is_not_there_is_said(show):
    assert "There is no filter bad here" in show("/samples?bad=1").find_element("id", "main").text
    assert "no sample 0 of AnEM" in show("/samples/AnEM/0").find_element("id", "main").text
    assert "No sample has all this" in show("/samples?q=nowhere").find_element("id", "main").text


@pytest.mark.parametrize("path", PAGES)
def test_a_narrow_window_does_not_scroll_sideways(driver, show, path):
    size = {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": False}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    try:
        show(path)
        assert driver.execute_script("return document.documentElement.scrollWidth") <= 390
    finally:
        driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
