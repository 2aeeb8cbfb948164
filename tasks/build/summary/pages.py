"""The verdicts and the parity of a build as short pages in Markdown."""

from collections import Counter
from collections.abc import Sequence

from schemas.receipts import Verdict
from tasks.base.pages.template import render
from tasks.base.paper import parity
from tasks.build.builds.build import Build
from tasks.build.summary.examples import examples

CRITICAL, OTHERS, DIFFERENT = 12, 60, 170
"""How many verdicts and rows a page shows of each kind."""


def verdicts_page(build: Build, verdicts: Sequence[Verdict]) -> str:
    """What the expectations found: critical failures with rows to look at, then the others in one table."""
    failed = [verdict for verdict in verdicts if not verdict.success]
    critical = [verdict for verdict in failed if verdict.severity == "critical"]
    others = [verdict for verdict in failed if verdict.severity != "critical"]
    counts = Counter("met" if verdict.success else verdict.severity for verdict in verdicts)
    return render(
        __file__,
        "verdicts.md.j2",
        counts=[(name, counts[name]) for name in ("critical", "warning", "info", "met")],
        critical=[(verdict, examples(build, verdict)) for verdict in critical[:CRITICAL]],
        others=others[:OTHERS],
        more=max(0, len(critical) - CRITICAL) + max(0, len(others) - OTHERS),
    )


def parity_page(build: Build) -> str:
    """The build against Table 11 of the paper: how many tasks are equal, and each one that is not."""
    rows = parity.parity(build.counts, build.withheld, build.missing, build.derived)
    different = [row for row in rows if row.status not in ("equal", "not built")]
    order = {status: place for place, status in enumerate(("unexplained", "withheld", "explained"))}
    different.sort(key=lambda row: order[row.status])
    summary = parity.summary(rows)
    return render(
        __file__, "parity.md.j2", summary=summary, different=different[:DIFFERENT], original=build.is_original
    )


def refused_in_short(failures: Sequence[Verdict]) -> str:
    """Why the gate refused, in one line without anything out of the data."""
    subjects = list(dict.fromkeys(f"{verdict.subject} ({verdict.measure})" for verdict in failures))
    what = f"{len(failures)} critical expectation{'s' * (len(failures) != 1)} failed"
    more = f" and {len(subjects) - 5} more" if len(subjects) > 5 else ""
    return f"{what} in {', '.join(subjects[:5])}{more}; nothing was published"
