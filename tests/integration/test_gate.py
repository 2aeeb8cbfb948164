"""Each defect that is put into a build stops its publication, and the message names the rows."""

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from schemas.errors import GateRefused
from schemas.state import State
from tasks import assemble, counts, finish
from tasks.assemble import measure
from tasks.runs import Run, now
from tasks.storage import Root
from tasks.validate import gate, validate
from tests.gathering import gather
from tests.integration.conftest import DEMO

SOURCES = ("mqp", "bioinfer")


@pytest.fixture
def state(tmp_path) -> State:
    return gather(tmp_path / "root", DEMO, SOURCES)


def judge(state: State, docs: Path):
    """Measure and judge here, so that Great Expectations is imported once for all tests."""
    profiles = measure(state)
    return validate(profiles.records, profiles.samples, profiles.release, docs)


def tamper(state: State, task: str, split: str, change: Callable[[pl.DataFrame], pl.DataFrame]) -> list[str]:
    """Change the rendered samples behind the pipeline's back; returns the ids of the first rows."""
    rendered = next(each for built in state.sources for each in built.rendered if each.task == task)
    path = Path(rendered.uri) / f"{split}.parquet"
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
    assert "unbalanced" in str(refused.value)


def test_a_split_that_shrank_against_the_counts_stops_it(state, tmp_path, monkeypatch):
    real = counts.expected
    monkeypatch.setattr(
        assemble.counts, "expected", lambda *given: {**real(*given), "MQP": {"train": round(_rendered(state) / 0.7)}}
    )
    with pytest.raises(GateRefused, match="MQP/train") as refused:
        gate(judge(state, tmp_path / "docs"))
    assert "missing" in str(refused.value)


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
    latest = root.read_json(root.uri("releases", "latest.json"))
    ids = tamper(state, "MQP", "train", first("output", ""))
    for folder in Path(root.uri("samples", "MQP")).glob("*/profile.json"):
        folder.unlink()  # the tampered samples have the fingerprint of the sound ones
    bad = finish.finish(state, Run(run="2", name="bad", started=now(), profile="local"))
    assert bad.release is None
    assert ids[0] in str(bad.refusal)
    assert root.read_json(root.uri("releases", "latest.json")) == latest
