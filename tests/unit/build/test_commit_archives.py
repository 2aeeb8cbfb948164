"""An archive of a commit has another folder at its top than that of a branch, and makes the same samples."""

import json
import shutil
from pathlib import Path

import pytest

from schemas.state import State
from tasks.base.store.root import Root
from tests.support.gathering import gather
from tests.support.places import DEMO
from tests.support.rendering import samples


def rendered(state: State) -> dict[str, list[tuple[str, ...]]]:
    """All columns of all samples, by task and split."""
    root = Root(state.order.root)
    return {
        f"{each.task}/{split}": list(samples(root, each, split).iter_rows())
        for each in state.sources[0].rendered
        for split in each.splits
    }


@pytest.mark.heavy
@pytest.mark.parametrize("name", ["bionlp_2013_cg", "mediqa_rqe", "seth"])
def test_the_folder_at_the_top_makes_no_difference(name: str, tmp_path: Path) -> None:
    archive = tmp_path / "mirror" / name / "master.zip"
    shutil.copytree(DEMO / name / "master.zip", archive)
    (tmp_path / "mirror" / "mirror.json").write_text(json.dumps({"original": False}))
    (top,) = archive.iterdir()
    top.rename(top.with_name(top.name.replace("-master", f"-{'0123456789abcdef' * 2}01234567")))
    branch, commit = (
        gather(tmp_path / root, mirror, [name]) for root, mirror in (("a", DEMO), ("b", archive.parents[1]))
    )
    assert rendered(commit) == rendered(branch)
    assert any(rendered(commit).values())
