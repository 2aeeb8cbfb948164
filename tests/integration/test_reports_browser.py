"""The served pages in a real browser: what is listed opens and draws under the policy of the site."""

import json
import threading
import time

import pytest
import uvicorn

from tasks.base.store.root import Root
from tasks.build.report import report
from tasks.tools.reports.site import site
from tests.support.browser import loopback_browser, needs_browser
from tests.support.medinst import free_port, wait_until
from tests.support.report_content import content
from tests.support.report_sources import sources

pytestmark = [pytest.mark.browser, needs_browser]
PLAIN = b"""<!doctype html><title>Quality</title><style>p { color: rgb(1, 2, 3) }</style><p>met</p>
<script>document.title = 'run'</script>"""


@pytest.fixture
def address(tmp_path):
    root = Root(str(tmp_path / "root"))
    root.write_bytes("releases/v1/report.html", report(content(), sources()))
    root.write_bytes("releases/v1/quality/index.html", PLAIN)
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(site(root), host="127.0.0.1", port=port, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        wait_until(lambda: server.started, "the site is up")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def driver(tmp_path_factory):
    yield from loopback_browser(tmp_path_factory.mktemp("profile"))


def open_link(driver, address, words):
    driver.get(address)
    driver.find_element("link text", words).click()


def test_the_report_draws_under_the_policy_of_the_site(driver, address):
    driver.get_log("browser")
    driver.get_log("performance")
    open_link(driver, address, "Report")
    drawn = "return document.querySelectorAll('#chart-tasks rect.surface').length > 0"
    wait_until(lambda: driver.execute_script(drawn), "the report draws")
    assert [entry["message"] for entry in driver.get_log("browser")] == []
    events = (json.loads(entry["message"])["message"] for entry in driver.get_log("performance"))
    asked = {event["params"]["request"]["url"] for event in events if event["method"] == "Network.requestWillBeSent"}
    assert [url for url in asked if not url.startswith((f"{address}/", "data:", "blob:"))] == []


def test_a_quality_page_keeps_its_styles_and_runs_no_script(driver, address):
    open_link(driver, address, "Quality pages")
    time.sleep(0.2)
    assert driver.title == "Quality"
    colour = "return getComputedStyle(document.querySelector('p')).color"
    assert driver.execute_script(colour) == "rgb(1, 2, 3)"
