"""The loss of gold answers: how unlikely a model finds them, without generating anything.

A generated answer is right or wrong; this shows how far a model has moved before it gets one right.
"""

from collections.abc import Iterable
from typing import Any

from schemas.evaluation import Question
from tasks.model.evaluate.local import Local


def answer_loss(local: Local, asked: Iterable[Question]) -> float | None:
    """The mean loss of the gold answers of questions, in nats a token; the end of an answer counts as a token.

    Args:
        local: the model.
        asked: questions; one that does not fit into the context together with its answer is left out.

    Returns:
        None if no question fits.
    """
    losses = [loss for question in asked for loss in _losses(local, question)]
    return sum(losses) / len(losses) if losses else None


def _losses(local: Local, question: Question) -> list[float]:
    """The loss of each token of the gold answer."""
    torch = local.torch
    prompt, whole = (_ids(local, text) for text in (local.prompt(question), local.prompt(question, answered=True)))
    if local.context is not None and len(whole) > local.context:
        return []
    ids = torch.tensor([whole], device=local.model.device)
    answer = len(whole) - len(prompt)
    with torch.no_grad():
        logits = local.model(ids, logits_to_keep=answer + 1).logits[0, :-1].float()
    return torch.nn.functional.cross_entropy(logits, ids[0, -answer:], reduction="none").tolist()


def _ids(local: Local, text: str) -> Any:
    return local.tokens([text])["input_ids"][0]
