"""A bad night: publishers' servers that fail. The rest is published, all say so, and the next good night heals it."""

import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

import tasks.build.fetch.source
from flows.commands.build import exit_code
from flows.rows import SourceRow, source_rows
from schemas.errors import FetchError
from schemas.manifest import ReleaseManifest
from schemas.settings import Settings
from schemas.source import Source
from schemas.state import State
from sources import find
from tasks.base.paper import counts
from tasks.base.store.root import Root
from tasks.base.versions import find as versions
from tasks.build.builds.runs import Run
from tasks.build.fetch import outages
from tasks.build.fetch.mirror import lent, open_mirror
from tasks.build.pipeline.finish import finish, load_verdicts
from tests.support.gathering import gather
from tests.support.places import DEMO
from tests.support.servers import Answer, Site, cut, data, missing, running_site, status

pytestmark = pytest.mark.slow

SOURCES = ("ask_a_patient", "biosses", "meqsum", "mqp", "scicite", "twadr_l")
PAGE = data(b"<html><title>Sign in</title>", Content_Type="text/html")


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with running_site() as site:
        yield site


@pytest.fixture(scope="module", autouse=True)
def publishers(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The declared addresses lead to the site, no lock pins them, and the counts are those of the miniatures."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Source, "urls", lambda source, file: (f"{site.url}/{source.id}/{file}",))
        patch.setattr(tasks.build.fetch.source, "committed_lock", lambda: {})
        patch.setattr(counts, "COMMITTED", DEMO / "counts.csv")
        for name, value in {"WAIT": "0.001", "WAIT_LONGEST": "0.01", "ATTEMPTS": "2"}.items():
            patch.setenv(f"MEDINST_{name}", value)
        yield


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "root"


class Night:
    """One build, with what became of each source and the release."""

    def __init__(self, site: Site, root: Path, **faults: Answer) -> None:
        for name in SOURCES:
            for file in find(name).files:
                site.on(f"/{name}/{file}", faults.get(name, data(_bytes(name, file))))
        self.state: State = gather(root, "origin", SOURCES, fresh=True)
        judged = finish(
            self.state, Run(run="r", name="night", started=datetime.now(UTC), profile="local", sources=SOURCES)
        )
        assert judged.refusal is None, judged.refusal
        assert judged.release is not None
        self.release = judged.release
        self.rows: dict[str, SourceRow] = {
            row.source: row for row in source_rows(self.state, load_verdicts(Root(str(root))))
        }
        self.outcomes = {name: row.outcome for name, row in self.rows.items()}
        found = versions.releases(Root(str(root))).find(judged.release.version)
        assert found is not None
        assert isinstance(found.manifest, ReleaseManifest)
        self.manifest = found.manifest
        self.card = (Path(judged.release.uri) / "README.md").read_text()

    @property
    def exit_code(self) -> int:
        return exit_code(self.state.order, [*self.rows.values()])


@cache
def _bytes(source: str, file: str) -> bytes:
    """A file of the miniatures, as its publisher would send it."""
    with (
        tempfile.TemporaryDirectory() as scratch,
        lent(open_mirror(str(DEMO), Settings()), source, file, Path(scratch), Settings()) as path,
    ):
        assert path is not None
        return path.read_bytes()


BUILT = dict.fromkeys(SOURCES, "built")


def test_a_bad_first_night_publishes_the_rest_and_the_next_one_heals_it(site: Site, root: Path) -> None:
    first = Night(site, root, mqp=missing, twadr_l=PAGE, meqsum=status(503))
    assert first.outcomes == BUILT | dict.fromkeys(("mqp", "twadr_l", "meqsum"), "unreachable")
    assert first.exit_code == 1
    assert first.release.partial
    assert first.manifest.partial
    assert {*first.manifest.withheld} == {"MQP", "TwADR-L-NED", "MeQSum"}
    assert "404" in first.manifest.withheld["MQP"]
    assert f"{site.url}/mqp/mqp.csv" in first.manifest.withheld["MQP"]
    assert "web page" in first.manifest.withheld["TwADR-L-NED"]
    assert "- **MQP**: `mqp.csv` is unreachable since " in first.card

    second = Night(site, root)
    assert second.outcomes == BUILT
    assert second.exit_code == 0 or any(row.reason for row in second.rows.values())
    assert not second.manifest.stale
    assert {"MQP", "TwADR-L-NED", "MeQSum"} <= {*second.manifest.tasks}
    assert Root(str(root)).names(outages.FOLDER) == []


def test_the_last_good_bytes_serve_on_a_bad_night(site: Site, root: Path) -> None:
    good = Night(site, root)
    cut_off = cut(_bytes("biosses", next(iter(find("biosses").files))), 100)
    bad = Night(
        site, root, mqp=missing, twadr_l=data(b"other,bytes\n"), meqsum=PAGE, scicite=status(500), biosses=cut_off
    )
    stale = {"mqp", "twadr_l", "meqsum", "scicite", "biosses"}
    assert bad.outcomes == BUILT | dict.fromkeys(stale, "stale")
    assert bad.exit_code == 1
    assert {*bad.manifest.stale} == stale
    assert "sha256" in bad.manifest.stale["twadr_l"], "a changed file is refused, and the message says how it changed"
    assert bad.manifest.tasks == good.manifest.tasks
    assert not bad.manifest.withheld
    assert "### Stale" in bad.card
    assert "### Stale" not in good.card

    healed = Night(site, root)
    assert healed.outcomes == BUILT
    assert healed.release.version == good.release.version
    assert not healed.manifest.stale


def test_an_outage_of_many_nights_keeps_its_first_day(site: Site, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outages, "today", lambda: "2026-11-01")
    first = Night(site, root, mqp=missing)
    monkeypatch.setattr(outages, "today", lambda: "2026-11-02")
    second = Night(site, root, mqp=missing)
    assert "since 2026-11-01" in second.rows["mqp"].reason
    assert second.release.version == first.release.version


def test_a_strict_build_refuses(site: Site, root: Path) -> None:
    for name in SOURCES:
        site.on(f"/{name}/{next(iter(find(name).files))}", missing)
    with pytest.raises(FetchError, match="404"):
        gather(root, "origin", ["mqp"], strict=True)
