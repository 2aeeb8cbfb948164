"""What an answer means, what is remembered of it, and how politely addresses are asked."""

import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import polars as pl
import pytest

from schemas.links import VERDICTS, Address, Answer, Link
from tasks.base.store.root import Root
from tasks.build.fetch.ask import ask
from tasks.build.links import keep
from tasks.build.links.judge import judge
from tasks.build.links.keep import link_of, vouched
from tasks.build.links.pace import Pace, ask_all
from tasks.build.links.summary import counts, troubles, write_page
from tests.support.servers import Site, data, missing, quick, running_site, slow, status

URL = "https://a.example/x.zip"
ADDRESS = Address("tea", "x.zip", URL, size=10, stamps=frozenset({f'{URL} "1"'}))
FINE = Answer(URL, 200, type="application/zip", size=10, etag='"1"')

JUDGED = [
    (FINE, "alive", ""),
    (FINE._replace(etag='W/"1"'), "alive", ""),
    (FINE._replace(size=None), "alive", ""),
    (FINE._replace(etag=""), "alive", ""),
    (FINE._replace(final="https://b.example/x.zip"), "alive", "by way of https://b.example/x.zip"),
    (FINE._replace(final="https://b.example/x", permanent=True), "moved", "for good to https://b.example/x"),
    (FINE._replace(status=206, start=b"PK\x03\x04"), "alive", ""),
    (FINE._replace(size=11), "changed", "11 bytes, pinned are 10"),
    (FINE._replace(size=11, final="https://b.example/x", permanent=True), "changed", "11 bytes"),
    (FINE._replace(etag='"2"'), "changed", 'version "2", it was "1"'),
    (FINE._replace(status=206, start=b"Error"), "changed", "do not begin like a .zip file"),
    (FINE._replace(status=404), "gone", "answers 404"),
    (FINE._replace(status=410), "gone", "answers 410"),
    (FINE._replace(type="text/html; charset=utf-8", title="Home"), "login page", "a web page ('Home')"),
    (
        FINE._replace(type="text/html", final="https://login.a.example/"),
        "login page",
        "a login page at https://login.a.example/",
    ),
    (FINE._replace(type="text/html", title="Please sign in"), "login page", "a login page ('Please sign in')"),
    (FINE._replace(type="text/html", start=b"PK\x03\x04", status=206), "alive", ""),
    *((FINE._replace(status=code), "blocked", f"answers {code}") for code in (400, 401, 403, 429, 451)),
    *((FINE._replace(status=code), "unreachable", f"answers {code}") for code in (407, 408, 500, 503)),
    (Answer(URL, error="no answer in time"), "unreachable", "no answer in time"),
]


@pytest.mark.parametrize(("answer", "verdict", "detail"), JUDGED)
def test_the_verdict_of_an_answer(answer: Answer, verdict: str, detail: str) -> None:
    found, words = judge(ADDRESS, answer)
    assert found == verdict
    assert detail in words


def test_every_verdict_is_tried() -> None:
    assert {verdict for _, verdict, _ in JUDGED} | {"skipped"} == set(VERDICTS)


def test_what_people_have_to_ask_for_is_not_asked() -> None:
    assert judge(ADDRESS._replace(open=False), None)[0] == "skipped"


def test_what_is_not_pinned_cannot_change() -> None:
    assert judge(ADDRESS._replace(size=None, stamps=frozenset()), FINE._replace(size=11, etag='"2"'))[0] == "alive"


def test_a_page_is_no_surprise_where_one_is_due() -> None:
    address = ADDRESS._replace(file="x.html", size=None, stamps=frozenset())
    assert judge(address, FINE._replace(type="text/html"))[0] == "alive"


def spells(link: Link) -> list[tuple[str, str, str]]:
    return [(spell.verdict, spell.first, spell.last) for spell in link.history]


def test_the_history_keeps_every_change_and_its_days() -> None:
    gone = FINE._replace(status=404)
    link: Link | None = None
    for day, answer in (("2026-11-01", FINE), ("2026-11-02", FINE), ("2026-11-03", gone), ("2026-11-09", gone)):
        link = link_of(ADDRESS, answer, link, day)
    assert link is not None
    assert spells(link) == [("alive", "2026-11-01", "2026-11-02"), ("gone", "2026-11-03", "2026-11-09")]
    assert (link.verdict, link.since, link.last_alive, link.checked) == (
        "gone",
        "2026-11-03",
        "2026-11-02",
        "2026-11-09",
    )
    assert link.stamp == FINE.stamp


def test_a_version_is_believed_only_while_the_file_is_right() -> None:
    first = link_of(ADDRESS, FINE, None, "2026-11-01")
    changed = link_of(ADDRESS, FINE._replace(etag='"2"'), first, "2026-11-02")
    assert (changed.verdict, changed.stamp) == ("changed", FINE.stamp)
    same = vouched(changed, "2026-11-02")
    assert (same.verdict, same.stamp) == ("alive", f'{URL} "2"')
    assert spells(same) == [("alive", "2026-11-01", "2026-11-02")]


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Root:
    monkeypatch.setattr(keep, "registry", lambda: {"tea": _Declared()})
    return Root(str(tmp_path))


class _Declared:
    id = "tea"
    files = {"x.zip": URL, "y.zip": "https://a.example/y"}  # noqa: RUF012

    def urls(self, name: str) -> tuple[str, ...]:
        return (self.files[name],)


def test_links_are_kept_and_what_is_declared_no_more_is_dropped(root: Root) -> None:
    assert keep.known(root) == {}
    link = link_of(ADDRESS, FINE, None, "2026-11-01")
    other = link.model_copy(update={"url": "https://a.example/y"})
    keep.keep(root, [link, link.model_copy(update={"url": "https://old.example/"})])
    keep.keep(root, [other])
    assert keep.known(root) == {("tea", URL): link, ("tea", other.url): other}
    kept = pl.read_parquet(root.local(keep.PLACE))
    assert kept["verdict"].to_list() == ["alive", "alive"]


def test_the_page_shows_the_urgent_ones_first_and_escapes(root: Root) -> None:
    sound = link_of(ADDRESS, FINE, None, "2026-11-01")
    login = link_of(
        ADDRESS._replace(url="https://a.example/y"),
        FINE._replace(type="text/html", title="<script>"),
        None,
        "2026-11-01",
    )
    place = write_page([sound, login], root)
    page = root.read_bytes(place).decode()
    assert place == "links/2026-11-01/links.html"
    assert page.index("https://a.example/y") < page.index(URL)
    assert "<script>" not in page
    assert counts([sound, login]) == {"alive": 1, "login page": 1}
    assert troubles([sound, login]) == [login]


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with running_site() as site:
        yield site


def asked(site: Site, url: str, name: str = "x.zip") -> Answer:
    site.seen.clear()
    with httpx.Client(timeout=2) as client:
        return ask(client, url, name)


def test_one_head_is_enough_for_a_sound_address(site: Site) -> None:
    answer = asked(site, site.on("/x.zip", data(b"PK\x03\x04 rest", ETag='"1"')))
    assert (answer.status, answer.size, answer.etag, answer.start) == (200, 9, '"1"', b"")
    assert len(site.seen) == 1


@pytest.mark.parametrize("code", [403, 404, 405, 501])
def test_where_head_is_refused_the_first_bytes_are_asked_for(site: Site, code: int) -> None:
    first = data(b"PK\x03\x04 rest", ETag='"1"')
    answer = asked(site, site.on("/x.zip", status(code), first))
    assert (answer.status, answer.size, answer.start) == (200, 9, b"PK\x03\x04 rest")
    assert site.seen[1][1]["Range"] == "bytes=0-1023"


def test_a_part_tells_the_size_of_the_whole(site: Site) -> None:
    part = lambda visit: visit.reply(206, b"PK\x03\x04", Content_Range="bytes 0-3/5000")  # noqa: E731
    assert asked(site, site.on("/x.zip", status(405), part)).size == 5000


def test_redirects_for_good_are_told_from_others(site: Site) -> None:
    site.on("/there.zip", data(b"PK\x03\x04"))
    for code, permanent in ((301, True), (308, True), (302, False), (307, False)):
        answer = asked(site, site.on("/x.zip", status(code, Location="/there.zip")))
        assert (answer.final, answer.permanent) == (f"{site.url}/there.zip", permanent)


def test_the_title_of_a_page_is_read_and_a_confirmation_is_no_page(site: Site) -> None:
    page = b"<html><title>Sign\n in</title></html>"
    assert asked(site, site.on("/x.zip", data(page, Content_Type="text/html"))).title == "Sign in"
    form = b"<html><title>Virus?</title><form id='download-form' action='/y'><input name='id' value='1'></form></html>"
    answer = asked(site, site.on("/x.zip", data(form, Content_Type="text/html")))
    assert judge(ADDRESS, answer) == ("alive", "")


def test_a_loop_and_a_closed_port_are_errors(site: Site) -> None:
    assert "redirects" in asked(site, site.on("/x.zip", status(302, Location="/x.zip"))).error
    assert asked(site, "http://127.0.0.1:9/x.zip").error


def test_other_schemes_are_looked_up(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(b"PK")
    with httpx.Client() as client:
        assert ask(client, f"file://{tmp_path}/x.zip", "x.zip").size == 2
        assert ask(client, f"file://{tmp_path}/y.zip", "y.zip").status == 404
        assert ask(client, "nosuch://a.example/x.zip", "x.zip").error


def test_a_host_is_asked_one_at_a_time(site: Site) -> None:
    urls = {site.on(f"/{number}.zip", slow(b"PK\x03\x04")): f"{number}.zip" for number in range(8)}
    answers = list(ask_all(urls, quick(pause=0.0)))
    assert {answer.url for answer in answers} == set(urls)
    assert site.most == 1


def test_a_host_that_does_not_answer_twice_is_not_asked_again() -> None:
    urls = {f"http://127.0.0.1:9/{number}.zip": "x.zip" for number in range(4)}
    errors = [answer.error for answer in ask_all(urls, quick(pause=0.0))]
    assert [error.startswith("not asked") for error in errors] == [False, False, True, True]


def test_a_host_that_wants_to_be_left_alone_is_asked_once_more_when_it_says(site: Site) -> None:
    url = site.on("/x.zip", status(429, Retry_After="1"), data(b"PK\x03\x04"))
    started = time.monotonic()
    (answer,) = ask_all({url: "x.zip"}, quick(pause=0.0, wait_longest=0.3))
    assert answer.status == 200
    assert time.monotonic() - started >= 0.3


def test_between_two_requests_to_a_host_is_a_pause() -> None:
    pace = Pace(0.1)
    request = httpx.Request("HEAD", "http://a.example/")
    started = time.monotonic()
    for _ in range(3):
        pace(request)
    pace(httpx.Request("HEAD", "http://b.example/"))
    assert time.monotonic() - started >= 0.2


def test_nothing_there_is_gone_also_where_head_says_so(site: Site) -> None:
    assert judge(ADDRESS, asked(site, site.on("/x.zip", missing)))[0] == "gone"
