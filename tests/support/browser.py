"""A real browser without network, for the tests of pages."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
CHROMEDRIVER = shutil.which("chromedriver")

needs_browser = pytest.mark.skipif(not (CHROMIUM and CHROMEDRIVER), reason="no chromium and chromedriver on the path")
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--window-size=1280,1600",
)


def offline_browser(profile: Path) -> Iterator[Any]:
    """A headless Chromium that keeps its logs and cannot reach any network."""
    webdriver = pytest.importorskip("selenium.webdriver")
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in (*FLAGS, f"--user-data-dir={profile}", "about:blank"):  # else it opens its page for new tabs
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    started = webdriver.Chrome(service=webdriver.ChromeService(CHROMEDRIVER), options=options)
    offline = {"offline": True, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0}
    started.execute_cdp_cmd("Network.enable", {})
    started.execute_cdp_cmd("Network.emulateNetworkConditions", offline)
    started.get("about:blank")
    for log in ("browser", "performance"):
        started.get_log(log)  # what the browser did by itself is read here, and is in no test's log
    yield started
    started.quit()


def loopback_browser(profile: Path) -> Iterator[Any]:
    """The same, for pages that a test serves on this machine."""
    for started in offline_browser(profile):
        online = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
        started.execute_cdp_cmd("Network.emulateNetworkConditions", online)
        yield started
