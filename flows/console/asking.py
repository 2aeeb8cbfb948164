"""Progress of an evaluation: answers, their rate, tokens and cost; quiet where the output is not a terminal."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from flows.console.words import count
from tasks.model.evaluate.plan import Plan
from tasks.model.evaluate.tally import Progress as Asked
from tasks.model.evaluate.tally import listen


class Prices:
    """What a model's tokens cost.

    Args:
        prompt: for a million tokens that it reads.
        answer: for a million tokens that it writes.
    """

    def __init__(self, prompt: float = 0.0, answer: float = 0.0) -> None:
        self.prompt, self.answer = prompt, answer

    def cost(self, asked: Asked) -> float:
        """What the answers cost so far."""
        return (asked.prompt_tokens * self.prompt + asked.answer_tokens * self.answer) / 1_000_000

    def words(self, asked: Asked) -> str:
        """Rate, tokens, cost and failures, in short."""
        said = [f"{asked.rate:.1f} answers/s", f"{asked.prompt_tokens + asked.answer_tokens:,} tokens"]
        if asked.reasoning_tokens:
            said.append(f"{asked.reasoning_tokens:,} of them reasoning")
        if self.prompt or self.answer:
            said.append(f"costs {self.cost(asked):.2f}")
        said += [f"{count:,} {outcome}" for outcome, count in sorted(asked.outcomes.items()) if outcome != "answer"]
        if asked.failures:
            said.append(f"{asked.failures:,} failed")
        return " · ".join(said)


@contextmanager
def asking_progress(console: Console, total: int, prices: Prices) -> Iterator[Asked]:
    """Show how far an evaluation is, as long as the block runs.

    Args:
        console: where; nothing is shown where it is not a terminal.
        total: questions in all.
        prices: of the tokens.

    Yields:
        what has been asked, filled in while it goes on.
    """
    last = Asked()
    columns = (BarColumn(24), MofNCompleteColumn(), TextColumn("{task.description}"), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        line = progress.add_task("starting Prefect", total=total)

        def show(asked: Asked) -> None:
            vars(last).update(vars(asked))
            done = asked.there + asked.answered + asked.failures
            progress.update(line, completed=done, description=prices.words(asked))

        stop = listen(show)
        try:
            yield last
        finally:
            stop()


def say_asked(console: Console, plans: Sequence[Plan]) -> None:
    """Say what is asked, and which tests a variant leaves out because it would change nothing there."""
    for plan in plans:
        what = f"{plan.folder.name}: " if len(plans) > 1 else ""
        total = count(sum(plan.asked.values()), "question")
        console.print(
            f"{what}{total} of {count(len(plan.asked), 'task')}, benchmark {plan.benchmark.version}", highlight=False
        )
    left = [plan.same for plan in plans if plan.same]
    if len(left) == 1:
        console.print(f"[yellow]·[/] Not asked, as nothing would change there: {', '.join(left[0])}", highlight=False)
    elif left:
        console.print("[yellow]·[/] Each variant leaves out the tests in which it would change nothing.")
