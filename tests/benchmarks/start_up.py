"""What Prefect and Great Expectations cost before they do anything: reported on a line of their own."""

import tempfile
from pathlib import Path

from flows.quiet import quiet
from tests.benchmarks.measure import Meter, answer


def work(meter: Meter, _arguments: list[str]) -> None:
    """Start Prefect's server for an empty flow; import Great Expectations."""
    import os

    quiet()
    with tempfile.TemporaryDirectory(prefix="medinst-bench-") as folder:
        os.environ["PREFECT_HOME"] = str(Path(folder))
        with meter.measured("Prefect: import, server, an empty flow"):
            from prefect import flow

            flow(lambda: None, name="empty")()
    with meter.measured("Great Expectations: import"):
        import great_expectations  # noqa: F401


if __name__ == "__main__":
    answer(work)
