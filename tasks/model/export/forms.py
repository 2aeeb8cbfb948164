"""The forms that trainers read, each as columns made from those of a sample.

A sample is one conversation: perhaps a system prompt, perhaps examples, then the question (instruction, line break,
input) and the answer. Every form keeps where the sample comes from.
"""

from collections.abc import Callable
from typing import Any, Literal, NamedTuple

import polars as pl

Format = Literal["alpaca", "sharegpt", "messages", "prompt-completion", "rl", "parquet"]

LINEAGE = ("id", "task", "source", "licence")
"""Columns that every form keeps."""

QUESTION = pl.concat_str("instruction", "input", separator="\n")


class Shape(NamedTuple):
    """What the rows have beside the columns of a sample.

    Attributes:
        system: the system prompt; empty for none.
        history: whether there are examples.
    """

    system: str
    history: bool

    @property
    def is_plain(self) -> bool:
        """Whether every row is one question and one answer, no more."""
        return not self.system and not self.history


class Form(NamedTuple):
    """A form.

    Attributes:
        about: what reads it, for the README.
        columns: the columns of the rows of a shape.
        entry: how LLaMA-Factory's dataset_info.json describes it; None where it cannot read it.
    """

    about: str
    columns: Callable[[Shape], list[pl.Expr]]
    entry: Callable[[Shape], dict[str, Any]] | None = None


def turns(shape: Shape, who: str, what: str, names: tuple[str, str, str], answer: bool = True) -> pl.Expr:
    """A conversation as a list of its turns.

    Args:
        shape: of the rows.
        who: field of the speaker.
        what: field of the words.
        names: of system, user and assistant.
        answer: with the answer at the end, or without.
    """
    system, user, assistant = names

    def said(name: str, words: pl.Expr) -> pl.Expr:
        return pl.struct(pl.lit(name).alias(who), words.alias(what))

    parts = [pl.concat_list(said(system, pl.lit(shape.system)))] if shape.system else []
    if shape.history:
        asked, replied = pl.element().list.first(), pl.element().list.last()
        pairs = pl.concat_list(said(user, asked), said(assistant, replied))
        parts.append(pl.col("history").list.eval(pairs.explode()))
    last = [said(user, QUESTION), said(assistant, pl.col("output"))]
    return pl.concat_list(*parts, *(pl.concat_list(turn) for turn in last[: 2 if answer else 1]))


_ROLES = ("system", "user", "assistant")


def messages(shape: Shape, answer: bool = True) -> pl.Expr:
    """A conversation as messages with `role` and `content`."""
    return turns(shape, "role", "content", _ROLES, answer)


def _alpaca(shape: Shape) -> list[pl.Expr]:
    columns = [pl.col("instruction"), pl.col("input"), pl.col("output")]
    columns += [pl.lit(shape.system).alias("system")] * bool(shape.system)
    return columns + [pl.col("history")] * shape.history


def _alpaca_entry(shape: Shape) -> dict[str, Any]:
    columns = {"prompt": "instruction", "query": "input", "response": "output"}
    columns |= {"system": "system"} if shape.system else {}
    return {"formatting": "alpaca", "columns": columns | ({"history": "history"} if shape.history else {})}


def _prompt_completion(shape: Shape) -> list[pl.Expr]:
    if shape.is_plain:
        return [pl.concat_str(QUESTION, pl.lit("\n")).alias("prompt"), pl.col("output").alias("completion")]
    answer = pl.concat_list(pl.struct(pl.lit("assistant").alias("role"), pl.col("output").alias("content")))
    return [messages(shape, answer=False).alias("prompt"), answer.alias("completion")]


def _verifiable(shape: Shape) -> list[pl.Expr]:
    asked = messages(shape, answer=False)
    return [asked.alias("prompt"), asked.alias("messages"), pl.col("output").alias("ground_truth"), pl.col("verifier")]


_MESSAGE_TAGS = {
    "role_tag": "role",
    "content_tag": "content",
    "user_tag": "user",
    "assistant_tag": "assistant",
    "system_tag": "system",
}

FORMS: dict[Format, Form] = {
    "alpaca": Form("LLaMA-Factory, Axolotl and others", _alpaca, _alpaca_entry),
    "sharegpt": Form(
        "LLaMA-Factory, Axolotl, Unsloth and others",
        lambda shape: [turns(shape, "from", "value", ("system", "human", "gpt")).alias("conversations")],
        lambda _: {"formatting": "sharegpt", "columns": {"messages": "conversations"}},
    ),
    "messages": Form(
        "trl and whatever applies a chat template",
        lambda shape: [messages(shape).alias("messages")],
        lambda _: {"formatting": "sharegpt", "columns": {"messages": "messages"}, "tags": _MESSAGE_TAGS},
    ),
    "prompt-completion": Form("trl, with the loss on the answer alone", _prompt_completion),
    "rl": Form("trl's GRPOTrainer and others that reward answers, with `medinst_eval.reward_function`", _verifiable),
    "parquet": Form("anything that reads Parquet", lambda _: [pl.exclude(LINEAGE)]),
}
