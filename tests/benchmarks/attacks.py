"""`python -m tests.benchmarks.attacks ROOT [--write]`: what attacks on the rewards earn on the samples of a build.

Prints the tables of docs/rewards.md as Markdown; `--write` puts them there.
"""

import argparse
import datetime
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import mean

from medinst_eval.rewards.attacked import Attacked
from medinst_eval.rewards.attacks import ATTACKS
from medinst_eval.rewards.kinds import KINDS
from tasks.base.store.root import Root
from tasks.build.builds.state import newest
from tasks.tools.declare.marks import between
from tests.support.attacked import attacked

PAGE = Path(__file__).parents[2] / "docs" / "rewards.md"
BEGIN, END = "<!-- attacks: generated -->", "<!-- attacks: end -->"


def main() -> None:
    """Attack, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("root", help="of a build of real files")
    parser.add_argument("--samples", type=int, default=100, help="of each task")
    parser.add_argument("--training", type=int, default=1000, help="samples of each task that honest answers know")
    parser.add_argument("--write", action="store_true", help="into docs/rewards.md")
    asked = parser.parse_args()
    found = list(attacked(newest(Root(asked.root)), asked.samples, asked.training))
    command = f"python -m tests.benchmarks.attacks R --samples {asked.samples} --training {asked.training} --write"
    told = "\n".join(page(found, command))
    print(told)
    if asked.write:
        text = PAGE.read_text(encoding="utf-8")
        PAGE.write_text(between(text, BEGIN, END, f"{told}\n"), encoding="utf-8")


def page(found: Sequence[Attacked], command: str) -> Iterator[str]:
    """The tables as lines of Markdown."""
    beaten = [each.task for each in found if each.best[1] >= each.baseline[1]]
    yield f"`{command}` on {datetime.datetime.now(datetime.UTC):%Y-%m-%d}: {len(found)} tasks,"
    yield f"{sum(each.samples for each in found):,} samples, {len(ATTACKS)} attacks."
    yield f"The best attack stays below the honest baseline on **{len(found) - len(beaten)} of {len(found)} tasks**"
    yield f"({', '.join(beaten)} excepted)." if beaten else "(no exceptions)."
    yield "\n### By attack\n"
    yield from by_attack(found)
    yield "\n### By task\n"
    yield from by_task(found)


def by_attack(found: Sequence[Attacked]) -> Iterator[str]:
    """The mean reward of each attack on the tasks of each kind."""
    kinds: dict[str, list[Attacked]] = defaultdict(list)
    for each in found:
        kinds[each.kind].append(each)
    there = [kind for kind in KINDS if kind in kinds]
    yield f"| | {' | '.join(there)} |"
    yield f"| --- |{' ---: |' * len(there)}"
    yield f"| tasks | {' | '.join(str(len(kinds[kind])) for kind in there)} |"
    honest = (f"**{mean(each.baseline[1] for each in kinds[kind]):.3f}**" for kind in there)
    yield f"| **honest baseline** | {' | '.join(honest)} |"
    for attack in ATTACKS:
        earned = (_earned([each.attacks[attack] for each in kinds[kind] if attack in each.attacks]) for kind in there)
        yield f"| {attack} | {' | '.join(earned)} |"


def _earned(rewards: Sequence[float]) -> str:
    return f"{mean(rewards):.3f}" if rewards else "honest"


def by_task(found: Sequence[Attacked]) -> Iterator[str]:
    """The best honest way of each task, and the best attack."""
    yield "| Task | Kind | Samples | Honest baseline | Reward | Best attack | Reward |"
    yield "| --- | --- | ---: | --- | ---: | --- | ---: |"
    for each in found:
        (way, honest), (attack, earned) = each.baseline, each.best
        attack = attack if earned else "none earns anything"
        yield f"| {each.task} | {each.kind} | {each.samples} | {way} | {honest:.3f} | {attack} | {earned:.3f} |"


if __name__ == "__main__":
    main()
