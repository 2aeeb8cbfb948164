"""Each defect that is put into a build stops its publication, and the message names the rows."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import polars as pl
import pytest

from schemas.errors import GateRefused, LedgerError
from schemas.state import State
from tasks.base.paper import counted_on, counts
from tasks.base.store.root import Root
from tasks.build.audit import UNCLEAN
from tasks.build.builds.build import Build
from tasks.build.builds.runs import Run, now
from tasks.build.judge.measure import measure
from tasks.build.judge.validate import gate, validate
from tasks.build.pipeline import finish
from tests.support.gathering import gather
from tests.support.places import DEMO

SOURCES = ("mqp", "bioinfer")


@pytest.fixture
def state(tmp_path) -> State:
    return gather(tmp_path / "root", DEMO, SOURCES)


def judge(state: State, docs: Path):
    """Measure and judge here, so that Great Expectations is imported once for all tests."""
    profiles = measure(Build(state))
    return validate(profiles.records, profiles.samples, profiles.release, docs)


def tamper(state: State, task: str, split: str, change: Callable[[pl.DataFrame], pl.DataFrame]) -> list[str]:
    """Change the rendered samples behind the pipeline's back; returns the ids of the first rows."""
    rendered = next(each for built in state.sources for each in built.rendered if each.task == task)
    path = Path(state.order.root, rendered.place, f"{split}.parquet")
    changed = change(pl.read_parquet(path))
    changed.write_parquet(path)
    return changed["id"].to_list()


def first(column: str, value: str) -> Callable[[pl.DataFrame], pl.DataFrame]:
    """Set a value in the first row."""
    here = pl.int_range(pl.len()) == 0
    return lambda rows: rows.with_columns(
        pl.when(here).then(pl.lit(value)).otherwise(pl.col(column).cast(pl.String)).alias(column)
    )


def test_a_sound_build_passes(state, tmp_path):
    gate(judge(state, tmp_path / "docs"))


@pytest.mark.parametrize(
    ("task", "split", "change", "measure_"),
    [
        ("MQP", "train", first("output", ""), "empty_outputs"),
        ("MQP", "train", first("output", "about five"), "unparsable"),
        ("BioInfer", "train", first("output", "[alpha <gene], [beta"), "unparsable"),
        ("BioInfer", "train", first("output", "[alpha <colour>]"), "undeclared_labels"),
        ("MQP", "train", first("input", " \n"), "empty_inputs"),
        ("MQP", "train", first("licence", ""), "missing_licences"),
    ],
    ids=["empty answer", "no answer", "no answer of entities", "unknown label", "empty input", "no licence"],
)
def test_a_bad_row_stops_the_release(task, split, change, measure_, state, tmp_path):
    ids = tamper(state, task, split, change)
    with pytest.raises(GateRefused) as refused:
        gate(judge(state, tmp_path / "docs"))
    message = str(refused.value)
    assert f"{task}/{split}" in message
    assert measure_ in message
    assert ids[0] in message
    assert "medinst" in message


def test_an_id_that_two_tasks_share_stops_it(state, tmp_path):
    ids = tamper(state, "MQP", "train", lambda rows: rows)
    tamper(state, "BioInfer", "test", first("id", ids[0]))
    with pytest.raises(GateRefused, match="duplicate_ids") as refused:
        gate(judge(state, tmp_path / "docs"))
    assert ids[0] in str(refused.value)


def test_lost_rows_stop_it(state, tmp_path):
    tamper(state, "MQP", "train", lambda rows: rows.head(int(rows.height * 0.7)))
    with pytest.raises(GateRefused, match="MQP/train") as refused:
        gate(judge(state, tmp_path / "docs"))
    assert "lost_candidates" in str(refused.value)


def test_a_split_that_shrank_against_the_counts_stops_it(state, tmp_path, monkeypatch):
    real = counts.expected
    monkeypatch.setattr(
        counts, "expected", lambda *given: {**real(*given), "MQP": {"train": round(_rendered(state) / 0.7)}}
    )
    with pytest.raises(GateRefused, match="MQP/train") as refused:
        gate(judge(state, tmp_path / "docs"))
    assert "missing" in str(refused.value)


@pytest.fixture
def half_counted(state, tmp_path, monkeypatch) -> Callable[[str], State]:
    """The build as if its files were the publishers', of which twice as many samples are expected on some bytes."""

    def make(sha256: str) -> State:
        (tmp_path / "counts.csv").write_text(f"task,split,rows\nMQP,train,{2 * _rendered(state)}\n")
        (tmp_path / "counted_on.csv").write_text(f"task,file,sha256\nMQP,mqp.csv,{sha256 or _mqp(state)}\n")
        monkeypatch.setattr(counts, "COMMITTED", tmp_path / "counts.csv")
        monkeypatch.setattr(counted_on, "COMMITTED", tmp_path / "counted_on.csv")
        sources = tuple(
            built.model_copy(
                update={
                    name: tuple(each.model_copy(update={"original": True}) for each in getattr(built, name))
                    for name in ("batches", "rendered")
                }
            )
            for built in state.sources
        )
        return state.model_copy(update={"sources": sources})

    return make


def test_counts_of_these_files_are_held_against_them(half_counted, tmp_path):
    with pytest.raises(GateRefused, match="MQP/train") as refused:
        gate(judge(half_counted(""), tmp_path / "docs"))
    assert "50.0% are lost" in str(refused.value)


def test_counts_of_other_files_refuse_nothing_and_the_samples_are_new(half_counted, tmp_path):
    verdicts = judge(half_counted("0" * 64), tmp_path / "docs")
    gate(verdicts)
    (new,) = [each for each in verdicts if each.subject == "MQP/train" and not each.success]
    assert (new.measure, new.severity) == ("uncounted", "info")
    assert "new: no count of these files is known" in new.found
    assert new.command == "medinst check --update"


def _mqp(state: State) -> str:
    return next(iter(Build(state).read_from["MQP"].values()))


def _rendered(state: State) -> int:
    return next(each.splits["train"].kept for built in state.sources for each in built.rendered if each.task == "MQP")


def test_spans_that_do_not_match_stop_it(tmp_path):
    mirror = tmp_path / "mirror"
    (mirror / "bioinfer").mkdir(parents=True)
    (mirror / "mirror.json").write_text((DEMO / "mirror.json").read_text())
    for name in ("BioInfer-train.xml", "BioInfer-test.xml"):
        text = (DEMO / "bioinfer" / name).read_bytes()
        (mirror / "bioinfer" / name).write_bytes(text.replace(b'charOffset="', b'charOffset="1', 40))
    with pytest.raises(GateRefused, match="bioinfer/main/train") as refused:
        gate(judge(gather(tmp_path / "root", mirror, ["bioinfer"]), tmp_path / "docs"))
    assert "mismatch" in str(refused.value)


def test_a_leak_that_is_not_listed_stops_it(tmp_path):
    state = gather(tmp_path / "root", DEMO, ["bc5cdr", "biored"])
    assert state.audit is not None
    path = Path(state.order.root, state.audit.place, UNCLEAN)
    listed = pl.read_parquet(path)
    assert listed.height
    listed.slice(1).write_parquet(path)
    with pytest.raises(GateRefused, match="leaks_in_clean") as refused:
        gate(judge(state, tmp_path / "docs"))
    assert f"medinst why {listed['id'][0]}" in str(refused.value)


def test_samples_that_the_audit_has_not_seen_stop_it(state, tmp_path):
    sources = tuple(built.model_copy(update={"indexed": ()}) for built in state.sources)
    with pytest.raises(GateRefused, match="unaudited"):
        gate(judge(state.model_copy(update={"sources": sources}), tmp_path / "docs"))
    with pytest.raises(GateRefused, match="unaudited"):
        gate(judge(state.model_copy(update={"audit": None}), tmp_path / "docs"))


def test_a_task_neither_built_nor_withheld_stops_it(state, tmp_path):
    broken = [built.model_copy(update={"rendered": (), "kept": ()}) for built in state.sources]
    with pytest.raises(GateRefused, match="unaccounted") as refused:
        gate(judge(state.model_copy(update={"sources": tuple(broken)}), tmp_path / "docs"))
    assert "MQP" in str(refused.value)


def test_a_refused_build_leaves_the_last_release_and_tells_in_the_catalogue(state, tmp_path, monkeypatch):
    monkeypatch.setattr(finish, "in_own_process", lambda function, *given: function(*given))
    root = Root(state.order.root)
    good = finish.finish(state, Run(run="1", name="good", started=now(), profile="local"))
    assert good.release is not None
    latest = root.read_json("releases/latest.json")
    ids = tamper(state, "MQP", "train", first("output", ""))
    bad = finish.finish(state, Run(run="2", name="bad", started=now(), profile="local"))
    assert bad.release is None
    assert ids[0] in str(bad.refusal)
    assert root.read_json("releases/latest.json") == latest


LEDGER = {
    "a record": ("records/ncbi_disease", "abstracts-train.parquet", "ncbi_disease/abstracts/train", "unbalanced"),
    "a record on its way to samples": (
        "records/ncbi_disease",
        "sentences-dev.parquet",
        "NCBI-disease/dev",
        "lost_records",
    ),
    "a reject of read": ("rejects/read/ncbi_disease", "", "ncbi_disease/abstracts/train", "unbalanced"),
    "a reject without a split": (
        "rejects/read/evidence_inference",
        "",
        "evidence_inference/main/in no list",
        "unbalanced",
    ),
    "a sample": ("samples/NCBI-disease-NED", "test.parquet", "NCBI-disease-NED/test", "lost_candidates"),
    "a reject of render": ("rejects/render/BioInfer-RE", "", "BioInfer-RE/test", "lost_candidates"),
    "a reject of deduplicate": ("rejects/deduplicate/BioInfer", "", "BioInfer/train", "unbalanced"),
    "what is dropped": ("samples/NCBI-disease", "dropped.parquet", "NCBI-disease/train", "unbalanced"),
}
"""What is taken out of a file: the folder of the file and how its name ends, and what is found."""


@pytest.fixture(scope="module")
def ledger(tmp_path_factory) -> State:
    return gather(tmp_path_factory.mktemp("ledger"), DEMO, ("bioinfer", "evidence_inference", "ncbi_disease"))


@contextmanager
def without_a_row(state: State, lost: str) -> Iterator[None]:
    """Take the last row out of a file, for a while."""
    folder, end, _, _ = LEDGER[lost]
    files = sorted(Path(state.order.root, folder).rglob(f"*{end}"))
    (path,) = [path for path in files if path.suffix == ".parquet" and not pl.read_parquet(path).is_empty()]
    whole = path.read_bytes()
    pl.read_parquet(path)[:-1].write_parquet(path)
    try:
        yield
    finally:
        path.write_bytes(whole)


def losses(state: State) -> set[tuple[str, str]]:
    """The subjects whose sums do not hold, with the measure that says so."""
    profiles = measure(Build(state))
    read = {
        (f"{one.source}/{one.part}/{one.split or 'in no list'}", "unbalanced")
        for one in profiles.records
        if one.read != one.kept + one.rejected
    }
    return read | {
        (f"{one.task}/{one.split}", name)
        for one in profiles.samples
        for name in ("lost_records", "lost_candidates", "unbalanced")
        if getattr(one, name)
    }


@pytest.mark.parametrize("lost", LEDGER)
def test_what_leaves_without_a_trace_is_missed_where_it_left(lost, ledger):
    """Also after everything was measured: what was measured of a file holds as long as the file stays as it is."""
    assert losses(ledger) == set()
    with without_a_row(ledger, lost):
        assert LEDGER[lost][2:] in losses(ledger)
    assert losses(ledger) == set()


def test_each_loss_stops_the_release(ledger, tmp_path):
    with ExitStack() as lost:
        for name in LEDGER:
            lost.enter_context(without_a_row(ledger, name))
        verdicts = judge(ledger, tmp_path / "docs")
    with pytest.raises(GateRefused, match="without a trace") as refused:
        gate(verdicts)
    assert {row[2:] for row in LEDGER.values()} <= {(one.subject, one.measure) for one in verdicts if not one.success}
    places = re.findall(r"remove (\S+) from the root, then: medinst build", str(refused.value))
    tasks = ("BioInfer", "BioInfer-RE", "NCBI-disease", "NCBI-disease-NED")
    assert {place.rpartition("/")[0] for place in places} == {
        *(f"records/{source}" for source in ("evidence_inference", "ncbi_disease")),
        *(f"samples/{task}" for task in tasks),
    }
    assert all(Path(ledger.order.root, place, "_done.json").exists() for place in places)


def test_a_damaged_file_is_named_with_what_to_remove(ledger):
    (path,) = Path(ledger.order.root, "samples/NCBI-disease-NED").rglob("test.parquet")
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    try:
        with pytest.raises(LedgerError, match=r"samples/NCBI-disease-NED/\w+/test\.parquet.*Remove `samples/") as error:
            measure(Build(ledger))
    finally:
        path.write_bytes(whole)
    (place,) = re.findall(r"Remove `(\S+)`", str(error.value))
    assert Path(ledger.order.root, place, "_done.json").exists()
