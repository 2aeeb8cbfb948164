"""Why a record is where it is: found by its names, placed in its file, told to the end of its way."""

import json
import re
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from flows.cli import app
from schemas import formats
from schemas.settings import Settings
from schemas.state import State
from tasks.base.store.root import Root
from tasks.build.builds.runs import Run, now
from tasks.build.builds.state import save_state
from tasks.build.pipeline.finish import finish
from tasks.build.unpack import Member
from tasks.tools.why.find import Key, find
from tasks.tools.why.place import locate
from tasks.tools.why.story import Story
from tasks.tools.why.tell import tell
from tests.support.gathering import gather
from tests.support.places import DEMO

SOURCES = ("evidence_inference", "mqp", "ncbi_disease")


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> State:
    return gather(tmp_path_factory.mktemp("root"), DEMO, SOURCES)


@pytest.fixture(scope="module")
def root(state: State) -> Root:
    save_state(state)
    return Root(state.order.root)


def told(name: str, state: State, root: Root) -> Story:
    (key,) = find(name, state, root)
    return tell(key, state, root, Settings())


def rejects(stage: str, root: Root) -> pl.DataFrame:
    return pl.concat([pl.read_parquet(path) for path in sorted(Path(root.uri("rejects", stage)).rglob("*.parquet"))])


# By its names


def test_a_record_has_several_names(state: State, root: Root) -> None:
    key = Key("ncbi_disease", "abstracts", "test", "90000221")
    names = (
        "90000221",
        "ncbi_disease/90000221",
        "ncbi_disease/abstracts/90000221",
        key.name,
        "NCBI-disease-NED/90000221",
    )
    assert [find(name, state, root) for name in names] == [[key]] * len(names)


def test_a_name_of_several_records_gives_all_of_them(state: State, root: Root) -> None:
    found = find("mqp/0", state, root)
    assert found == [Key("mqp", "main", "train", "0")]
    bare = [key.name for key in find("0", state, root)]
    assert bare == ["mqp/main/train/0", *(f"ncbi_disease/sentences/{split}/0" for split in ("train", "dev", "test"))]


def test_a_sample_leads_to_its_record(state: State, root: Root) -> None:
    (story,) = [told("MQP/0", state, root)]
    (sample,) = story.tasks[0].samples
    (key,) = find(sample.id, state, root)
    assert key == Key("mqp", "main", "train", "0", sample.id)
    assert told(sample.id, state, root).asked_for == sample.id


# To the end of its way


def test_the_story_of_a_record_that_is_kept(state: State, root: Root) -> None:
    story = told("mqp/0", state, root)
    assert (story.title, story.lost, story.place and story.place.member) == ("Medical Question Pairs", None, "mqp.csv")
    assert [(blob.name, blob.trust) for blob in story.files] == [("mqp.csv", "mirror")]
    (task,) = story.tasks
    assert (task.task, task.lost, task.samples[0].lost) == ("MQP", (), None)


def test_the_story_of_a_cleaned_record_tells_what_was_changed(state: State, root: Root) -> None:
    story = told("evidence_inference/99001", state, root)
    (entities,) = [each for each in story.cleaned if each.clean_up == "entities"]
    assert (entities.field, entities.places) == ("text", 2)
    assert "sleep &gt; 8&nbsp;h" in entities.before
    assert "sleep > 8&nbsp;h" in entities.after
    (sample,) = story.tasks[0].samples
    assert "sleep > 8 h" in sample.input
    assert told("mqp/0", state, root).cleaned == ()


def test_the_story_of_a_duplicate_names_its_twin(state: State, root: Root) -> None:
    row = rejects("deduplicate", root).filter(pl.col("task") == "MQP").row(0, named=True)
    (task,) = told(row["id"], state, root).tasks
    lost = task.samples[0].lost
    assert lost is not None
    twin = told(row["twin"], state, root)
    assert (lost.stage, lost.twin) == ("deduplicate", f"MQP/train/{twin.record_id}")
    assert row["record_id"] == told(row["id"], state, root).record_id != twin.record_id


def test_the_story_of_what_rendering_left_out(state: State, root: Root) -> None:
    row = rejects("render", root).filter(pl.col("source") == "ncbi_disease").row(0, named=True)
    assert row["record_id"] == row["id"]
    task = next(each for each in told(f"{row['task']}/{row['id']}", state, root).tasks if each.task == row["task"])
    assert task.samples == ()
    assert [lost.reason for lost in task.lost] == [row["reason"]]


@pytest.mark.parametrize(
    ("name", "split", "reason"),
    [
        ("evidence_inference/99004", "train", "no annotation"),
        ("evidence_inference/main/prompts_merged.csv#2", "train", "malformed row"),
        ("prompts_merged.csv#30", "", "in no list"),
    ],
)
def test_the_story_of_what_reading_left_out(name: str, split: str, reason: str, state: State, root: Root) -> None:
    story = told(name, state, root)
    assert story.lost is not None
    assert (story.split, story.lost.stage, story.lost.reason) == (split, "read", reason)
    assert all(task.samples == () for task in story.tasks)


def test_a_repeated_record_is_told_with_the_one_that_was_kept(state: State, root: Root) -> None:
    """Both have the id, so the name stands for one record of the split; its story says that it was kept."""
    assert told("ncbi_disease/abstracts/90000201", state, root).lost is None


@pytest.mark.heavy
def test_a_release_that_holds_the_sample_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tasks.build.pipeline.finish.in_own_process", lambda function, *given: function(*given))
    monkeypatch.setattr("tasks.build.pipeline.finish.validate", lambda *_: [])
    built = gather(tmp_path, DEMO, ("mqp",))
    judged = finish(built, Run(run="1", name="x", started=now(), profile="local"))
    assert judged.release is not None
    (task,) = told("mqp/0", built, Root(built.order.root)).tasks
    assert task.samples[0].release == judged.release.version
    twin = rejects("deduplicate", Root(built.order.root)).row(0, named=True)
    (other,) = told(twin["id"], built, Root(built.order.root)).tasks
    assert other.samples[0].release == ""


# In a terminal


def said(name: str, root: Root, *options: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["why", name, "--root", root.url, *options])
    return done.exit_code, done.stdout or done.stderr


def test_a_story_reads_well(root: Root) -> None:
    code, text = said("MQP/0", root)
    assert code == 0
    for words in ("Medical Question Pairs", "mqp.csv, line 1, bytes 0-", "sha256 ", "kept as a record", "task MQP"):
        assert words in text


def test_a_story_shows_what_was_cleaned(root: Root) -> None:
    _, text = said("evidence_inference/99001", root)
    assert "entities in `text`, 2 places" in text
    assert "cleaned" not in said("MQP/0", root)[1]


def test_an_ambiguous_name_lists_what_it_may_mean(root: Root) -> None:
    code, text = said("0", root)
    assert code == 1
    assert "ncbi_disease/sentences/dev/0" in text


def test_an_unknown_name_says_what_is_expected(root: Root) -> None:
    code, text = said("mqp/nobody", root)
    assert code == 1
    assert re.search(rf"no record `mqp/nobody`.*medinst show --root {root.url} SOURCE", text)


def test_programs_get_json(root: Root) -> None:
    code, one = said("mqp/0", root, "--json")
    assert (code, json.loads(one)["record_id"]) == (0, "0")
    code, several = said("0", root, "--json")
    assert (code, len(json.loads(several)["candidates"])) == (1, 4)


# In its file


def put(folder: Path, text: str, name: str = "f.txt") -> Member:
    path = folder / name
    path.write_bytes(text.encode())
    return Member(name, path)


@pytest.mark.parametrize(
    "written",
    [
        '{"id": "a7", "text": "Green \\u00e9tude, \\"tea\\"\\nis hot now"}',
        "<p>Green &#233;tude, &quot;tea&quot; <b>is</b>\n hot now</p>",
        '7,"Green étude, ""tea"" is hot\r\nnow"',
        'Green\tétude, "tea"  is\n hot now',
    ],
    ids=["JSON", "XML", "CSV", "other blanks"],
)
def test_a_text_is_found_however_it_is_written(written: str, tmp_path: Path) -> None:
    member = put(tmp_path, f"first line\n{written}\nthe last: green tea is not hot now\n")
    place = locate(
        formats.XmlRows(record="Text", row="x"), [member], "0", {"id": "0", "text": 'Green étude, "tea"\nis hot now'}
    )
    assert place is not None
    start = b"first line\n"
    assert place.lines[0] == 2
    assert len(start) <= place.bytes[0] <= place.bytes[1] <= len(start) + len(written.encode())


def test_of_places_alike_the_one_with_the_id_is_told(tmp_path: Path) -> None:
    rows = "".join(f'{{"id": {number}, "t": "tea is hot"}}\n' for number in (7, 8, 9))
    options = formats.JsonRows(record="Text", lines=True)
    place = locate(options, [put(tmp_path, rows)], "8", {"id": "8", "text": "tea is hot"})
    assert place is not None
    assert (place.lines, place.bytes) == ((2, 2), (rows.index('{"id": 8'), rows.index('\n{"id": 9')))


def test_a_line_that_the_reject_names_is_told(tmp_path: Path) -> None:
    place = locate(formats.PubTator(vocabulary="MeSH"), [put(tmp_path, "a\nbb\nccc\n")], "f.txt:2", None)
    assert place is not None
    assert (place.lines, place.bytes) == ((2, 2), (2, 4))


@pytest.mark.parametrize("text", ["", "nothing of the kind\n"])
def test_what_is_not_there_has_no_place(text: str, tmp_path: Path) -> None:
    record = {"id": "a99", "text": "tea is hot"}
    assert locate(formats.PubTator(vocabulary="MeSH"), [put(tmp_path, text)], "a99", record) is None
    assert locate(formats.PubTator(vocabulary="MeSH"), [put(tmp_path, text)], "f.txt:9", None) is None


def test_a_record_of_a_file_without_lines_has_no_place(tmp_path: Path) -> None:
    """Its words may stand among the bytes of a Parquet file, which no reader can look up."""
    (tmp_path / "a").write_bytes(b"PAR1 all the words of the record PAR1")
    member = Member("a.parquet", tmp_path / "a")
    record = {"id": "0", "text": "all the words of the record", "translation": "none"}
    assert locate(formats.ParquetRows(record="Translation"), [member], "0", record) is None
    assert locate(formats.JsonRows(record="Translation"), [member], "0", record) is not None
