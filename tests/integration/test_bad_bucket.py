"""Builds into a bucket that goes away, or takes fewer requests than a build makes."""

from pathlib import Path

import pytest

from tasks.base.store.root import Root
from tasks.base.versions.find import releases
from tests.support.buckets import running_store
from tests.support.medinst import run_medinst, running_medinst, wait_until

BUILD = ("build", "mqp", "bc5cdr", "--mirror", "demo", "--profile", "research")


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_bucket_that_stays_away_is_one_sentence_and_the_next_build_resumes(prefect_server: dict[str, str]) -> None:
    with running_store("medinst-away") as store:
        environment = {**prefect_server, **store.environment, "MEDINST_AWAY": "1"}
        root = Root("s3://medinst-away/root")
        with running_medinst(environment, root.url, *BUILD) as (process, folder):
            wait_until(lambda: bool(root.names("records")), "the build has read a source", seconds=300)
            store.away()
            process.join(500)
            said = said_by(folder)
        store.back()
        assert process.exitcode == 1, said
        assert len(said) == 1, said
        assert said[0].startswith(f"Error: The bucket `medinst-away` of 127.0.0.1:{store.port} does not answer (")
        assert said[0].endswith("then run the same command again.")
        again = run_medinst(environment, root.url, *BUILD)
        assert again.returncode == 0, again.stdout + again.stderr
        assert not root.exists(".lock"), "the lock of the build that failed is taken over and released"


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_bucket_that_takes_fewer_requests_than_a_build_makes_gets_the_same_release(
    prefect_server: dict[str, str], tmp_path: Path
) -> None:
    with running_store("medinst-busy") as store:
        environment = {**prefect_server, **store.environment}
        busy, calm = Root("s3://medinst-busy/root"), Root(str(tmp_path))
        with store.throttled(burst=5, rate=40) as throttle:
            built = run_medinst(environment, busy.url, *BUILD)
            assert built.returncode == 0, built.stdout + built.stderr
            assert throttle.refused > throttle.taken / 10, f"refused {throttle.refused} of {throttle.taken}"
        assert run_medinst(environment, calm.url, *BUILD).returncode == 0
        assert release_of(busy) == release_of(calm)


def release_of(root: Root) -> dict[str, bytes]:
    """The latest release of a root, file by file."""
    latest = releases(root).latest
    assert latest
    files = root.fs.find(root.uri("releases", latest))
    return {path.partition(latest)[2]: root.fs.cat_file(path) for path in files}


def said_by(folder: Path) -> list[str]:
    """The lines that a command printed, on both of its streams."""
    return [line for name in ("out", "err") for line in (folder / name).read_text().splitlines() if line.strip()]
