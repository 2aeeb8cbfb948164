"""A release never shrinks unnoticed: refused until accepted by name, and the diff tells the causes."""

import csv
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Self

import pytest

import tasks.build.drift.gate
import tasks.build.render.stage as rendering
from schemas.licence import Licence
from schemas.source import Source
from tasks.base.store.root import Root
from tasks.build.builds import runs
from tasks.build.builds.runs import Run
from tasks.build.catalogue.query import rows
from tasks.build.diff.compare import compare
from tasks.build.diff.record import last, side
from tasks.build.drift.accepted import accept, waiting
from tasks.build.fetch import lock, stamps
from tasks.build.garbage import collect as collecting
from tasks.build.garbage.collect import collect
from tasks.build.pipeline import finish
from tests.support.gathering import gather
from tests.support.places import DEMO

pytestmark = pytest.mark.slow

SOURCES = ("biosses", "mqp")
AT = datetime(2026, 11, 30, 6, tzinfo=UTC)


class Place:
    """A mirror that may change and the root that is built from it."""

    def __init__(self, folder: Path) -> None:
        self.mirror, self.root = folder / "mirror", Root(str(folder / "root"))
        for name in SOURCES:
            shutil.copytree(DEMO / name, self.mirror / name)
        shutil.copyfile(DEMO / "mirror.json", self.mirror / "mirror.json")

    def night(self, *sources: str) -> finish.Judged:
        """One build."""
        chosen = sources or SOURCES
        state = gather(Path(self.root.url), self.mirror, chosen)
        run = Run(run="r", name="night", started=datetime.now(UTC), profile="local", sources=chosen)
        return finish.finish(state, run)

    def version(self) -> str:
        """One build that is published."""
        judged = self.night()
        assert judged.refusal is None, judged.refusal
        assert judged.release is not None
        return judged.release.version

    def edit(self, change: Callable[[list[list[str]]], list[list[str]]]) -> None:
        """Change the rows of a file of the mirror."""
        path = self.mirror / "mqp" / "mqp.csv"
        with path.open(newline="", encoding="utf-8") as file:
            lines = list(csv.reader(file))
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(change(lines))

    def causes(self, before: str, after: str) -> dict[str, int]:
        """What a diff tells of MQP: kind and cause -> rows."""
        found = compare(side(self.root, before), side(self.root, after))
        assert {split.task for split in found.splits} <= {"MQP"}
        for split in found.splits:
            assert split.before + split.added - split.removed == split.after
        return {f"{each.kind}: {each.cause}": each.rows for split in found.splits for each in split.causes}


@pytest.fixture
def place(tmp_path, monkeypatch) -> Place:
    for module in (finish, tasks.build.drift.gate):  # so that Great Expectations is imported once
        monkeypatch.setattr(module, "in_own_process", lambda function, *given: function(*given))
    return Place(tmp_path)


def half(lines: list[list[str]]) -> list[list[str]]:
    return lines[: len(lines) // 2]


def test_a_source_that_lost_rows_is_refused_until_it_is_accepted(place: Place):
    first = place.version()
    place.edit(half)
    refused = place.night()
    message = str(refused.refusal)
    assert refused.release is None
    assert "`MQP/train` (drift, lost)" in message
    assert f"9 rows in {first}, 5 now: 44.4% are lost" in message
    assert 'medinst accept MQP:train --why "…"' in message
    assert place.root.read_json("releases/latest.json")["version"] == first
    assert place.causes("latest", "build") == {"removed: file mqp.csv changed": 4}

    accept(place.root, ["MQP:train"], "ada", AT, "withdrawn by the authors")
    second = place.version()
    assert second != first
    told = rows(place.root, "SELECT split, before, after, who, why FROM accepted WHERE measure = 'lost'").rows()
    assert told == [("train", 9.0, 5.0, "ada", "withdrawn by the authors")]
    warned = rows(place.root, "SELECT severity, found FROM verdicts WHERE suite = 'drift' AND measure = 'lost'").rows()
    assert [severity for severity, _ in warned] == ["warning"]
    assert "Accepted by ada on 2026-11-30: withdrawn by the authors" in warned[0][1]
    diff = last(place.root, second)
    assert diff is not None
    assert (diff.before, diff.removed) == (first, 4)
    page = Path(place.root.uri(f"diffs/{second}/{first}.html")).read_text()
    assert "withdrawn by the authors" in page

    assert place.version() == second, "with nothing changed there is nothing to accept, and no new release"
    place.edit(half)
    assert "2 now" in str(place.night().refusal), "what was accepted is not a free pass for more"


def test_growth_passes_and_is_told(place: Place):
    place.edit(half)
    first = place.version()
    shutil.copyfile(DEMO / "mqp" / "mqp.csv", place.mirror / "mqp" / "mqp.csv")
    judged = place.night()
    told = [verdict for verdict in judged.drift if not verdict.success and verdict.measure == "grown"]
    assert [(verdict.severity, verdict.found) for verdict in told] == [("info", f"5 rows in {first}, 9 now")]


def test_a_source_that_is_gone_is_accepted_by_its_id(place: Place):
    first = place.version()
    shutil.rmtree(place.mirror / "biosses")
    refused = place.night()
    assert "`BIOSSES` (drift, gone)" in str(refused.refusal)
    assert [finding.name for _, finding in waiting(place.root)] == ["BIOSSES"]
    accept(place.root, ["biosses"], "ada", AT, "comes back next week")
    second = place.version()
    assert place.version() == second
    diff = last(place.root, second)
    assert diff is None or diff.before == first
    found = compare(side(place.root, first), side(place.root, second))
    assert {split.task for split in found.splits} == {"BIOSSES"}
    assert all(cause.cause.startswith("withheld: ") for split in found.splits for cause in split.causes)


def test_a_part_of_the_tasks_is_compared_with_what_it_has(place: Place):
    place.version()
    judged = place.night("mqp")
    assert judged.refusal is None, "nobody asked for the others"
    place.edit(half)
    assert "MQP/train" in str(place.night("mqp").refusal)


def test_the_diff_tells_a_changed_instruction(place: Place, monkeypatch: pytest.MonkeyPatch):
    first, text = place.version(), rendering.instruction
    monkeypatch.setattr(rendering, "instruction", lambda task, *given: _polite(task.name, text(task, *given)))
    assert place.causes(first, place.version()) == {"changed: instruction changed": 9}


def test_the_diff_tells_a_changed_licence(place: Place, monkeypatch: pytest.MonkeyPatch):
    first, licences = place.version(), Source.licences
    monkeypatch.setattr(
        Source,
        "licences",
        lambda source, *given: (Licence.CC0_1_0,) if source.id == "mqp" else licences(source, *given),
    )
    assert place.causes(first, place.version()) == {"changed: licence changed": 9}


def test_the_diff_tells_a_new_reject(place: Place):
    place.version()
    place.edit(lambda lines: [*lines[:-1], [lines[-1][0], "", *lines[-1][2:]]])
    place.night()
    assert place.causes("latest", "build") == {"removed: rejected by deduplicate: empty text": 1}


def _polite(task: str, text: str) -> str:
    return f"Please. {text}" if task == "MQP" else text


DAYS = timedelta(days=400)


def test_a_clock_that_is_set_back_between_builds_changes_dates_alone(place: Place, monkeypatch: pytest.MonkeyPatch):
    """The release before, the files that are known, and what has changed follow from what is there, not from dates."""

    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:  # pyright: ignore[reportIncompatibleMethodOverride]
            return super().now(tz) - DAYS  # pyright: ignore[reportReturnType]

    time_ = stamps.time.time
    first = place.version()
    for module in (runs, lock, collecting):
        monkeypatch.setattr(module, "datetime", Clock)
    monkeypatch.setattr(stamps.time, "time", lambda: time_() - DAYS.total_seconds())
    assert runs.now() < datetime.now(UTC) - DAYS / 2
    assert place.version() == first, "of what is the same nothing is made anew"

    place.edit(half)
    assert f"9 rows in {first}, 5 now: 44.4% are lost" in str(place.night().refusal), "a file that changed is read"
    accept(place.root, ["MQP:train"], "ada", AT - 2 * DAYS, "withdrawn by the authors")
    second = place.version()
    diff = last(place.root, second)
    assert diff is not None
    assert (diff.before, diff.removed) == (first, 4)
    assert place.root.read_json("releases/latest.json")["version"] == second

    for found in collect(place.root, keep_days=0):
        assert not found.garbage, "what is from the future is new"
    monkeypatch.undo()
    assert place.night().release is not None, "when the clock is right again nothing is to be said"
    assert place.root.read_json("releases/latest.json")["version"] == second
