"""A local model, by transformers: for models without an endpoint, and for tests."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from medinst_eval.reasoning import opened, splitter
from schemas.errors import EvaluationError
from schemas.evaluation import Asking, Outcome, Prediction, Question
from tasks.base.predictions.log import Log
from tasks.model.adapters import adapted_by, are_adapters
from tasks.model.evaluate.masks import Masks
from tasks.model.evaluate.questions import as_text, messages
from tasks.model.evaluate.tally import Progress, tell
from tasks.model.evaluate.usage import share
from tasks.model.loading import loading
from tasks.model.quiet import quiet

BATCH = 16
"""Questions that the model answers at once, at most."""

TOKENS = 16_384
"""Tokens of the prompts of a batch at most, padding included."""

WINDOW = 1024
"""Questions that are sorted by their length, so that those of a batch need little padding."""


class Local:
    """A model and its tokenizer in a folder; greedy unless a temperature is asked for.

    The seed is set before each batch. Batches are of questions of nearly equal length, the longest first, so that a
    model that lacks memory fails at once. Where decoding is greedy an answer does not depend on those beside it, and a
    run that was interrupted answers the rest as a whole one would. A question that leaves no room in the model's
    context for the longest answer allowed is not put to it: some models would break off, others talk nonsense.
    """

    together = True

    def __init__(self, asking: Asking) -> None:
        try:
            import torch  # pyright: ignore[reportMissingImports]

            transformers = quiet()
        except ImportError as error:
            raise EvaluationError(
                "--backend transformers needs the extra `models`: pip install -e .[models], with torch for your device."
            ) from error
        self.asking, self.torch = asking, torch
        self.split = splitter(asking.reasoning)
        self.progress = Progress()
        device = "cuda" if torch.cuda.is_available() else "cpu"
        options: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
        dtype = {"": "auto", "bf16": torch.bfloat16, "fp32": torch.float32}[asking.precision]
        folder = Path(asking.model)
        adapted = adapted_by(folder) if are_adapters(folder) else None
        with loading(lambda why: EvaluationError(f"{folder}: {why} Fetch or copy it again, or name another model.")):
            self.tokenizer = transformers.AutoTokenizer.from_pretrained(asking.model, padding_side="left", **options)
            self.model = transformers.AutoModelForCausalLM.from_pretrained(
                str(adapted or asking.model), dtype=dtype, **options
            )
            if adapted:
                self.model.load_adapter(asking.model)
        if asking.precision:
            self.model.to(dtype)  # adapters keep the precision in which they were stored
        self.model.to(device).eval()
        self.context: int | None = getattr(self.model.config, "max_position_embeddings", None)
        if self.tokenizer.pad_token is None:
            self.tokenizer.pad_token = self.tokenizer.eos_token
        special = {str(token) for token in self.tokenizer.added_tokens_decoder.values() if token.special}
        self.masks = Masks(self.tokenizer, self.model.config.vocab_size, self._ends()) if asking.constrain else None
        self.special = re.compile("|".join(map(re.escape, sorted(special, key=len, reverse=True))) or r"(?!)")

    def _ends(self) -> list[int]:
        """The tokens with which the model ends an answer."""
        ends = self.model.generation_config.eos_token_id or self.tokenizer.eos_token_id
        return ends if isinstance(ends, list) else [ends]

    @contextmanager
    def opened(self, log: Log) -> Iterator[None]:
        """Write into a log."""
        self.log = log
        yield

    def ask(self, questions: Iterable[Question]) -> Progress:
        """Ask questions, a batch at a time; those in the log already are skipped."""
        mine = Progress()
        for batch in _batches(self._fitting(self._open(questions, mine), mine)):
            for prediction in self._answer(batch):
                self._keep(prediction, mine)
        return mine

    def _keep(self, prediction: Prediction, mine: Progress) -> None:
        self.log.append(prediction)
        for progress in (mine, self.progress):
            progress.answer(
                prediction.outcome, prediction.prompt_tokens, prediction.answer_tokens, prediction.reasoning_tokens
            )
        tell(self.progress)

    def _open(self, questions: Iterable[Question], mine: Progress) -> Iterator[Question]:
        for question in questions:
            if question.key in self.log.known:
                mine.there += 1
                self.progress.there += 1
                tell(self.progress)
            else:
                yield question

    def _fitting(self, questions: Iterable[Question], mine: Progress) -> Iterator[tuple[int, Question]]:
        """The questions that the model's context has room for, with their tokens; the others say why not."""
        for question in questions:
            size = len(self.tokens([self.prompt(question)])["input_ids"][0])
            if self.context is None or size + self.asking.max_tokens <= self.context:
                yield size, question
            else:
                self._keep(_prediction(question, "", "too long", prompt_tokens=size), mine)

    def tokens(self, prompts: list[str], **options: Any) -> Any:
        """The tokens of prompts, as the model's tokenizer gives them."""
        begun = bool(self.tokenizer.chat_template)  # a template writes the token of the beginning itself
        return self.tokenizer(prompts, add_special_tokens=not begun, verbose=False, **options)

    def _answer(self, batch: list[Question]) -> list[Prediction]:
        asking = self.asking
        inputs = self.tokens([self.prompt(question) for question in batch], return_tensors="pt", padding=True)
        inputs = inputs.to(self.model.device)
        self.torch.manual_seed(asking.seed or 0)
        sampling: dict[str, Any] = {"do_sample": False, "temperature": None, "top_p": None, "top_k": None}
        if asking.temperature:
            sampling = {"do_sample": True, "temperature": asking.temperature, "top_p": asking.top_p, "top_k": None}
        if asking.stop:
            sampling |= {"stop_strings": list(asking.stop), "tokenizer": self.tokenizer}
        if self.masks:
            sampling["logits_processor"] = [self.masks.processor([question.task for question in batch])]
        with self.torch.no_grad():
            made = self.model.generate(
                **inputs, max_new_tokens=asking.max_tokens, pad_token_id=self.tokenizer.pad_token_id, **sampling
            )
        answers = made[:, inputs["input_ids"].shape[1] :]
        sizes = inputs["attention_mask"].sum(dim=1).tolist()
        return [
            self._read(question, tokens, int(size))
            for question, tokens, size in zip(batch, answers, sizes, strict=True)
        ]

    def prompt(self, question: Question, answered: bool = False) -> str:
        """The conversation through the model's chat template, or as plain lines where it has none.

        Args:
            question: what is asked.
            answered: whether the gold answer and the token that ends it follow.
        """
        said = messages(question, self.asking.system)
        if not self.tokenizer.chat_template:
            return as_text(said) + (question.target + self.tokenizer.eos_token if answered else "")
        said += [{"role": "assistant", "content": question.target}] if answered else []
        return str(self.tokenizer.apply_chat_template(said, tokenize=False, add_generation_prompt=not answered))

    def _read(self, question: Question, tokens: Any, size: int) -> Prediction:
        said = [token for token in tokens.tolist() if token != self.tokenizer.pad_token_id]
        begun = opened(self.prompt(question)) if self.asking.reasoning is None else ""
        # with special tokens: those of some models mark their thoughts
        found = self.split(begun + self.tokenizer.decode(said, skip_special_tokens=False))
        thought, text = (self.special.sub("", each).strip() for each in found[:2])
        stopped = [stop for stop in self.asking.stop if stop in text]
        for stop in stopped:
            text = text.split(stop, 1)[0].strip()
        whole = len(said) < self.asking.max_tokens or bool(stopped) or said[-1] in self._ends()
        ended = whole and found.closed
        outcome: Outcome = "answer" if text and ended else "length" if not ended else "empty"
        counts = {"answer_tokens": len(said), "reasoning_tokens": share(len(said), thought, text)}
        return _prediction(question, text, outcome, reasoning=thought, prompt_tokens=size, **counts)


def _batches(questions: Iterator[tuple[int, Question]]) -> Iterator[list[Question]]:
    """Questions with their numbers of tokens in batches, sorted by length within a window.

    Nothing is padded to more than twice its length.
    """
    while window := list(islice(questions, WINDOW)):
        window.sort(key=lambda each: -each[0])
        while window:
            longest = window[0][0]
            size = min(BATCH, max(1, TOKENS // longest))
            batch = [question for length, question in window[:size] if 2 * length >= longest]
            yield batch
            del window[: len(batch)]


def _prediction(question: Question, text: str, outcome: Outcome, **counts: Any) -> Prediction:
    return Prediction(
        key=question.key,
        id=question.id,
        task=question.task,
        prediction=text,
        target=question.target,
        outcome=outcome,
        **counts,
    )
