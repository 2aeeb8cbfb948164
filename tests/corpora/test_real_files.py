"""The declared sources on the real files, where those lie beside the checkout: counts, spot records, no silent loss."""

import csv
import json
from pathlib import Path

import polars as pl
import pytest

from schemas.records import Document, Entity, Event
from schemas.state import State
from schemas.task import Mentioning, Ner
from sources import registry
from tasks.base.paper import counts
from tasks.base.paper.held_out import held_out
from tasks.base.paper.parity import parity, summary
from tasks.base.store.root import Root
from tasks.build.builds.build import Build
from tasks.build.clean.documents import clean_document
from tasks.build.clean.rows import TEXTS
from tasks.build.clean.text import cleaned
from tasks.build.judge.measure import measure
from tasks.model.benchmark.place import find
from tasks.model.benchmark.write import write_benchmark
from tests.corpora import leak_pairs
from tests.support.gathering import gather
from tests.support.places import CHECKOUT
from tests.support.statements import check

MIRROR = CHECKOUT.parent / "shared" / "corpora"
pytestmark = pytest.mark.skipif(not MIRROR.is_dir(), reason=f"no real files at ../{MIRROR.parent.name}/{MIRROR.name}")
WITH_FILES = sorted(source for source in registry() if (MIRROR / source).is_dir())
NOT_READ = {"bio_id", "eu_adr"}
"""Sources whose file there is a damaged copy, or has annotations alone; the texts are had from elsewhere."""
SPOTS = json.loads((Path(__file__).parent / "spots.json").read_text(encoding="utf-8"))
"""For each part and split: number of records, and a hash of the first, the tenth and the last."""


@pytest.fixture(scope="module")
def state(tmp_path_factory) -> State:
    return gather(tmp_path_factory.mktemp("real"), MIRROR)


def test_every_row_of_the_paper_is_equal_or_explained(state):
    build = Build(state)
    rows = parity(build.counts, build.withheld, build.missing, build.derived)
    assert [row.task for row in rows if row.status == "unexplained"] == []
    assert summary(rows) == {"equal": 66, "explained": 48, "unexplained": 0, "withheld": 49, "not built": 0}


def test_what_has_files_is_built_and_the_rest_withheld(state):
    """Of a source with files some task has records; one without says which file is wanted."""
    assert len(WITH_FILES) == 70
    for built in state.sources:
        there = built.source in WITH_FILES and built.source not in NOT_READ
        assert any(batch.splits for batch in built.batches) == there, built.source
        assert there or all(batch.withheld for batch in built.batches), built.source


def test_the_counts_are_the_committed_ones(state):
    assert counts.differences(counts.expected([], original=True), Build(state).counts) == []


def test_all_of_them_were_counted_on_these_files(state):
    """So that they are held against what is read from them, and nothing else is."""
    assert Build(state).expected == counts.expected([], original=True)


def test_nothing_is_lost_silently(state):
    for profile in measure(Build(state)).samples:
        assert profile.unbalanced == 0, profile
    for built in state.sources:
        for stage in (*built.batches, *built.rendered, *built.kept):
            for split, tally in stage.splits.items():
                assert tally.read == tally.kept + tally.rejected, (stage, split)


def test_no_span_is_off(state):
    """After the declared corrections, the text at every span of every document is its mention."""
    for built in state.sources:
        for batch in built.batches:
            assert not any(batch.mismatches.values()), (batch.source, batch.part, batch.mismatches)


def test_what_is_cleaned_is_clean(state):
    """No text holds dirt that its source declares to be cleaned, except where that would split a mention."""
    for built in state.sources:
        clean_ups = registry()[built.source].clean
        for batch in built.batches if clean_ups else ():
            for split in batch.splits:
                place = Root(state.order.root).local(f"{batch.place}/{batch.part}-{split}.parquet")
                assert [found for row in pl.read_parquet(place).to_dicts() for found in dirt(row, clean_ups)] == []


def dirt(row, clean_ups) -> list[object]:
    """What clean-ups would still find in a record."""
    if "entities" in row:
        spans = (tuple((at["start"], at["end"]) for at in each["spans"]) for each in row["entities"])
        entities = tuple(Entity(str(number), "", found, "") for number, found in enumerate(spans))
        events = tuple(Event(each["id"], "", each["trigger"], each["start"], ()) for each in row["events"])
        return clean_document(Document(row["id"], row["text"], entities, (), events), clean_ups)[1]
    values = [row[name] for name in TEXTS if name in row and name != "tokens"]
    texts = (text for value in values for text in (value if isinstance(value, list) else [value]))
    return [found for text in texts for found in cleaned(text, clean_ups)[1]]


def test_every_declared_clean_up_is_needed(state):
    """What finds nothing in the files of a source need not be declared; of sources without files nothing is known."""
    for built in (built for built in state.sources if any(batch.splits for batch in built.batches)):
        done = {clean_up for batch in built.batches for found in batch.cleaned.values() for clean_up in found}
        assert done == set(registry()[built.source].clean), built.source


def test_the_benchmark_has_the_papers_sizes(state):
    """Of the 32 tests those whose files are complete here, each as large as the paper's."""
    made = find(Root(state.order.root), write_benchmark(state, "local").version)
    assert len(made.manifest.tasks) == 25
    assert {task: test.rows for task, test in made.manifest.tasks.items()} == {
        task: held_out()[task].size for task in made.manifest.tasks
    }
    assert {*made.manifest.tasks, *made.manifest.withheld} == set(held_out())


@pytest.mark.parametrize("source", WITH_FILES)
def test_what_is_said_of_answers_is_true(state, source):
    """Of every sample; split mentions and answers that there is nothing occur if and only if they are declared."""
    built = next(each for each in state.sources if each.source == source)
    root = Root(state.order.root)
    batches = {batch.part: batch for batch in built.batches}
    for task in registry()[source].tasks:
        there = [(batches[part], split) for part in task.reads for split in batches[part].splits]
        found = [
            check(task, pl.read_parquet(root.local(f"{batch.place}/{batch.part}-{split}.parquet")))
            for batch, split in there
        ]
        assert [fault for each in found for fault in each.faults] == []
        if any(batch.partial for batch, _ in there):
            continue  # a part need not have what the whole has
        if isinstance(task, Mentioning) and found:
            assert any(each.split for each in found) == task.discontinuous, task.name
        if isinstance(task, Ner) and task.answer == "brackets" and found:
            assert any(each.nothing for each in found) == (task.keep == "all"), task.name


@pytest.mark.parametrize("source", WITH_FILES)
def test_spot_records_are_as_they_were(state, source):
    built = next(each for each in state.sources if each.source == source)
    found = {
        f"{batch.part}/{split}": spots(Root(state.order.root).local(f"{batch.place}/{batch.part}-{split}.parquet"))
        for batch in built.batches
        for split in batch.splits
    }
    assert found == SPOTS[source], "if the change is right: python -m tests.corpora.test_real_files"


def spots(path: Path) -> list[object]:
    """The number of records, and the xxh3 hash of the JSON of the first, the tenth and the last."""
    from tasks.base.store.hashing import identifier

    records = pl.read_parquet(path)
    rows = [records[place].to_dicts()[0] for place in (0, 9, -1) if records.height > max(place, 0)]
    texts = pl.DataFrame({"text": [json.dumps(row, ensure_ascii=False, sort_keys=True) for row in rows]})
    return [records.height, *texts.select(identifier(pl.col("text"))).to_series().str.slice(0, 12)]


def test_the_gaps_are_needed(state):
    """A line of gaps.csv that explains nothing of this build is no longer needed."""
    with (CHECKOUT / "expectations" / "gaps.csv").open(encoding="utf-8", newline="") as file:
        lines = {(row["task"], row["split"], int(row["ours"])) for row in csv.DictReader(file)}
    found = Build(state).counts
    for task, split, ours in lines:
        assert found[task].get(split, 0) == ours, (task, split, ours)


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        built_state = gather(Path(folder), MIRROR)
        written = {
            built.source: {
                f"{batch.part}/{split}": spots(
                    Path(built_state.order.root, batch.place, f"{batch.part}-{split}.parquet")
                )
                for batch in built.batches
                for split in batch.splits
            }
            for built in built_state.sources
            if built.source in WITH_FILES
        }
    lines = ",\n".join(f" {json.dumps(name)}: {json.dumps(found)}" for name, found in sorted(written.items()))
    (Path(__file__).parent / "spots.json").write_text("{\n" + lines + "\n}\n", encoding="utf-8")


def test_the_precision_of_the_audit_is_the_documented_one(state):
    """Every labelled pair is still listed under its kind, and the table of docs/trust.md says how many are leaks."""
    pairs = leak_pairs.listed(state, Root(state.order.root))
    known = set(pairs.select("kind", "length", *leak_pairs.IDS).iter_rows())
    rows = leak_pairs.labelled()
    assert len(rows) == 300
    assert [row for row in rows if tuple(row[name] for name in ("kind", "length", *leak_pairs.IDS)) not in known] == []
    assert leak_pairs.table(rows, leak_pairs.strata(pairs)) in (CHECKOUT / "docs" / "trust.md").read_text("utf-8")
