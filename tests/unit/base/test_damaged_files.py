"""Files that the program wrote and that were cut or changed since: made again where that is safe, else named."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from schemas.errors import Damaged, MedinstError
from schemas.receipts import Kept
from tasks.base.store.receipts import settled
from tasks.base.store.root import Root
from tasks.build.builds.runs import Run, record, runs
from tasks.build.builds.state import load_state
from tasks.build.pipeline.conclusion import PLACE, concluded

HALF = b'{\n "run": "5315602d", "state": "comp'


@pytest.fixture
def root(tmp_path: Path) -> Root:
    return Root(str(tmp_path / "root"))


@pytest.mark.parametrize("data", [b"", HALF, b"\0" * 99, b"\xff\xfe{", b"[]", b"null"], ids=repr)
def test_what_is_not_as_it_was_written_is_named(data: bytes, root: Root) -> None:
    root.write_bytes("catalogue/file.json", data)
    with pytest.raises(Damaged, match=r"root/catalogue/file\.json: expected .* found .*medinst build"):
        root.read_model("catalogue/file.json", Run)


def test_a_stage_with_a_damaged_receipt_is_done_again(root: Root) -> None:
    for data in (HALF, b"[]"):
        root.write_bytes("samples/x/_done.json", data)
        assert root.done("samples/x") is None
    planned = Kept(task="MQP", source="mqp", fingerprint="0" * 16, place="samples/x", splits={})
    assert settled(planned, {"splits": "nonsense"}) is None
    assert settled(planned, planned.model_dump(mode="json", exclude={"place"})) == planned


def test_a_damaged_record_of_a_run_stops_no_build(root: Root) -> None:
    run = Run(run="a", name="build", started=datetime(2026, 1, 1, tzinfo=UTC), profile="local")
    record(root, run)
    root.write_bytes("catalogue/runs/b.json", HALF)
    assert runs(root) == [run]
    assert root.read_bytes("catalogue/runs/b.json") == HALF, "it stays for whoever wants to look at it"


def test_a_damaged_state_names_the_way_out(root: Root) -> None:
    root.write_bytes("catalogue/build.json", HALF)
    with pytest.raises(MedinstError, match=r"build\.json is damaged.*medinst build --root"):
        load_state(root)


def test_a_damaged_last_word_is_none(root: Root) -> None:
    assert concluded(root) is None
    root.write_bytes(PLACE, HALF)
    assert concluded(root) is None
