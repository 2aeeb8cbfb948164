"""The explorer in a real browser: keys, filters, marks, a narrow window, and nothing of the data that runs."""

import pytest

from tasks.tools.explore.site import site
from tests.support.browser import loopback_browser, needs_browser
from tests.support.explored import EVIL, evaluate, exploring, fill, id_of, served
from tests.support.medinst import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.heavy, needs_browser]
PAGES = ("/", "/samples", "/tasks/AnEM", f"/samples/AnEM/{id_of('03')}", "/rejects", f"/why/{id_of('03')}", "/nothing")


@pytest.fixture(scope="module")
def driver(tmp_path_factory):
    yield from loopback_browser(tmp_path_factory.mktemp("profile"))


@pytest.fixture(scope="module")
def addresses(tmp_path_factory):
    """Address of the release, and that of the benchmark with two evaluations, one of which has a name like markup."""
    root = tmp_path_factory.mktemp("explored")
    fill(root)
    evaluate(root, "one", {"03": f"[gland <organ>], {EVIL} [{EVIL[:20]} <organ>]", "04": EVIL, "05": EVIL})
    evaluate(root, "<b onclick=alert(1)>two", {"03": "none"})
    with (
        exploring(None, root) as release,
        exploring("one", root) as benchmark,
        served(site(release), wait_until) as first,
        served(site(benchmark), wait_until) as second,
    ):
        yield first, second


@pytest.fixture
def show(driver, addresses):
    def open_page(path, address=addresses[0]):
        driver.get_log("browser")
        driver.get(f"{address}{path}")
        return driver

    return open_page


def press(driver, key):
    from selenium.webdriver import ActionChains

    ActionChains(driver).send_keys(key).perform()


def where(driver):
    return driver.execute_script("return location.pathname + location.search")


def focused(driver):
    return driver.execute_script("return document.activeElement.getAttribute('href')")


def complaints(driver):
    return [entry["message"] for entry in driver.get_log("browser") if "404" not in entry["message"]]


@pytest.mark.parametrize("path", PAGES)
def test_nothing_in_the_data_runs(show, path):
    driver = show(path)
    assert driver.execute_script("return window.ran") is None
    assert complaints(driver) == []
    assert driver.execute_script("return document.images.length + document.scripts.length") == 1, "its own script"


def test_answers_and_names_of_models_run_no_more(show, addresses):
    for path in ("/samples?model=one&against=%3Cb+onclick%3Dalert(1)%3Etwo", f"/samples/AnEM/{id_of('03')}?model=one"):
        driver = show(path, addresses[1])
        assert driver.execute_script("return window.ran") is None
        assert complaints(driver) == []
        assert driver.find_elements("css selector", "[onclick], img") == []
    assert EVIL in driver.find_element("css selector", ".model").text or "window.ran" in driver.page_source


def test_keys_walk_through_lists_and_samples(show):
    driver = show("/samples?task=AnEM")
    press(driver, "j")
    assert focused(driver).startswith(f"/samples/AnEM/{id_of('01')}")
    press(driver, "j")
    press(driver, "j")
    press(driver, "k")
    assert focused(driver).startswith(f"/samples/AnEM/{id_of('02')}")
    press(driver, "\ue007")  # Enter
    wait_until(lambda: where(driver) == f"/samples/AnEM/{id_of('02')}?task=AnEM", "the sample is open")
    press(driver, "j")
    wait_until(lambda: where(driver) == f"/samples/AnEM/{id_of('03')}?task=AnEM", "the next sample is open")
    press(driver, "k")
    wait_until(lambda: where(driver) == f"/samples/AnEM/{id_of('02')}?task=AnEM", "the sample before is open")
    press(driver, "\ue00c")  # Escape
    wait_until(lambda: where(driver) == "/samples?task=AnEM", "the list is back")


def test_a_slash_searches_and_escape_leaves(show):
    driver = show("/samples")
    press(driver, "/")
    assert driver.execute_script("return document.activeElement.name") == "q"
    press(driver, "gastric\ue007")
    wait_until(lambda: where(driver) == "/samples?q=gastric", "the search has its address")
    assert "1 sample" in driver.find_element("css selector", "[role=status]").text
    press(driver, "/")
    press(driver, "\ue00c")
    assert driver.execute_script("return document.activeElement === document.body")


def test_a_choice_filters_at_once_and_empty_ones_stay_out_of_the_address(show):
    driver = show("/samples?task=AnEM")
    driver.find_element("css selector", "select[name=leak] option[value=test]").click()
    wait_until(lambda: where(driver) == "/samples?task=AnEM&leak=test", "the filter has its address")
    assert len(driver.find_elements("css selector", ".list > li")) == 1


def test_tasks_are_narrowed_by_words(show):
    driver = show("/")
    driver.find_element("id", "narrow").send_keys("scifact")
    visible = "return [...document.querySelectorAll('tr[data-row]')].filter(r => r.offsetParent).length"
    assert driver.execute_script(visible) == 1


def test_marks_have_colours_and_light_up_with_their_item(show):
    driver = show(f"/samples/AnEM/{id_of('02')}")
    colour = "return getComputedStyle(document.querySelectorAll('.sample-text mark')[arguments[0]]).backgroundColor"
    first, other = driver.execute_script(colour, 0), driver.execute_script(colour, 2)
    assert first != other
    over = "document.querySelector('.items li').dispatchEvent(new MouseEvent('mouseover', {bubbles: true}))"
    driver.execute_script(over)
    lit = driver.execute_script("return [...document.querySelectorAll('mark.lit')].map(m => m.firstChild.textContent)")
    assert lit == ["Upper", "wall"]


def test_light_and_dark_and_the_choice_stays(show):
    driver = show("/samples")
    background = "return getComputedStyle(document.body).backgroundColor"
    before = driver.execute_script(background)
    driver.find_element("id", "theme").click()
    after = driver.execute_script(background)
    assert before != after
    driver.refresh()
    assert driver.execute_script(background) == after
    driver.execute_script("localStorage.clear()")


@pytest.mark.parametrize("path", PAGES)
def test_a_narrow_window_does_not_scroll_sideways(show, path):
    driver = show("/")
    size = {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": False}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    try:
        show(path)
        assert driver.execute_script("return document.documentElement.scrollWidth") <= 390
    finally:
        driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


@pytest.mark.parametrize("path", PAGES)
def test_every_field_and_button_has_a_name(show, path):
    """What a screen reader says of it."""
    driver = show(path)
    nameless = """return [...document.querySelectorAll('input:not([type=hidden]), select, button')].filter(
        field => !(field.labels?.length || field.ariaLabel || field.textContent.trim())).map(f => f.outerHTML)"""
    assert driver.execute_script(nameless) == []
    assert driver.execute_script("return document.querySelectorAll('h1').length") == 1
    assert driver.execute_script("return document.documentElement.lang") == "en"
