"""The difference between two releases: made tables, each change with its cause."""

from collections.abc import Mapping, Sequence
from hashlib import sha256

import polars as pl
import pytest

from schemas.diff import Diff, SplitDiff
from schemas.manifest import File, ReleasedTask
from schemas.sample import REJECT_COLUMNS, SAMPLE_COLUMNS
from tasks.base.store.root import Root
from tasks.base.versions.find import Found
from tasks.build.diff.compare import compare
from tasks.build.diff.page import page
from tasks.build.diff.sides import Side, of_release
from tests.support.manifests import release

Row = dict[str, str]
TASK, SOURCE = "MQP", "mqp"  # declared: it reads one part, `main`
MADE_OF = {"file mqp.csv": "1", "read main: code": "1", "read main: cleaning": "1", "render: instruction": "1"}


def sample(record: str, output: str = "5", **columns: str) -> Row:
    text = columns.get("input", f"text of {record}")
    row = dict.fromkeys(SAMPLE_COLUMNS, "") | {"record_id": record, "input": text, "output": output, "licence": "mit"}
    mark = sha256(f"{record} {text} {output}".encode()).hexdigest()[:32]
    return row | {"id": mark, "instruction": "Rate.", "task": TASK, "source": SOURCE} | columns


def reject(stage: str, record: str, reason: str, **columns: str) -> Row:
    whole = dict.fromkeys(REJECT_COLUMNS, "") | {"source": SOURCE, "id": record, "record_id": record}
    place = {"part": "main"} if stage == "read" else {"task": TASK}
    return whole | place | {"stage": stage, "reason": reason} | columns


class Sides:
    """Makes releases in a root."""

    def __init__(self, root: Root) -> None:
        self.root = root

    def make(
        self, version: str, splits: Mapping[str, Sequence[Row]] | None, rejects: Sequence[Row] = (), **said: object
    ) -> Side:
        folder, files = f"releases/{version}", {}
        for name, rows in {**{f"data/{TASK}/{split}": rows for split, rows in (splits or {}).items()}}.items():
            files |= self._write(folder, f"{name}.parquet", pl.DataFrame(rows))
        files |= self._write(
            folder, "catalogue/rejects.parquet", pl.DataFrame(rejects, dict.fromkeys(REJECT_COLUMNS, pl.String))
        )
        made_of = said.pop("made_of", MADE_OF)
        rows = {split: len(found) for split, found in (splits or {}).items()}
        told = {"category": "STS", "source": SOURCE, "language": "en", "licence": "mit", "made_of": made_of}
        tasks = {TASK: ReleasedTask.model_validate(told | {"rows": rows})} if splits is not None else {}
        return of_release(Found(self.root, folder, release(version, tasks=tasks, files=files, **said), ""))

    def _write(self, folder: str, name: str, frame: pl.DataFrame) -> dict[str, File]:
        place = f"{folder}/{name}"
        with self.root.writing(place) as path:
            frame.write_parquet(path)
        data = self.root.read_bytes(place)
        return {name: File(bytes=len(data), sha256=sha256(data).hexdigest())}


@pytest.fixture(params=["local", "remote"])
def sides(request, tmp_path) -> Sides:
    """On this machine, in a folder whose name looks like a pattern, and in a store that fsspec reaches."""
    local = request.param == "local"
    return Sides(Root(str(tmp_path / "root? [1]*") if local else f"memory://{tmp_path.name}"))


def causes(split: SplitDiff) -> dict[str, int]:
    assert split.before + split.added - split.removed == split.after
    return {f"{each.kind}: {each.cause}": each.rows for each in split.causes}


def only(diff: Diff) -> SplitDiff:
    (split,) = diff.splits
    return split


def test_files_of_equal_bytes_are_not_opened(sides: Sides):
    before, after = (sides.make(name, {"train": [sample("1")]}) for name in ("r1", "r2"))
    sides.root.remove(f"releases/r2/data/{TASK}/train.parquet")
    found = compare(before, after)
    assert (found.splits, found.unchanged) == ((), 1)


def test_rows_come_and_go_with_what_the_task_is_made_of(sides: Sides):
    before = sides.make("r1", {"train": [sample("1"), sample("2"), sample("3")]})
    after = sides.make("r2", {"train": [sample("1"), sample("9")]}, made_of=MADE_OF | {"file mqp.csv": "2"})
    found = compare(before, after)
    assert causes(only(found)) == {"removed: file mqp.csv changed": 2, "added: file mqp.csv changed": 1}
    (added,) = [each for each in only(found).causes if each.kind == "added"]
    assert added.examples == (sample("9")["id"],)
    assert [(each.task, each.changes) for each in found.tasks] == [(TASK, ("file mqp.csv changed",))]


@pytest.mark.parametrize(
    ("ingredient", "words"),
    [
        ("read main: code", "code changed (read main)"),
        ("read main: cleaning", "cleaning changed (read main)"),
        ("file new.csv", "file new.csv is new"),
    ],
)
def test_a_text_that_changed_within_a_record_is_a_change(sides: Sides, ingredient: str, words: str):
    before = sides.make("r1", {"train": [sample("1", input="a &amp; b"), sample("2"), sample("3", "0")]})
    rows = [sample("1", input="a & b"), sample("2"), sample("3", "5")]
    after = sides.make("r2", {"train": rows}, made_of=MADE_OF | {ingredient: "2"})
    assert causes(only(compare(before, after))) == {f"changed: input: {words}": 1, f"changed: answer: {words}": 1}


def test_instruction_and_licence_are_compared_row_by_row(sides: Sides):
    before = sides.make("r1", {"train": [sample("1"), sample("2"), sample("3")]})
    rows = [sample("1", instruction="Score."), sample("2", licence="cc0"), sample("3", instruction="", licence="")]
    found = only(compare(before, sides.make("r2", {"train": rows})))
    assert causes(found) == {
        "changed: instruction changed": 1,
        "changed: licence changed": 1,
        "changed: instruction changed, licence changed": 1,
    }
    assert (found.added, found.removed, found.changed) == (0, 0, 3)


def test_rejects_of_both_sides_explain_their_records(sides: Sides):
    kept, lost = sample("3"), sample("4")
    before = sides.make("r1", {"train": [sample("1"), sample("2"), kept, lost]}, [reject("render", "7", "no entity")])
    rejects = [
        reject("read", "1", "span mismatch"),
        reject("deduplicate", "other", "test text", record_id="2"),
        reject("deduplicate", lost["id"], "duplicate", record_id="4"),
        reject("read", "4", "stray line"),  # a sample's own reject comes before those of its record
        reject("read", "3", "of another source", source="other"),
        reject("read", "3", "of another part", part="other"),
        reject("render", "3", "of another task", task="Other"),
    ]
    after = sides.make("r2", {"train": [sample("7")]}, rejects, made_of=MADE_OF | {"read main: code": "2"})
    assert causes(only(compare(before, after))) == {
        "removed: rejected by read: span mismatch": 1,
        "removed: rejected by deduplicate: test text": 1,
        "removed: rejected by deduplicate: duplicate": 1,
        "removed: code changed (read main)": 1,
        "added: no longer rejected by render: no entity": 1,
    }


def test_records_that_only_got_other_numbers_are_the_same_texts(sides: Sides):
    texts = [f"text {number}" for number in range(50)]
    before = sides.make("r1", {"train": [sample(str(number), input=text) for number, text in enumerate(texts)]})
    rows = [sample(str(number), input=text) for number, text in enumerate(texts[1:])]
    after = sides.make("r2", {"train": rows}, made_of=MADE_OF | {"file mqp.csv": "2"})
    assert causes(only(compare(before, after))) == {
        "changed: record has another number or id: file mqp.csv changed": 49,
        "removed: file mqp.csv changed": 1,
    }


def test_a_sample_that_moved_to_another_split_leaves_one_and_joins_the_other(sides: Sides):
    before = sides.make("r1", {"train": [sample("1"), sample("2")], "test": [sample("3")]})
    after = sides.make("r2", {"train": [sample("1")], "test": [sample("3"), sample("2")]})
    found = {each.split: causes(each) for each in compare(before, after).splits}
    assert found == {"train": {"removed: moved to test": 1}, "test": {"added: moved from train": 1}}


def test_what_is_withheld_says_so_with_the_reason(sides: Sides):
    before = sides.make("r1", {"train": [sample("1")], "test": [sample("2")]})
    gone = sides.make("r2", None, withheld={TASK: "`mqp.csv` is unreachable since 2026-11-29: 404"})
    assert [causes(each) for each in compare(before, gone).splits] == [
        {"removed: withheld: `mqp.csv` is unreachable since 2026-11-29: 404": 1}
    ] * 2
    back = compare(gone, before)
    assert {cause for each in back.splits for cause in causes(each)} == {
        "added: was withheld: `mqp.csv` is unreachable since 2026-11-29: 404"
    }
    part = sides.make("r3", {"train": [sample("1")]}, missing={TASK: {"test": "no such file"}})
    assert causes(only(compare(before, part))) == {"removed: withheld: no such file": 1}


def test_a_task_that_nobody_asked_for_is_left_out_and_one_without_a_source_is_not(sides: Sides):
    before = sides.make("r1", {"train": [sample("1")]})
    assert compare(before, sides.make("r2", None)).splits == ()
    dropped = sides.make("r3", None, undeclared=(TASK,))
    assert causes(only(compare(before, dropped))) == {"removed: no longer declared": 1}


def test_a_release_that_does_not_say_what_it_is_made_of_is_not_guessed_about(sides: Sides):
    before = sides.make("r1", {"train": [sample("1")]}, made_of={})
    (cause,) = only(compare(before, sides.make("r2", {"train": [sample("2")]}))).causes[:1]
    assert cause.cause == "unknown, because the older release does not say what it is made of"


def test_equal_sides_give_equal_bytes_and_the_page_escapes_what_it_shows(sides: Sides):
    before = sides.make("r1", {"train": [sample("1")]})
    after = sides.make("r2", None, withheld={TASK: "<script>alert(1)</script>"}, stale={SOURCE: "since 2026-11-29"})
    found = compare(before, after)
    assert found == compare(before, after)
    text = page(found).decode()
    assert page(found).decode() == text
    assert "<script>" not in text
    assert "&lt;script&gt;alert(1)" in text
    assert "since 2026-11-29" in text
