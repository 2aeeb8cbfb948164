"""A bucket that goes away during a build and stays away: one sentence, and the next build resumes."""

from pathlib import Path

import pytest

from tasks.base.store.root import Root
from tests.support.buckets import running_store
from tests.support.medinst import run_medinst, running_medinst, wait_until

BUILD = ("build", "mqp", "bc5cdr", "--mirror", "demo")


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


def said_by(folder: Path) -> list[str]:
    """The lines that a command printed, on both of its streams."""
    return [line for name in ("out", "err") for line in (folder / name).read_text().splitlines() if line.strip()]
