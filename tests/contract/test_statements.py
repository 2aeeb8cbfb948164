"""What instructions and forms of answers say is true of the miniatures, and every database is one that is known."""

from pathlib import Path

import polars as pl
import pytest

from schemas.databases import DATABASES
from schemas.task import Mentioning, Ned, Ner
from sources import registry
from sources import tasks as declared_tasks
from tasks.base.store.root import Root
from tasks.build.builds.order import make_order
from tasks.build.pipeline import work
from tests.support.places import DEMO
from tests.support.statements import Checked, check


@pytest.mark.parametrize("source", registry())
def test_what_is_said_of_answers_is_true(source: str, tmp_path: Path) -> None:
    order = make_order([source], root=str(tmp_path), mirrors=[str(DEMO)], workers=1)
    batches = {batch.part: batch for batch in work.read(source, work.fetch(source, order), order)}
    for task in registry()[source].tasks:
        found = [
            check(task, pl.read_parquet(Root(str(tmp_path)).local(f"{batches[part].place}/{part}-{split}.parquet")))
            for part in task.reads
            for split in batches[part].splits
        ]
        assert [fault for each in found for fault in each.faults] == []
        assert sum(each.samples for each in found)
        if not registry()[source].verified:  # else the real files show it
            holds_what_it_declares(task, found)


def holds_what_it_declares(task: object, found: list[Checked]) -> None:
    """Split mentions, and answers that there is nothing, occur if and only if they are declared."""
    if isinstance(task, Mentioning):
        assert any(each.split for each in found) == task.discontinuous, task.name
    if isinstance(task, Ner) and task.answer == "brackets":
        assert any(each.nothing for each in found) == (task.keep == "all"), task.name


def test_every_database_is_known_and_needed() -> None:
    used = {name for _, task in declared_tasks().values() if isinstance(task, Ned) for name in task.databases}
    assert used == set(DATABASES)
