"""What a build says of itself: changes, news, and verdicts with rows, but no restricted text."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from schemas.receipts import Blob, Fetched, Kept, Order, Outage, Rendered, Tally, Verdict
from schemas.state import Built, State
from sources import find
from tasks.build.builds.build import Build
from tasks.build.builds.runs import Run
from tasks.build.summary.changes import Change, changes
from tasks.build.summary.examples import LENGTH, Example, examples
from tasks.build.summary.news import news
from tasks.build.summary.pages import refused_in_short, verdicts_page

OPEN, CLOSED = ("bc5cdr", "BC5CDR"), ("mqp", "MQP")
SECRET = "a text that nobody may show around"
OUTAGE = Outage(since="2026-11-30", error="404")


def built(source: str = "mqp", task: str = "MQP", rows: int = 10, sha: str = "a", **changes: object) -> Built:
    tally = {"train": Tally(read=rows, kept=rows, rejected=0)}
    facts = {"task": task, "source": source, "fingerprint": "f", "place": f"samples/{task}/f", "splits": tally}
    blob = Blob(name="mqp.csv", url="https://example.org/x", sha256=sha * 64, bytes=1, place="blobs/x")
    parts = {
        "fetched": Fetched(source=source, blobs=(blob,)),
        "rendered": (Rendered.model_validate(facts),),
        "kept": (Kept.model_validate(facts),),
    }
    return Built.model_validate({"source": source, **parts, **changes})


def stale() -> Built:
    return built(fetched=built().fetched.model_copy(update={"outages": {"mqp.csv": OUTAGE}}))  # pyright: ignore


def state(*sources: Built, root: str = "data") -> State:
    return State(order=Order(root=root), sources=sources)


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (built(), built(), ""),
        (built(), stale(), "built → stale"),
        (stale(), built(), "stale → built"),
        (built(rows=10), built(rows=12), "+2 samples"),
        (built(rows=12), built(rows=10, sha="b"), "1 file, -2 samples"),
        (built(), Built(source="mqp", failed="read: broken"), "built → failed, 1 file, -10 samples"),
    ],
)
def test_a_change_is_told_in_words(before: Built, after: Built, words: str) -> None:
    assert changes(state(before), state(after))["mqp"].words == words


def test_a_source_that_the_last_build_did_not_have_is_new() -> None:
    assert changes(None, state(built()))["mqp"].words == "new"
    assert changes(state(built(*OPEN)), state(built()))["mqp"].words == "new"


def run(state: str, day: int) -> Run:
    started = datetime(2026, 11, 1, tzinfo=UTC) + timedelta(days=day)
    return Run(run=str(day), name="", started=started, profile="local", state=state)


def test_the_first_good_build_after_bad_ones_is_news() -> None:
    past = [run("completed", 0), run("failed", 1), run("cancelled", 2), run("crashed", 3)]
    (told,) = news([], past, "v2")
    assert told.kind == "recovered"
    assert told.text == "Published v2, after 2 runs that did not (failed on 2026-11-02)."
    assert news([], [*past, run("completed", 4), run("cancelled", 5)], "v3") == []
    assert news([], [], "v1") == []
    assert news([], past, None) == [], "a refused build has not recovered"


def test_outages_are_told_when_they_begin_and_end_and_not_in_between() -> None:
    begun, over = Change("a", "built", "stale", 0, {}), Change("b", "unreachable", "built", 1, {})
    told = news([begun, over, Change("c", "stale", "stale", 0, {})], [], "v")
    assert [(each.kind, each.text) for each in told] == [
        ("unavailable", "Sources that need a look: a (stale)."),
        ("available", "Available again: b."),
    ]
    assert [each.kind for each in news([begun], [], None)] == ["unavailable"], "also when the gate refused"


def test_a_change_of_counts_is_told_with_the_splits_and_not_endlessly() -> None:
    rows = {(f"T{number:02}", "train"): -number for number in range(1, 21)}
    (told,) = news([Change("a", "built", "built", 0, rows)], [], "v")  # pyright: ignore[reportArgumentType]
    assert told.kind == "drift"
    assert told.text.startswith("Samples changed in 20 splits: T01/train -1, T02/train -2, ")
    assert told.text.endswith("T12/train -12 and 8 more.")


def verdict(source: str, task: str, *ids: str, **changes: object) -> Verdict:
    facts = {"suite": "samples", "subject": f"{task}/train", "measure": "empty_outputs", "severity": "critical"}
    said = {"expectation": "no answer is empty", "found": "1 is", "command": f"medinst why {ids[0] if ids else ''}"}
    return Verdict.model_validate(
        {"task": task, "source": source, "success": False, "examples": ids, **facts, **said, **changes}
    )


@pytest.fixture
def build(tmp_path: Path) -> Build:
    sources = [built(*OPEN), built(*CLOSED)]
    for source, task in (OPEN, CLOSED):
        folder = tmp_path / f"samples/{task}/f"
        folder.mkdir(parents=True)
        text = SECRET if task == "MQP" else "a | text\nin <b>two</b> lines " + "x" * 2 * LENGTH
        pl.DataFrame({"id": ["1", "2"], "input": [text, "-"], "output": ["", "?"]}).write_parquet(
            folder / "train.parquet"
        )
        assert source in {each.source for each in sources}
    return Build(state(*sources, root=str(tmp_path)))


def test_rows_are_shown_only_where_the_licence_lets_them_be() -> None:
    open_, closed = (find(source) for source, _ in (OPEN, CLOSED))
    assert "BC5CDR" not in open_.refused("open")
    assert "MQP" in closed.refused("open")


def test_rows_that_a_verdict_names_are_shown_shortened(build: Build) -> None:
    first, second = examples(build, verdict(*OPEN, "2", "1"))
    assert first == Example("2", "-", "?")
    assert len(second.input) == LENGTH
    assert examples(build, verdict(*OPEN, "gone")) == [Example("gone")]


def test_of_restricted_rows_only_the_ids_are_shown(build: Build) -> None:
    assert examples(build, verdict(*CLOSED, "1")) == [Example("1")]
    page = verdicts_page(build, [verdict(*CLOSED, "1"), verdict(*OPEN, "1")])
    assert SECRET not in page
    assert "| `1` | not shown |" in page
    assert r"a \| text in &lt;b&gt;two&lt;/b&gt; lines" in page


def test_records_are_named_and_not_shown(build: Build) -> None:
    assert examples(build, verdict(*OPEN, "1", suite="records", subject="bc5cdr/main/train")) == [Example("1")]


def test_the_page_counts_what_was_found(build: Build) -> None:
    warned = verdict(*OPEN, severity="warning")
    page = verdicts_page(build, [verdict(*OPEN, "1"), warned, verdict(*OPEN, success=True)])
    assert page.startswith("**1** critical · **1** warning · **0** info · **1** met\n")
    assert "| warning | `BC5CDR/train` |" in page


def test_a_refusal_in_short_names_subjects_only() -> None:
    failures = [verdict("mqp", f"T{number}", SECRET, found=SECRET) for number in range(7)]
    said = refused_in_short(failures)
    named = ", ".join(f"T{number}/train (empty_outputs)" for number in range(5))
    assert said == f"7 critical expectations failed in {named} and 2 more; nothing was published"
