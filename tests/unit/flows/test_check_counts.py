"""`medinst check --update` writes counts where they belong, or says why it does not."""

from pathlib import Path

import pytest

from flows.commands.check import check
from schemas.errors import MedinstError
from tasks.base.store.root import Root
from tasks.build.builds.state import load_state, save_state
from tests.support.gathering import gather
from tests.support.places import DEMO


@pytest.mark.heavy
def test_counts_of_a_mirror_that_is_no_folder_are_not_written(tmp_path: Path) -> None:
    state = gather(tmp_path, DEMO, ["mqp"])
    save_state(state.model_copy(update={"order": state.order.model_copy(update={"mirrors": ("s3://bucket/mirror",)})}))
    assert load_state(Root(str(tmp_path))) is not None
    with pytest.raises(MedinstError, match=r"s3://bucket/mirror, which is not a folder on this machine\. Copy it here"):
        check(update=True, root=str(tmp_path))
