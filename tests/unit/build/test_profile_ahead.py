"""The measures of a large split are the same in one file or several, measured at the end or by steps ahead of it."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from schemas.profile import EXAMPLES
from schemas.receipts import Kept, Rendered, Tally
from schemas.records import Reject
from schemas.task import Ner
from tasks.base.store.rejects import as_frame, rejects_place, write_rejects
from tasks.base.store.root import Root
from tasks.build.deduplicate.published import write_decisions
from tasks.build.judge import samples
from tasks.build.judge.samples import PERSONAL, large, measure, measure_piece, profile_folder

NER = Ner(name="T", types={"X": "thing", "V": "vessel"})
ANSWERS = ("[tea <thing>]", "[mug <vessel>], [tea <thing>]", "tea", "", "[tea <drink>]", "[tea <thing>", "none")
TEXTS = ("tea", "tea of jo.doe@example.org", "", "call (202) 456-1111", "🐌 and tea")
SIZE = 96

Measures = dict[str, dict[str, Any]]

draw = random.Random(7)
ROWS = pl.DataFrame(
    [
        {
            "id": f"{number:02}",
            "record_id": f"r{number // 2}",
            "input": draw.choice(TEXTS) * draw.randint(1, 3),
            "output": draw.choice(ANSWERS),
            "licence": draw.choice(("mit", "", None)),
        }
        for number in draw.sample(range(SIZE), SIZE)
    ]
).sort("record_id")


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(samples, "instruction", lambda task: "Find each thing.")
    monkeypatch.setattr(samples, "FEW", 20)


def state(root: Root, files: int) -> tuple[Rendered, Kept]:
    """A large training split in so many files, some of it left out and answered anew, and a small test split."""
    rendered = Rendered(
        task="T",
        source="tea",
        fingerprint="m",
        place="samples/T/m",
        splits={
            "train": Tally(read=SIZE, kept=SIZE, rejected=0),
            "test": Tally(read=9, kept=9, rejected=0),
        },
        pieces={"train": files} if files > 1 else {},
    )
    length = SIZE // files
    for split, rows in (("train", ROWS), ("test", ROWS.head(9))):
        for number, place in enumerate(rendered.files(split)):
            with root.writing(place) as path:
                (rows.slice(number * length, length) if split == "train" else rows).write_parquet(path)
    dropped = pl.DataFrame({"id": ["03", "41", "77"], "split": "train", "twin": "", "reason": "duplicate"})
    amended = pl.DataFrame({"id": ["10", "77"], "split": "train", "output": "[tea <drink>]"})
    write_decisions("samples/T/k", root, dropped=dropped, amended=amended)
    lost = [Reject(record, "no answer", str(unit)) for unit, record in enumerate(("r4", "r4", "r90"))]
    write_rejects(root, rejects_place("render", "T", "m"), [as_frame(lost, stage="render", split="train")])
    kept = {"train": Tally(read=SIZE, kept=SIZE - 3, rejected=3), "test": Tally(read=9, kept=9, rejected=0)}
    return rendered, Kept(task="T", source="tea", fingerprint="k", place="samples/T/k", splits=kept)


def persons(root: Root, kept: Kept) -> bytes:
    return root.read_bytes(f"{profile_folder(NER, kept)}/{PERSONAL}")


@pytest.fixture
def whole(tmp_path: Path) -> tuple[Measures, bytes]:
    root = Root(str(tmp_path / "whole"))
    rendered, kept = state(root, 1)
    return measure(NER, rendered, kept, root), persons(root, kept)


def test_the_samples_have_all_kinds_of_faults(whole: tuple[Measures, bytes]) -> None:
    """One record that made samples was refused as well; another made none."""
    found = whole[0]["train"]
    assert (found["rows"], found["accounted"], found["amended"]) == (SIZE - 3, SIZE // 2 + 1, 1)
    faults = (
        "empty_inputs",
        "missing_licences",
        "unparsable",
        "undeclared_labels",
        "personal_emails",
        "personal_phones",
    )
    assert all(found[measure] > EXAMPLES and len(found["examples"][measure]) == EXAMPLES for measure in faults)


@pytest.mark.parametrize("files", [2, 4, 8])
@pytest.mark.parametrize("some", [slice(None), slice(None, None, 2), slice(0, 0)], ids=["all", "half", "none"])
def test_the_measures_are_the_same(some: slice, files: int, whole: tuple[Measures, bytes], tmp_path: Path) -> None:
    root = Root(str(tmp_path / "cut"))
    rendered, kept = state(root, files)
    ahead = large(NER, rendered, kept, root)
    assert [str(piece) for piece in ahead] == (
        [f"T train, piece {number} of {files}" for number in range(1, files + 1)] if 20 * files < SIZE - 3 else []
    )
    for piece in reversed(ahead[some]):
        measure_piece(NER, piece, rendered, kept, root)
    assert (measure(NER, rendered, kept, root), persons(root, kept)) == whole
    assert root.names(profile_folder(NER, kept)) == ["personal.parquet", "profile.json"]
    assert large(NER, rendered, kept, root) == []


def test_what_was_measured_ahead_is_not_measured_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = Root(str(tmp_path))
    rendered, kept = state(root, 2)
    ahead = large(NER, rendered, kept, root)
    looked: list[str] = []
    look = samples.look
    monkeypatch.setattr(
        samples, "look", lambda task, piece, *given: (looked.append(str(piece)), look(task, piece, *given))[1]
    )
    for piece in (*ahead, *ahead):
        measure_piece(NER, piece, rendered, kept, root)
    measure(NER, rendered, kept, root)
    measure(NER, rendered, kept, root)
    assert looked == ["T train, piece 1 of 2", "T train, piece 2 of 2", "T test"]


def _receipt(root: Root, place: str) -> None:
    root.write_bytes(f"{place}/_done.json", b'{"stamps')


def _lengths(root: Root, place: str) -> None:
    root.write_bytes(f"{place}/lengths.parquet", b"PAR1")


def _persons(root: Root, place: str) -> None:
    root.remove(f"{place}/{PERSONAL}")


@pytest.mark.parametrize("damage", [_receipt, _lengths, _persons])
def test_what_is_damaged_is_measured_again(
    damage: Callable[[Root, str], None], whole: tuple[Measures, bytes], tmp_path: Path
) -> None:
    root = Root(str(tmp_path / "cut"))
    rendered, kept = state(root, 2)
    for piece in large(NER, rendered, kept, root):
        measure_piece(NER, piece, rendered, kept, root)
    place = f"{profile_folder(NER, kept)}/ahead/train-00001-of-00002"
    assert root.names(place)
    damage(root, place)
    assert (measure(NER, rendered, kept, root), persons(root, kept)) == whole


def test_a_file_that_changes_after_it_was_measured_ahead_is_measured_again(tmp_path: Path) -> None:
    root = Root(str(tmp_path))
    rendered, kept = state(root, 2)
    for piece in large(NER, rendered, kept, root):
        measure_piece(NER, piece, rendered, kept, root)
    with root.writing(rendered.files("train")[1]) as path:
        ROWS.slice(SIZE // 2, 10).write_parquet(path)
    assert measure(NER, rendered, kept, root)["train"]["rows"] < SIZE // 2 + 11


def test_measures_of_fewer_splits_stand_beside_those_of_all(whole: tuple[Measures, bytes], tmp_path: Path) -> None:
    """A profile may admit one split and refuse another."""
    root = Root(str(tmp_path / "both"))
    rendered, kept = state(root, 1)
    measure(NER, rendered, kept, root)
    some = [each.model_copy(update={"splits": {"test": each.splits["test"]}}) for each in (rendered, kept)]
    assert measure(NER, *some, root).keys() == {"test"}  # pyright: ignore[reportArgumentType]
    assert measure(NER, rendered, kept, root).keys() == {"train", "test"}
    assert persons(root, kept) == whole[1]


@pytest.mark.heavy
def test_in_a_bucket_what_was_measured_ahead_is_found_after_a_listing(
    bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = Root(bucket)
    rendered, kept = state(root, 2)
    for piece in large(NER, rendered, kept, root):
        measure_piece(NER, piece, rendered, kept, root)
    root.fs.find(root.uri("samples"), detail=True)
    looked: list[str] = []
    look = samples.look
    monkeypatch.setattr(
        samples, "look", lambda task, piece, *given: (looked.append(str(piece)), look(task, piece, *given))[1]
    )
    measure(NER, rendered, kept, root)
    assert looked == ["T test"]
