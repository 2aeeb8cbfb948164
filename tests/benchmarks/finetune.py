"""Fine-tuning against plain trl: the same samples, model, steps and settings, each in a process of its own.

`python -m tests.benchmarks.finetune MIXTURE [FIELD=VALUE …]`, in an environment with the extra `models`, compares the
two and prints tokens a CPU second, tokens a second and memory; the recipe is `tiny_cpu` with the given changes.
"""

import json
import sys
import tempfile
from pathlib import Path

from tasks.finetune import base, mixture
from tasks.finetune.data import batch
from tasks.finetune.plan import Plan, make_plan
from tasks.finetune.recipe import load
from tasks.finetune.train import arguments, train
from tasks.storage import Root
from tests.benchmarks.measure import Cost, Meter, alone

TURNS = 3


def planned(folder: str, name: str, settings: list[str]) -> Plan:
    recipe = load("tiny_cpu", [f"mixture={name}", "evaluation=null", *settings])
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
    from schemas.finetune import Encoded

    tokens = sum(length for length in lengths if length <= longest)
    return Encoded(
        samples=len(rows), tokens=tokens, answer_tokens=0, longest=longest, too_long={}, tasks={}, licences={}
    )


def one(way: str, folder: str, name: str, settings: list[str]) -> None:
    """Run one of the two, and print what it cost and how many tokens it read."""
    import peft  # noqa: F401 - imports are no part of the work
    import transformers
    import trl  # noqa: F401

    transformers.utils.logging.set_verbosity_error()
    meter = Meter()
    tokens = {"ours": ours, "plain": plain}[way](planned(folder, name, settings), meter)
    cost = meter.costs[way]
    print(json.dumps({"cost": cost, "tokens": (tokens, 0, 0)}))


def main(name: str, settings: list[str]) -> None:
    found: dict[str, list[tuple[Cost, float]]] = {"ours": [], "plain": []}
    for _ in range(TURNS):
        for way, costs in found.items():
            with tempfile.TemporaryDirectory() as folder:
                said = alone("finetune", f"--{way}", folder, name, *settings)
                costs.append((said["cost"], said["tokens"].cpu))
    for way, costs in found.items():
        cost, tokens = min(costs, key=lambda pair: pair[0].cpu)
        print(
            f"{way:6} {tokens:9,.0f} tokens {tokens / cost.cpu:9,.0f} a CPU second {tokens / cost.wall:9,.0f} a second "
            f"{cost.peak / 1e6:7,.0f} MB"
        )
    best = {way: min(cost.cpu / tokens for cost, tokens in costs) for way, costs in found.items()}
    print(f"ours takes {best['ours'] / best['plain'] - 1:+.1%} CPU time for a token")


if __name__ == "__main__":
    if sys.argv[1] in ("--ours", "--plain"):
        one(sys.argv[1][2:], sys.argv[2], sys.argv[3], sys.argv[4:])
    else:
        main(sys.argv[1], sys.argv[2:])
