"""`medinst explore` as a user runs it: it says where the page is, ends at once, and says what is in its way."""

import os
import re
import signal
import socket
from pathlib import Path

import httpx
import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from flows.cli import app
from tasks.base.store.root import Root
from tasks.tools.explore.find import shown
from tasks.tools.explore.offline.write import write
from tasks.tools.explore.site import site
from tasks.tools.explore.start import loaded, started
from tests.support.buckets import running_store
from tests.support.explored import define, evaluate, fill, id_of
from tests.support.medinst import running_medinst, wait_until
from tests.support.terminal import interrupt

pytestmark = pytest.mark.heavy
READY = "Ctrl-C ends it."


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("explored")
    fill(folder)
    evaluate(folder, "one", {"03": "none"})
    return folder


def test_it_serves_loopback_alone_and_says_where(root: Path) -> None:
    with running_medinst({**os.environ}, root, "explore", "one", "--port", "0") as (_, kept):
        out = kept / "out"
        wait_until(lambda: READY in out.read_text() if out.exists() else False, "the page is there")
        said = re.search(r"http://127\.0\.0\.1:(\d+)/samples\?model=one", out.read_text())
        assert said
        page = httpx.get(said[0], trust_env=False)
        assert id_of("03") in page.text
        with pytest.raises(httpx.TransportError):
            httpx.get(f"http://127.0.0.2:{said[1]}/", trust_env=False)


def test_ctrl_c_ends_it_at_once_and_quietly(root: Path) -> None:
    given = ["explore", "--root", str(root), "--port", "0"]
    ended = interrupt(given, os.environ, lambda sight: READY in sight.output, signal.SIGINT)
    assert ended.code == 130
    assert "Traceback" not in ended.words
    assert ended.words.strip().endswith("Stopped. Nothing was changed.")
    assert ended.took < 5
    assert ended.left == []


def test_a_taken_port_is_said_with_the_option_that_helps(root: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        with running_medinst({**os.environ}, root, "explore", "--port", port) as (process, kept):
            process.join(60)
            assert process.exitcode == 1
            assert f"Port {port} is taken. Use any that is free: medinst explore --port 0" in (kept / "err").read_text()


def test_a_folder_is_served_and_an_evaluation_has_none(root: Path, tmp_path: Path) -> None:
    with loaded(shown("b1", Root(str(root))), define) as explorer:
        write(explorer, tmp_path / "out", {}, lambda _: None)
    with running_medinst({**os.environ}, tmp_path, "explore", str(tmp_path / "out"), "--port", "0") as (_, kept):
        out = kept / "out"
        wait_until(lambda: READY in out.read_text() if out.exists() else False, "the page is there")
        said = re.search(r"http://127\.0\.0\.1:\d+/", out.read_text())
        assert said
        assert httpx.get(f"{said[0]}explorer.json", trust_env=False).json()["version"] == "b1"
    refused = CliRunner().invoke(app, ["explore", "one", "--root", str(root), "--out", str(tmp_path / "other")])
    assert refused.exit_code == 1
    assert "one is an evaluation" in refused.output
    assert not (tmp_path / "other").exists()


def test_a_root_in_a_bucket_is_explored_as_a_folder_is(root: Path) -> None:
    with running_store("explored"):
        far = Root("s3://explored/root")
        for path in (each for each in root.rglob("*") if each.is_file()):
            far.write_bytes(path.relative_to(root).as_posix(), path.read_bytes())
        with started(shown("one", far), define) as explorer:
            client = TestClient(site(explorer), base_url="http://127.0.0.1")
            page = client.get("/samples?model=one&answer=answered").text
            assert id_of("03") in page
            assert id_of("04") not in page
