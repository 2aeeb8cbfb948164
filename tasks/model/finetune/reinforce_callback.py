"""Between trl's GRPOTrainer and our log: the reward function, and the callback. Needs transformers."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from transformers import TrainerCallback  # pyright: ignore[reportMissingImports]

from medinst_eval.rewards import SIGNS, reward_function
from medinst_eval.rewards.completion import answer
from schemas.reinforce import Reinforce
from tasks.model.finetune import checkpoints
from tasks.model.finetune.loss import Curve, tell
from tasks.model.finetune.rollouts import Rollouts, Said, Step, judge

ROLLOUTS = "rollouts.json"
"""File of a checkpoint: the completions of the last steps."""

NAN = float("nan")


class Rewarder(TrainerCallback):
    """Rewards completions, logs the steps, marks checkpoints, and stops a training that leads nowhere.

    Attributes:
        why: what stopped it; empty if nothing did.
    """

    def __init__(self, curve: Curve[Step], rules: Reinforce, checkpoint: Path | None) -> None:
        self.curve, self.rules = curve, rules
        self.said = Rollouts()
        self.why = ""
        if checkpoint:
            self.said.load(checkpoint / ROLLOUTS)

    def reward(self, completions: Sequence[object], **columns: Any) -> list[float]:
        """The rewards of a step, in the signature of trl."""
        said = map(Said, columns["task"], columns["number"], columns["ground_truth"], map(answer, completions))
        columns["log_metric"]("watch/distinct", self.said.add(list(said)))
        return reward_function(completions, **columns)

    def on_step_end(self, _: Any, state: Any, control: Any, **__: Any) -> None:
        """Log the last step too, whatever the logging interval."""
        control.should_log |= state.global_step >= state.max_steps

    def on_log(self, _: Any, state: Any, control: Any, logs: dict[str, Any] | None = None, **__: Any) -> None:
        """Log a step; a training that leads nowhere ends before a checkpoint is written."""
        if not logs or "reward" not in logs:
            return
        shares = self.said.sameness()
        step = _step(state, logs, shares[0] if shares else None)
        step = self.curve.add(step._replace(tokens=step.tokens - self.curve.tokens))  # trl's go on after a resumption
        tell(step, state.max_steps)
        judgement = judge(self.curve.points, self.said, self.rules)
        self.why = judgement.stop
        control.should_training_stop |= bool(judgement.stop)
        control.should_save &= judgement.save

    def on_save(self, args: Any, state: Any, _: Any, **__: Any) -> None:
        """Mark the checkpoint whole."""
        checkpoint = Path(args.output_dir) / f"checkpoint-{state.global_step}"
        self.said.save(checkpoint / ROLLOUTS)
        checkpoints.mark(checkpoint)


def _step(state: Any, logs: dict[str, Any], same: float | None) -> Step:
    """A line of the log from trl's; it writes None where all values are NaN."""

    def value(name: str) -> float:
        found = logs.get(name)
        return NAN if found is None else round(float(found), 6)

    return Step(
        step=state.global_step,
        epoch=round(state.epoch or 0.0, 4),
        reward=value("reward"),
        spread=value("reward_std"),
        flat=value("frac_reward_zero_std"),
        length=value("completions/mean_length"),
        cut=value("completions/clipped_ratio"),
        entropy=value("entropy"),
        distinct=value("watch/distinct"),
        same=None if same is None else round(same, 6),
        kl=value("kl") if "kl" in logs else None,
        signs={sign: value(f"watch/{sign}") for sign in SIGNS},
        loss=value("loss"),
        gradient=value("grad_norm"),
        learning_rate=float(logs.get("learning_rate", 0.0)),
        tokens=int(logs.get("num_tokens") or 0),
        seconds=0.0,
    )
