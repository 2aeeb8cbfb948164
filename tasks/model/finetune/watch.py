"""A model before and after it was trained on rewards: its answers to prompts held out, and what others earn there."""

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from medinst_eval.metrics.statistics import Draws, mean, mean_difference
from medinst_eval.rewards import SIGNS, judge
from medinst_eval.rewards.attacked import attack
from medinst_eval.rewards.completion import answer
from schemas.reinforce import Answers, TaskWatched, Watched
from tasks.model.finetune.prompts import Prompt
from tasks.model.finetune.rollouts import same

BEFORE = "before.json"
"""Answers of the model at the start, kept so that a resumed training does not ask for them again."""

BATCH = 8
"""Prompts that the model answers at once."""

KNOWN = 800
"""Training prompts of a task that answers without a model know."""


class Answer(NamedTuple):
    """What a model said.

    Attributes:
        text: the completion, without special tokens.
        tokens: of it, the end included.
        cut: whether it has not ended within what is allowed.
    """

    text: str
    tokens: int
    cut: bool


def ask(model: Any, tokenizer: Any, prompts: Sequence[Prompt], max_tokens: int) -> list[Answer]:
    """The likeliest answer of a model to each prompt; `tokenizer` pads on the left."""
    import torch  # pyright: ignore[reportMissingImports]

    own = model.generation_config.eos_token_id
    ends = {tokenizer.eos_token_id, *(own if isinstance(own, list) else [own])} - {None}
    begun = bool(tokenizer.chat_template)
    found: dict[int, Answer] = {}
    order = sorted(range(len(prompts)), key=lambda place: -prompts[place].tokens)
    training = model.training
    model.eval()
    for start in range(0, len(order), BATCH):
        places = order[start : start + BATCH]
        texts = [prompts[place].text for place in places]
        inputs = tokenizer(texts, return_tensors="pt", padding=True, add_special_tokens=not begun).to(model.device)
        options = {"do_sample": False, "temperature": None, "top_p": None, "top_k": None}
        with torch.no_grad():
            made = model.generate(
                **inputs,
                max_new_tokens=max_tokens,
                pad_token_id=tokenizer.pad_token_id,
                eos_token_id=[*ends],
                **options,
            )
        for place, tokens in zip(places, made[:, inputs["input_ids"].shape[1] :].tolist(), strict=True):
            end = next((at + 1 for at, token in enumerate(tokens) if token in ends), None)
            said = tokenizer.decode(tokens[:end], skip_special_tokens=True)
            found[place] = Answer(said, end or len(tokens), end is None)
    model.train(training)
    return [found[place] for place in range(len(prompts))]


def save(answers: Sequence[Answer], folder: Path) -> None:
    """Keep the answers of the model at the start."""
    fresh = folder / f".{BEFORE}.part"
    fresh.write_text(json.dumps(answers), encoding="utf-8")
    fresh.replace(folder / BEFORE)


def saved(folder: Path) -> list[Answer] | None:
    """The answers of the model at the start, if they are kept."""
    path = folder / BEFORE
    return [Answer(*each) for each in json.loads(path.read_text(encoding="utf-8"))] if path.exists() else None


def watched(
    held_out: Sequence[Prompt], trained: Sequence[Prompt], before: Sequence[Answer], after: Sequence[Answer]
) -> Watched:
    """Compare a model before and after with each other, and with what answers without a model earn.

    Args:
        held_out: the prompts that were asked.
        trained: those of the training, which honest answers know.
        before: answers of the model at the start.
        after: at the end.
    """
    places: defaultdict[str, list[int]] = defaultdict(list)
    for place, prompt in enumerate(held_out):
        places[prompt.task].append(place)
    known: defaultdict[str, list[Prompt]] = defaultdict(list)
    for prompt in trained:
        if prompt.task in places and len(known[prompt.task]) < KNOWN:
            known[prompt.task].append(prompt)
    usual = {task: _usual(known[task]) for task in places}

    def of(task: str) -> TaskWatched:
        first, last = ([said[place] for place in places[task]] for said in (before, after))
        return _task([held_out[place] for place in places[task]], known[task], first, last, usual)

    tasks = [of(task) for task in sorted(places)]
    gain, low, high = _gain(held_out, before, after)
    total = len(held_out)
    return Watched(
        prompts=total,
        honest_reward=sum(each.honest_reward * each.prompts for each in tasks) / total,
        attack_reward=sum(each.attack_reward * each.prompts for each in tasks) / total,
        right_same=same((each.task, each.truth) for each in held_out),
        right_tokens=sum(each.answer_tokens + 1 for each in held_out) / total,
        before=_answers(held_out, before, usual),
        after=_answers(held_out, after, usual),
        gain=gain,
        low=low,
        high=high,
        tasks=tuple(tasks),
    )


def _usual(prompts: Sequence[Prompt]) -> str:
    """The most frequent right answer."""
    most = Counter(each.truth for each in prompts).most_common(1)
    return most[0][0] if most else ""


def _task(
    asked: Sequence[Prompt],
    known: Sequence[Prompt],
    before: Sequence[Answer],
    after: Sequence[Answer],
    usual: dict[str, str],
) -> TaskWatched:
    task = asked[0].task
    found = attack(task, [each.sample for each in asked], [each.sample for each in known])
    honest, honest_reward = found.baseline
    name, reward = found.best
    return TaskWatched(
        task=task,
        kind=found.kind,
        prompts=len(asked),
        honest=honest,
        honest_reward=honest_reward,
        attack=name,
        attack_reward=reward,
        right_same=same((task, each.truth) for each in asked),
        before=_answers(asked, before, usual),
        after=_answers(asked, after, usual),
    )


def _answers(asked: Sequence[Prompt], said: Sequence[Answer], usual: dict[str, str]) -> Answers:
    judged = [judge(each.text, _row(prompt)) for prompt, each in zip(asked, said, strict=True)]
    texts = [(prompt.task, answer(each.text)) for prompt, each in zip(asked, said, strict=True)]
    signs, total = Counter(each.sign for each in judged), len(asked)
    return Answers(
        reward=sum(each.reward for each in judged) / total,
        same=same(texts),
        usual=sum(text == usual[task] for task, text in texts) / total,
        tokens=sum(each.tokens for each in said) / total,
        cut=sum(each.cut for each in said) / total,
        signs={sign: signs[sign] / total for sign in SIGNS},
    )


def _row(prompt: Prompt) -> dict[str, str]:
    return {"ground_truth": prompt.truth, "verifier": prompt.verifier}


def _gain(asked: Sequence[Prompt], before: Sequence[Answer], after: Sequence[Answer]) -> tuple[float, float, float]:
    first, last = (
        mean("reward", [judge(each.text, _row(prompt)).reward for prompt, each in zip(asked, said, strict=True)])
        for said in (before, after)
    )
    return mean_difference([(last, first, Draws(len(asked), seed=0))])
