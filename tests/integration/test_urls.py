"""The declared addresses, asked over a proxy: by `medinst urls`, and before a nightly build."""

import json
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

import tasks.build.fetch.source
from flows.cli import app
from schemas.plan import Plan
from schemas.receipts import Order
from schemas.settings import Settings
from schemas.state import State
from sources import find, registry
from tasks.base.store.root import Root
from tasks.build.builds.order import chosen_sources, make_order
from tasks.build.builds.state import save_state
from tasks.build.fetch import known, outages
from tasks.build.fetch.source import fetch_source
from tasks.build.links import check, keep
from tasks.build.pipeline.prepare import prepared
from tests.support.gathering import gather
from tests.support.published import miniature, miniatures
from tests.support.publishers import Publishers, as_asked, running_publishers
from tests.support.servers import cut, data, missing, status

pytestmark = pytest.mark.heavy

SOURCES = ("biosses", "mqp", "scicite", "twadr_l")
PAGE = data(b"<html><title>Sign in</title>", Content_Type="text/html")


@pytest.fixture(scope="module")
def publishers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Publishers]:
    """The publishers of all sources, who send the miniatures; no lock pins them, and the proxy is set."""
    files = miniatures(registry().values())
    with (
        running_publishers(tmp_path_factory.mktemp("certificates"), files) as found,
        pytest.MonkeyPatch.context() as patch,
    ):
        for name, value in {**found.environment, "MEDINST_PAUSE": "0", "MEDINST_ATTEMPTS": "1"}.items():
            patch.setenv(name, value)
        for module in (tasks.build.fetch.source, known, tasks.build.links, check):
            patch.setattr(module, "committed_lock", dict)
        yield found


@pytest.fixture(autouse=True)
def behaving(publishers: Publishers) -> None:
    publishers.begin()


@pytest.fixture
def root(tmp_path: Path) -> Root:
    return Root(str(tmp_path / "root"))


def declared(*sources: str) -> set[str]:
    """The addresses that anybody may fetch, as they are asked for."""
    chosen = [find(name) for name in sources] if sources else registry().values()
    return {
        as_asked(url)
        for source in chosen
        if source.access == "open"
        for name in source.files
        for url in source.urls(name)
        if url.startswith("http")
    }


def urls(root: Root, *arguments: str) -> tuple[int, dict[str, dict]]:
    """The exit code of `medinst urls`, and what it says of each address."""
    done = CliRunner().invoke(app, ["urls", *arguments, "--json", "--root", root.url])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, {as_asked(link["url"]): link for link in json.loads(done.stdout)}


def test_all_addresses_are_asked_once_and_judged(publishers: Publishers, root: Root) -> None:
    there = sorted(declared() & publishers.files.keys())
    gone, page, refused, slow, moved, broken = there[::29][:6]
    publishers.plan = {
        gone: status(410),
        page: PAGE,
        refused: status(403),
        slow: status(503),
        moved: status(301, Location=there[-1]),
        broken: cut(b"", 10),
    }
    code, found = urls(root)
    assert code == 1
    assert {url for _, url in publishers.asked} == declared() | {there[-1]}
    assert {url: found[url]["verdict"] for url in (gone, page, refused, slow, moved)} == {
        gone: "gone",
        page: "login page",
        refused: "blocked",
        slow: "unreachable",
        moved: "moved",
    }
    assert found[page]["detail"] == "a login page ('Sign in')"
    sound = set(there) - publishers.plan.keys()
    assert {found[url]["verdict"] for url in sound} == {"alive"}
    assert [
        url for url in sound - {there[-1]} if publishers.asked["HEAD", url] != 1 or publishers.asked["GET", url]
    ] == []
    asking = {link["source"] for link in found.values() if link["verdict"] == "skipped"}
    assert asking == {source.id for source in registry().values() if source.access != "open"}

    publishers.begin()
    code, healed = urls(root, "biosses", "mqp")
    assert code == 0
    assert {link["source"] for link in healed.values()} == {"biosses", "mqp"}
    assert {as_asked(link.url) for link in keep.known(root).values()} == found.keys(), "the others are still known"


def test_what_was_gone_is_told_with_its_days(publishers: Publishers, root: Root, monkeypatch) -> None:
    (url,) = declared("mqp")
    for day, plan in (("2026-11-01", {}), ("2026-11-08", {url: missing}), ("2026-11-15", {url: missing})):
        monkeypatch.setattr(check, "today", lambda day=day: day)
        publishers.plan = plan
        code, found = urls(root, "mqp")
        assert code == bool(plan)
    assert (found[url]["since"], found[url]["last_alive"], found[url]["checked"]) == (
        "2026-11-08",
        "2026-11-01",
        "2026-11-15",
    )
    views = duckdb.sql(f"SELECT unnest(history) AS spell FROM read_parquet('{root.local(keep.PLACE)}')").fetchall()
    assert [(spell["verdict"], spell["first"]) for (spell,) in views] == [
        ("alive", "2026-11-01"),
        ("gone", "2026-11-08"),
    ]


def test_what_was_found_is_kept_when_it_is_interrupted(publishers: Publishers, root: Root) -> None:
    def told(done: int, _of: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check.check([find(name) for name in SOURCES], root, Settings(), told)
    assert [link.verdict for link in keep.known(root).values()] == ["alive", "alive"]


def test_nothing_is_asked_without_the_authority_of_the_proxy(publishers: Publishers, root: Root, monkeypatch) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    _, found = urls(root, "mqp")
    (link,) = found.values()
    assert link["verdict"] == "unreachable"
    assert "certificate" in link["detail"].lower()


def test_each_address_of_all_sources_is_asked_once_by_head_before_a_build(publishers: Publishers, root: Root) -> None:
    chosen = chosen_sources(make_order(root=root.url))
    for source in chosen:
        fetch_source(source, Order(root=root.url), Settings(), committed={})
    publishers.begin()
    with check.rechecked(make_order(root=root.url, mirrors=["origin"], recheck=True), Settings()):
        pass
    asked = {("HEAD", url) for source in chosen for url in declared(source.id) if url in publishers.files}
    assert dict(publishers.asked) == dict.fromkeys(asked, 1)
    assert root.names(outages.FOLDER) == []


def night(root: Root) -> tuple[Plan, State]:
    """One night, without its end; what was planned, and what became of it."""
    order = make_order(SOURCES, root=root.url, mirrors=["origin"], workers=1, recheck=True)
    with prepared(order) as plan:
        state = gather(Path(root.url), "origin", SOURCES, recheck=True)
        save_state(state)
    return plan, state


def outcomes(state: State) -> dict[str, str]:
    return {built.source: built.outcome for built in state.sources}


BUILT = dict.fromkeys(SOURCES, "built")


def test_a_night_with_nothing_changed_asks_once_and_does_nothing(publishers: Publishers, root: Root) -> None:
    night(root)
    publishers.begin()
    plan, state = night(root)
    assert [source.source for source in plan.changed] == []
    assert dict(publishers.asked) == {("HEAD", url): 1 for url in declared(*SOURCES)}
    assert outcomes(state) == BUILT


def test_a_bad_night_is_healed_by_the_next_good_one(publishers: Publishers, root: Root) -> None:
    night(root)
    (dead,), (changed,), (page,) = (declared(name) for name in ("mqp", "twadr_l", "scicite"))
    publishers.plan = {dead: missing, changed: data(b"other,bytes\n"), page: PAGE}
    plan, bad = night(root)
    assert {source.source for source in plan.changed} == {"mqp", "twadr_l", "scicite"}
    assert outcomes(bad) == BUILT | dict.fromkeys(("mqp", "twadr_l", "scicite"), "stale")

    again, still = night(root)
    assert {source.source for source in again.changed} == {"mqp", "twadr_l", "scicite"}
    assert outcomes(still) == outcomes(bad)

    publishers.begin()
    assert outcomes(night(root)[1]) == BUILT
    publishers.begin()
    plan, _ = night(root)
    assert not plan.changed
    assert {method for method, _ in publishers.asked} == {"HEAD"}


def test_another_version_of_the_same_bytes_is_fetched_once(publishers: Publishers, root: Root) -> None:
    night(root)
    night(root)  # so that the version is known
    (url,) = declared("mqp")
    (name,) = find("mqp").files
    publishers.plan = {url: data(miniature("mqp", name), ETag='"new"')}
    publishers.asked.clear()
    assert outcomes(night(root)[1]) == BUILT
    assert publishers.asked["GET", url] == 1
    publishers.asked.clear()
    plan, _ = night(root)
    assert not plan.changed
    assert publishers.asked["GET", url] == 0
