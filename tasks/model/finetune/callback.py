"""The trainer's callback: it logs the loss and stops a training that diverges. Needs transformers."""

from pathlib import Path
from typing import Any

from transformers import TrainerCallback  # pyright: ignore[reportMissingImports]

from tasks.model.finetune import checkpoints, processes
from tasks.model.finetune.loss import Curve, Point, judge, tell


class Watcher(TrainerCallback):
    """Writes the loss log, marks checkpoints, and stops a training that diverges.

    Attributes:
        why: what stopped it; empty if nothing did.
    """

    def __init__(self, curve: Curve, divergence: float) -> None:
        self.curve, self.divergence = curve, divergence
        self.why = ""

    def on_step_end(self, _: Any, state: Any, control: Any, **__: Any) -> None:
        """Log the last step too, whatever the logging interval."""
        control.should_log |= state.global_step >= state.max_steps

    def on_log(self, _: Any, state: Any, control: Any, logs: dict[str, Any] | None = None, **__: Any) -> None:
        """Log the loss; a training that diverges ends before a checkpoint is written."""
        if not logs or "loss" not in logs:
            return
        point = Point(
            step=state.global_step,
            epoch=round(state.epoch or 0.0, 4),
            loss=float(logs["loss"]),
            accuracy=float(logs.get("mean_token_accuracy", 0.0)),
            gradient=float(logs.get("grad_norm", 0.0)),
            learning_rate=float(logs.get("learning_rate", 0.0)),
            tokens=int(logs.get("num_tokens", 0)),
            seconds=0.0,
        )
        tell(self.curve.add(point), state.max_steps)
        judgement = judge(self.curve.points, self.divergence)
        self.why = judgement.stop
        control.should_training_stop |= bool(judgement.stop)
        control.should_save &= judgement.save

    def on_save(self, args: Any, state: Any, _: Any, **__: Any) -> None:
        """Mark the checkpoint whole, when all processes have written their part."""
        processes.wait()
        folder = Path(args.output_dir) / f"checkpoint-{state.global_step}"
        processes.once(lambda: checkpoints.mark(folder))
