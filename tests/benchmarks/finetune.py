"""Fine-tuning against plain trl: the same samples, model, steps and settings, each in a process of its own.

`python -m tests.benchmarks.finetune MIXTURE [FIELD=VALUE …]`, in an environment with the extra `models`, compares the
two and prints tokens a second and a CPU second, memory, and the share of what matrix products alone reach on the same
device; the recipe is `tiny_cpu` with the given changes.
"""

import json
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from schemas.finetune import Recipe
from schemas.trained import Encoded
from tasks.base.store.root import Root
from tasks.model.finetune import base, mixture
from tasks.model.finetune.data import batch
from tasks.model.finetune.plan import Plan, make_plan
from tasks.model.finetune.recipe import load
from tasks.model.finetune.train import arguments, train
from tests.benchmarks.measure import Cost, Meter, said, warm_up

TURNS = 3


def planned(folder: str, name: str, settings: list[str]) -> Plan:
    recipe = load("tiny_cpu", [f"mixture={name}", "evaluation=null", "log_every=1", *settings])
    plan = make_plan(recipe, Root(folder), Path(folder))
    base.make(plan.base, plan.recipe, plan.mixture)
    plan.folder.mkdir(exist_ok=True)
    return plan


def ours(plan: Plan, meter: Meter) -> int:
    with meter.measured("ours"):
        return train(plan).tokens


def plain(plan: Plan, meter: Meter) -> int:
    """What a user of trl writes who knows it well; too long samples are left out before, at no cost."""
    import transformers
    import trl
    from datasets import Dataset

    recipe = plan.recipe
    tokenizer = transformers.AutoTokenizer.from_pretrained(plan.base.folder)
    rows = [
        {"prompt": f"{row['instruction']}\n{row['input']}\n", "completion": row["output"]}
        for row in mixture.find(recipe.mixture, plan.root).samples(recipe.samples, recipe.seed)
    ]
    lengths = [len(tokenizer(row["prompt"] + row["completion"])["input_ids"]) + 1 for row in rows]
    rows = [row for row, length in zip(rows, lengths, strict=True) if length <= recipe.max_length]
    with tempfile.TemporaryDirectory() as folder, meter.measured("plain"):
        model = transformers.AutoModelForCausalLM.from_pretrained(plan.base.folder, dtype="float32")
        dealt = batch(recipe, _counted(rows, lengths, recipe.max_length))
        trainer = trl.SFTTrainer(
            model=model,
            args=trl.SFTConfig(**arguments(recipe, dealt, Path(folder))),
            train_dataset=Dataset.from_list(rows),
            processing_class=tokenizer,
        )
        trainer.train()
        trainer.save_model(folder)
    return int(next(log["num_tokens"] for log in reversed(trainer.state.log_history) if "num_tokens" in log))


def _counted(rows: list[dict[str, str]], lengths: list[int], longest: int):
    tokens = sum(length for length in lengths if length <= longest)
    return Encoded(
        samples=len(rows), tokens=tokens, answer_tokens=0, longest=longest, too_long={}, tasks={}, licences={}
    )


def work(recipe: Recipe) -> float:
    """Floating-point operations of a trained token (Chowdhery et al., 2022, appendix B): weights, and attention."""
    model = recipe.scratch
    if model is None:
        raise SystemExit("the benchmark counts the operations of recipes with `scratch`")
    return 6 * model.parameters + 12 * model.layers * model.width * recipe.max_length


def peak(precision: str) -> float:
    """Floating-point operations a second that products of large matrices reach on this device, the best of ten."""
    import torch

    device = "cuda" if torch.cuda.is_available() else "cpu"
    types = {"bf16": torch.bfloat16, "fp32": torch.float32}
    size = 8192 if device == "cuda" else 2048
    one, other = torch.randn(2, size, size, device=device, dtype=types[precision]).unbind()
    seconds = []
    for _ in range(10):
        start = time.perf_counter()
        (one @ other).sum().item()  # waits for the device
        seconds.append(time.perf_counter() - start)
    return 2 * size**3 / min(seconds)


class Turn(NamedTuple):
    """One training.

    Attributes:
        tokens: read in training.
        work: floating-point operations of a token.
        peak: floating-point operations a second that the device reaches.
    """

    cost: Cost
    tokens: int
    work: float
    peak: float

    @property
    def share(self) -> float:
        """Of the peak."""
        return self.tokens * self.work / self.cost.wall / self.peak


def one(way: str, folder: str, name: str, settings: list[str]) -> None:
    """Run one of the two, and print what it cost and how many tokens it read."""
    import datasets  # noqa: F401 - imports are not part of the work
    import peft  # noqa: F401
    import transformers
    import trl  # noqa: F401

    warm_up()
    transformers.utils.logging.set_verbosity_error()
    plan, meter = planned(folder, name, settings), Meter()
    reached = peak(plan.recipe.precision)
    tokens = {"ours": ours, "plain": plain}[way](plan, meter)
    print(json.dumps({"cost": meter.costs[way], "tokens": tokens, "work": work(plan.recipe), "peak": reached}))


def main(name: str, settings: list[str]) -> None:
    turns: dict[str, list[Turn]] = {"ours": [], "plain": []}
    for _ in range(TURNS):
        for way, done in turns.items():
            with tempfile.TemporaryDirectory() as folder:
                found = said("finetune", f"--{way}", folder, name, *settings)
            done.append(Turn(**found | {"cost": Cost(*found["cost"])}))
    for way, done in turns.items():
        best = min(done, key=lambda turn: turn.cost.wall / turn.tokens)
        print(
            f"{way:6} {best.tokens:9,} tokens {best.tokens / best.cost.wall:9,.0f} a second "
            f"{best.tokens / best.cost.cpu:9,.0f} a CPU second {best.cost.peak / 1e6:7,.0f} MB "
            f"{best.share:6.1%} of the {best.peak / 1e9:,.0f} GFLOP/s of matrix products"
        )
    for what in ("wall", "cpu"):
        best = {way: min(getattr(turn.cost, what) / turn.tokens for turn in done) for way, done in turns.items()}
        print(f"ours takes {best['ours'] / best['plain'] - 1:+.1%} {what} time for a token")


if __name__ == "__main__":
    if sys.argv[1] in ("--ours", "--plain"):
        one(sys.argv[1][2:], sys.argv[2], sys.argv[3], sys.argv[4:])
    else:
        main(sys.argv[1], sys.argv[2:])
