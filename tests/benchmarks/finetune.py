"""Fine-tuning against plain trl: the same samples, model, steps and settings, each in a process of its own.

`python -m tests.benchmarks.finetune LOG PAIRS MIXTURE [FIELD=VALUE …]`, in an environment with the extra `models`, runs
pairs of trainings and appends each to LOG, a file of JSON lines; then it summarizes all pairs in LOG, so that a
comparison can be made in pieces. The two trade places from pair to pair. It prints the paired differences in time for a
token with their intervals, where the time goes, memory, and the share of what matrix products alone reach on the same
device. The recipe is `tiny_cpu` with the given changes.
"""

import json
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import numpy as np

from schemas.finetune import Recipe
from schemas.trained import Encoded
from tasks.base.store.root import Root
from tasks.model.finetune import base, mixture
from tasks.model.finetune.data import batch
from tasks.model.finetune.plan import Plan, make_plan
from tasks.model.finetune.recipe import load
from tasks.model.finetune.train import arguments, train
from tests.benchmarks.measure import Cost, Meter, said, warm_up

WAYS = ("ours", "plain")
RESAMPLES = 10_000


def planned(folder: str, name: str, settings: list[str]) -> Plan:
    recipe = load("tiny_cpu", [f"mixture={name}", "evaluation=null", "log_every=1", *settings])
    plan = make_plan(recipe, Root(folder), Path(folder))
    base.make(plan.base, plan.recipe, plan.mixture)
    plan.folder.mkdir(exist_ok=True)
    return plan


@contextmanager
def clocked(found: dict[str, Any]) -> Iterator[None]:
    """Note the clocks at the beginning, at both ends of `SFTTrainer.train`, and at the end."""
    import trl

    ticks: list[tuple[float, float]] = []

    def tick() -> None:
        ticks.append((time.perf_counter(), time.process_time()))

    steps = trl.SFTTrainer.train

    def train_and_tick(self: Any, *given: Any, **named: Any) -> Any:
        tick()
        result = steps(self, *given, **named)
        tick()
        found["loss"] = next(log["loss"] for log in reversed(self.state.log_history) if "loss" in log)
        return result

    trl.SFTTrainer.train = train_and_tick
    tick()
    yield
    tick()
    found["clock"] = [[later[of] - earlier[of] for earlier, later in pairwise(ticks)] for of in (0, 1)]


def ours(plan: Plan, meter: Meter) -> int:
    with meter.measured("ours"):
        return train(plan).tokens


def plain(plan: Plan, meter: Meter) -> int:
    """What a user of trl writes who knows it well; too long samples are left out before, at no cost."""
    import transformers
    import trl
    from datasets import Dataset

    recipe = plan.recipe
    rows = [
        {"prompt": f"{row['instruction']}\n{row['input']}\n", "completion": row["output"]}
        for row in mixture.find(recipe.mixture, plan.root).samples(recipe.samples, recipe.seed)
    ]
    counting = transformers.AutoTokenizer.from_pretrained(plan.base.folder)  # its cache of words helps no one below
    lengths = [len(counting(row["prompt"] + row["completion"])["input_ids"]) + 1 for row in rows]
    rows = [row for row, length in zip(rows, lengths, strict=True) if length <= recipe.max_length]
    with meter.measured("plain"):
        tokenizer = transformers.AutoTokenizer.from_pretrained(plan.base.folder)
        model = transformers.AutoModelForCausalLM.from_pretrained(plan.base.folder, dtype="float32")
        dealt = batch(recipe, _counted(rows, lengths, recipe.max_length))
        trainer = trl.SFTTrainer(
            model=model,
            args=trl.SFTConfig(**arguments(recipe, dealt, plan.folder)),
            train_dataset=Dataset.from_list(rows),
            processing_class=tokenizer,
        )
        trainer.train()
        trainer.save_model(str(plan.folder))
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
        loss: the last one.
        clock: seconds before the steps, in them and after them, by the wall and of the CPU.
        work: floating-point operations of a token.
        peak: floating-point operations a second that the device reaches.
    """

    cost: Cost
    tokens: int
    loss: float
    clock: list[list[float]]
    work: float
    peak: float

    @property
    def share(self) -> float:
        """Of the peak, in the steps."""
        return self.tokens * self.work / self.clock[0][1] / self.peak


def one(way: str, folder: str, name: str, settings: list[str]) -> None:
    """Run one of the two, and print what it cost and how many tokens it read."""
    import datasets  # noqa: F401 - imports are not part of the work
    import peft  # noqa: F401
    import transformers
    import trl  # noqa: F401

    warm_up()
    transformers.utils.logging.set_verbosity_error()
    plan, meter = planned(folder, name, settings), Meter()
    found: dict[str, Any] = {"peak": peak(plan.recipe.precision), "work": work(plan.recipe)}
    with tempfile.TemporaryDirectory() as place, clocked(found):
        found["tokens"] = {"ours": ours, "plain": plain}[way](plan._replace(folder=Path(place)), meter)
    print(json.dumps(found | {"cost": meter.costs[way]}))


def run(log: Path, pairs: int, name: str, settings: list[str]) -> None:
    """Run pairs; who begins changes from one to the next."""
    with tempfile.TemporaryDirectory() as folder:
        planned(folder, name, settings)  # makes the weights that all begin with
        for _ in range(pairs):
            before = len(log.read_text().splitlines()) if log.exists() else 0
            order = WAYS if before % 2 == 0 else WAYS[::-1]
            pair = {way: said("finetune", f"--{way}", folder, name, *settings) for way in order}
            with log.open("a") as file:
                file.write(json.dumps(pair) + "\n")


def between(ratios: list[float]) -> str:
    """The median of paired ratios less one, with the 95 % interval of a bootstrap over the pairs."""
    drawn = np.random.default_rng(0).choice(ratios, (RESAMPLES, len(ratios)))
    low, high = np.percentile(np.median(drawn, axis=1), [2.5, 97.5])
    return f"{median(ratios) - 1:+.1%} ({low - 1:+.1%} to {high - 1:+.1%})"


def summarize(log: Path) -> None:
    pairs = [
        {way: Turn(**found | {"cost": Cost(*found["cost"])}) for way, found in json.loads(line).items()}
        for line in log.read_text().splitlines()
    ]
    for way in WAYS:
        turns = [pair[way] for pair in pairs]
        print(
            f"{way:6} {median(turn.tokens / turn.cost.wall for turn in turns):9,.0f} tokens a second "
            f"{median(turn.tokens / turn.cost.cpu for turn in turns):9,.0f} a CPU second "
            f"{median(turn.cost.peak for turn in turns) / 1e6:7,.0f} MB, "
            f"steps at {median(turn.share for turn in turns):.1%} of the rate of matrix products"
        )
    same = [len({(turn.tokens, turn.loss) for turn in pair.values()}) == 1 for pair in pairs]
    print(
        f"{len(pairs)} pairs; tokens and last loss are equal in {sum(same)}; ours less plain, median and 95 % interval:"
    )
    for place, clock in enumerate(("wall", "cpu")):
        ratios = [getattr(pair["ours"].cost, clock) / getattr(pair["plain"].cost, clock) for pair in pairs]
        print(f"  {clock:4} time for a token {between(ratios)}")
        for phase, named in enumerate(("before the steps", "in the steps", "after the steps")):
            own, other = ([pair[way].clock[place][phase] for pair in pairs] for way in WAYS)
            ratios = [mine / theirs for mine, theirs in zip(own, other, strict=True)]
            print(f"    {named:16} {median(own):8.2f} s, {median(other):8.2f} s   {between(ratios)}")


if __name__ == "__main__":
    if sys.argv[1] in ("--ours", "--plain"):
        one(sys.argv[1][2:], sys.argv[2], sys.argv[3], sys.argv[4:])
    else:
        run(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4:])
        summarize(Path(sys.argv[1]))
