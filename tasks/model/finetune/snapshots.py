"""The model as it was part of the way through its training. Needs transformers."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from transformers import TrainerCallback  # pyright: ignore[reportMissingImports]

from tasks.model.finetune import checkpoints


class Snapshots(TrainerCallback):
    """Keeps the model after shares of the steps, each whole or not at all."""

    def __init__(self, folder: Path, shares: Sequence[float], tokenizer: Any) -> None:
        self.folder, self.shares, self.tokenizer = folder, shares, tokenizer

    def on_step_end(self, _: Any, state: Any, control: Any, model: Any = None, **__: Any) -> None:
        """Keep the model if a share of the steps has just been reached; the log says what it has read by then."""
        for share in self.shares:
            if state.global_step == checkpoints.steps(share, state.max_steps):
                control.should_log = True
                self._keep(checkpoints.snapshot(self.folder, share), model)

    def _keep(self, there: Path, model: Any) -> None:
        if there.exists():  # a resumed training passes here again, with the same weights
            return
        fresh = there.with_name(f".{there.name}.part")
        shutil.rmtree(fresh, ignore_errors=True)
        model.save_pretrained(fresh)
        self.tokenizer.save_pretrained(fresh)
        fresh.rename(there)
