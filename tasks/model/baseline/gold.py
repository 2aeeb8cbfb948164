"""From samples to what is learned from them: the words of each with its tags, or its labels."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import polars as pl

from medinst_eval.grammar.answers import Tags
from medinst_eval.grammar.plain import Classes
from schemas.task import SPLITS, Ner, Split, Task
from tasks.build.builds.build import Build
from tasks.build.render.annotations import entities_of
from tasks.model.baseline.shapes import Shape, TagShape
from tasks.model.baseline.spans import Lost, Mention, Tagged, encode, words
from tasks.model.draw.records import records


class Example(NamedTuple):
    """One sample as a model learns from it.

    Attributes:
        words: of its text.
        gold: the tag of each word, or the labels of the text.
    """

    words: tuple[str, ...]
    gold: tuple[str, ...]


class Rows(NamedTuple):
    """Some samples of a task.

    Attributes:
        texts: their inputs.
        answers: their gold answers.
        examples: what is learned from them.
        lost: mentions, and those that tags do not say.
    """

    texts: list[str]
    answers: list[str]
    examples: list[Example]
    lost: Lost


def read(frame: pl.DataFrame, task: Task, shape: Shape, build: Build) -> Rows:
    """Samples as a model learns from them.

    Args:
        frame: the samples.
        task: theirs.
        shape: its form of answers.
        build: where they are from.
    """
    texts, answers = frame["input"].to_list(), frame["output"].to_list()
    lost = Lost()
    if not shape.per_word:
        gold = [(answer,) if answer in shape.outputs else tuple(Classes().parse(answer)) for answer in answers]
    elif isinstance(shape, TagShape):
        gold = [tuple(tag.tag for tag in Tags().parse(answer)) for answer in answers]
        lost = Lost(sum(tags.count("B") for tags in gold))
    else:
        tagged = _tagged(frame, task, build)
        gold = [tuple(each.tags) for each in tagged]
        lost = Lost(*map(sum, zip(*(each.lost for each in tagged), strict=True))) if tagged else lost
    examples = [Example(shape.words(text), each) for text, each in zip(texts, gold, strict=True)]
    return Rows(texts, answers, examples, lost)


def _tagged(frame: pl.DataFrame, task: Task, build: Build) -> list[Tagged]:
    """The tags of samples, from the mentions of their records: answers do not say where in the text a mention is."""
    assert isinstance(task, Ner)
    known = _annotated(task, build, set(frame["record_id"]))
    rows = frame.select("record_id", "input").iter_rows()
    return [encode(_placed(*known[record], text) if record in known else [], words(text)) for record, text in rows]


def _annotated(task: Ner, build: Build, wanted: set[str]) -> Mapping[str, tuple[str, list[Mention]]]:
    """The text of each record, and the mentions in it that the task asks for."""
    found: dict[str, tuple[str, list[Mention]]] = {}
    splits: Sequence[Split] = SPLITS
    for each in records(task, build, splits):
        texts = each.select("record_id", whole="text").with_row_index("row")
        entities = entities_of(each).filter(pl.col("type").is_in([*task.types]))
        named = entities.with_columns(pl.col("type").replace_strict(task.types))
        once = named.unique(["row", "place", "text", "type"], keep="first", maintain_order=True)
        rows = once.join(texts, on="row", how="left", maintain_order="left")
        for record, whole, spans, type_ in rows.select("record_id", "whole", "spans", "type").collect().iter_rows():
            if record in wanted:
                parts = tuple((span["start"], span["end"]) for span in spans)
                found.setdefault(record, (whole, []))[1].append(Mention(parts, type_))
    return found


def _placed(whole: str, mentions: Sequence[Mention], text: str) -> list[Mention]:
    """The mentions of a record at their places in an input, which ends with the text of the record, stripped."""
    shift = len(text) - len(whole.strip()) - (len(whole) - len(whole.lstrip()))
    return [Mention(tuple((start + shift, end + shift) for start, end in parts), type_) for parts, type_ in mentions]
