"""Batches of requests and replies, for a terminal."""

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from flows.console.words import count
from schemas.evaluation import Asking
from tasks.model.evaluate.batch_replies import Replies, replies
from tasks.model.evaluate.batch_requests import write_requests
from tasks.model.evaluate.plan import Plan


def write_batch(console: Console, plans: Sequence[Plan], path: Path) -> int:
    """Write the questions without an answer as requests, and say how to go on.

    Returns:
        the exit code.
    """
    written = write_requests(plans, path)
    total = sum(sum(plan.asked.values()) for plan in plans)
    for each, requests in written.items():
        console.print(f"{each}: {count(requests, 'request')}, {each.stat().st_size:,} bytes", highlight=False)
    there = total - sum(written.values())
    console.print(f"{there:,} of {count(total, 'question')} are answered.", highlight=False)
    if written:
        console.print(
            "Send each file to the provider's Batch API, or through vllm run-batch -i FILE -o REPLIES --model MODEL. "
            "Then run this command again with --batch-in REPLIES in place of --batch-out.",
            highlight=False,
        )
    return 0


def read_batch(console: Console, plans: Sequence[Plan], asking: Asking, paths: Sequence[Path]) -> Replies:
    """Look through files of replies before anything is begun, and say what is wrong with single rows."""
    found = replies(plans, asking, paths)
    for note in found.notes:
        console.print(f"[yellow]·[/] {note}", highlight=False)
    return found
