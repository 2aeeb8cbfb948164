"""What rows of each source consist of: a main text, in which copies differ and tests are planted, and other fields."""

from functools import cache
from typing import NamedTuple

import numpy as np
import polars as pl

from tests.benchmarks.scale.rows import Kind
from tests.benchmarks.scale.words import (
    ACCENTED,
    CLOSE,
    TILDED,
    Dice,
    Numbers,
    Texts,
    Vocabulary,
    ends,
    han,
    lengths,
    spelled,
)

ABBREVIATIONS, ENTITIES, SENSES = 5_886, 20_000, 4
CAPITALS = "ABCDEFGHIJKLMNOPRSTUVXZ"
SECTIONS = ("BACKGROUND", "OBJECTIVE", "METHODS", "RESULTS", "CONCLUSIONS")
DATABASES = ("MESH:D9", "MESH:C9", "990")
TYPES = ("Disease", "Chemical", "Gene")


class Languages(NamedTuple):
    """The vocabularies."""

    en: Vocabulary
    es: Vocabulary
    pt: Vocabulary
    zh: Vocabulary


@cache
def languages(seed: int) -> Languages:
    """The vocabularies of a seed; English has the abbreviations and the placeholders of entities as special words."""
    dice = np.random.Generator(np.random.SFC64([seed, 0]))
    short = sorted(
        {"".join(CAPITALS[n] for n in row[: 2 + row[-1] % 3]) for row in dice.integers(0, 23, (4 * ABBREVIATIONS, 5))}
    )
    special = [*dice.permutation(short)[:ABBREVIATIONS].tolist(), *(f"@entity{n}" for n in range(ENTITIES))]
    return Languages(
        Vocabulary(spelled(dice), special),
        Vocabulary(spelled(dice, ACCENTED)),
        Vocabulary(spelled(dice, TILDED)),
        Vocabulary(han(dice), patterns=CLOSE),
    )


def filled(pattern: str, *columns: str | pl.Expr) -> pl.Expr:
    """A pattern in which each `<>` is the value of a column."""
    pieces = pattern.split("<>")
    cells = [pl.col(column) if isinstance(column, str) else column for column in columns]
    parts = [pl.lit(pieces[0])]
    for cell, piece in zip(cells, pieces[1:], strict=True):
        parts += [cell.cast(pl.String), pl.lit(piece)]
    return pl.concat_str(parts)


def lines(vocabulary: Vocabulary, dice: Dice, counts: Numbers) -> pl.Series:
    """Sentences, as strings, of so many words each."""
    return _strings(vocabulary, vocabulary.sentences(dice, vocabulary.draw(dice, counts)))


def translations(main: Vocabulary, other: Vocabulary, mean: float, ratio: float = 0.95) -> Kind:
    """A sentence and its translation, which has about `ratio` as many words."""

    def fields(dice: Dice, texts: Texts) -> pl.DataFrame:
        counts = np.maximum(3, texts.lengths * ratio * dice.uniform(0.85, 1.15, len(texts.lengths))).astype(np.int64)
        return pl.DataFrame({"translation": lines(other, dice, counts)})

    return Kind(main, lambda dice, count: main.draw(dice, lengths(dice, count, mean)), main.sentences, fields)


def abbreviations(words: Vocabulary, mean: float = 204) -> Kind:
    """An abstract in small letters, some words of it abbreviations, one of which stands for something."""
    senses = lines(words, np.random.default_rng(1), np.arange(ABBREVIATIONS * SENSES) % 3 + 1)
    senses = senses.str.strip_chars(".").str.replace_all("[.,]", "").str.to_lowercase()

    def texts(dice: Dice, count: int) -> Texts:
        drawn = words.draw(dice, lengths(dice, count, mean))
        here = np.flatnonzero(dice.integers(0, 50, len(drawn.words), dtype=np.uint8) == 0)
        drawn.words[here] = words.common + dice.integers(0, ABBREVIATIONS, len(here))
        return drawn

    def fields(dice: Dice, found: Texts) -> pl.DataFrame:
        plain = words.plain(found).words
        marks = np.append(np.flatnonzero(plain >= words.common), len(plain))
        somewhere = found.starts[:-1] + (dice.random(len(found.lengths)) * found.lengths).astype(np.int64)
        at = marks[np.searchsorted(marks, somewhere)]
        at = np.where(at < found.starts[1:], at, somewhere)
        sense = (plain[at] * SENSES + dice.integers(0, SENSES, len(at))) % len(senses)
        return pl.DataFrame({"location": at - found.starts[:-1], "label": senses[sense]})

    return Kind(words, texts, lambda _, plain: words.bare(plain), fields)


def gaps(words: Vocabulary, mean: float = 215) -> Kind:
    """An abstract with placeholders for its entities, and a title from which one of them is missing."""
    first = words.common + ABBREVIATIONS
    names = lines(words, np.random.default_rng(2), np.arange(ENTITIES) % 3 + 1).str.strip_chars(".").str.to_lowercase()
    listed = pl.Series(
        f"\"@entity{n} :: ('{DATABASES[n % 3]}{n:05}', '{TYPES[n % 3]}') :: ['{name}']\""
        for n, name in enumerate(names)
    )
    answers = pl.Series(
        f"@entity{n} :: ({DATABASES[n % 3]}{n:05},{TYPES[n % 3]}) :: ['{name}']" for n, name in enumerate(names)
    )

    def texts(dice: Dice, count: int) -> Texts:
        drawn = words.draw(dice, lengths(dice, count, mean))
        here = np.flatnonzero(dice.integers(0, 10, len(drawn.words), dtype=np.uint8) == 0)
        row = np.searchsorted(drawn.starts, here, side="right") - 1
        own, many = dice.integers(0, ENTITIES, count), dice.integers(2, 11, count)
        which = (dice.random(len(here)) * many[row]).astype(np.int64)
        drawn.words[here] = first + (own[row] + which * 7919) % ENTITIES
        return drawn

    def fields(dice: Dice, found: Texts) -> pl.DataFrame:
        count = len(found.lengths)
        plain = words.plain(found).words
        here = np.flatnonzero(plain >= first)
        mentions = pl.DataFrame(
            {"row": np.searchsorted(found.starts, here, side="right") - 1, "entity": plain[here] - first}
        ).cast(pl.Int64)
        spare = pl.DataFrame(
            {"row": np.arange(count), "entity": dice.integers(0, ENTITIES, count)}
        )  # where there is none
        known = pl.concat([mentions, spare]).unique(maintain_order=True)
        by_row = (
            known.with_columns(listed=listed[known["entity"]])
            .group_by("row")
            .agg(pl.col("listed").str.join(", "), pl.col("entity").last())
            .sort("row")
        )
        before, after = (lines(words, dice, lengths(dice, count, mean, least=2)) for mean in (4, 9))
        return pl.DataFrame(
            {
                "title": before.str.strip_chars_end(".") + " XXXX " + after.str.to_lowercase(),
                "entities": by_row["listed"],
                "answer": answers[by_row["entity"]],
            }
        )

    return Kind(words, texts, words.sentences, fields)


def claims(words: Vocabulary, mean: float = 8.4) -> Kind:
    """A claim, its verdict, and sentences of articles as evidence."""

    def fields(dice: Dice, texts: Texts) -> pl.DataFrame:
        count = len(texts.lengths)
        verdict, sentence = dice.integers(0, 3, count), dice.integers(0, 30, count)
        page = lines(words, dice, lengths(dice, count, 3, least=1)).str.strip_chars(".").str.replace_all("[.,]? ", "_")
        numbers = pl.DataFrame(dice.integers(10_000, 400_000, (count, 2)), ["one", "two"])
        known = filled('[[[<>, <>, "<>", <>]]]', "one", "two", "page", "sentence")
        return (
            numbers.with_columns(verdict=verdict, page=page, sentence=sentence)
            .with_columns(
                evidence=pl.when(pl.col("verdict") < 2)
                .then(known)
                .otherwise(pl.format("[[[{}, null, null, null]]]", "one"))
            )
            .select("verdict", "evidence")
        )

    return Kind(
        words,
        lambda dice, count: words.draw(dice, lengths(dice, count, mean, 0.35)),
        lambda dice, plain: words.sentences(dice, plain, every=200),
        fields,
    )


def questions(words: Vocabulary, mean: float = 238) -> Kind:
    """A question, the sections of an abstract, its conclusion, headings and the answer."""
    headings = lines(words, np.random.default_rng(3), np.arange(5000) % 3 + 1).str.strip_chars(".")

    def fields(dice: Dice, texts: Texts) -> pl.DataFrame:
        count = len(texts.lengths)
        asked = lines(words, dice, lengths(dice, count, 15, 0.3)).str.strip_chars(".") + "?"
        said = lines(words, dice, lengths(dice, count, 40, 0.4))
        many = dice.integers(6, 19, count)
        row = np.repeat(np.arange(count), many)
        chosen = headings[dice.integers(0, len(headings), len(row))]
        meshes = pl.DataFrame({"row": row, "heading": chosen}).group_by("row", maintain_order=True).agg("heading")
        return pl.DataFrame(
            {"question": asked, "conclusion": said, "meshes": meshes["heading"], "yes": dice.random(count) < 0.93}
        )

    def written(dice: Dice, plain: Texts) -> Texts:
        return words.sentences(dice, plain, breaks=0.3)

    return Kind(words, lambda dice, count: words.draw(dice, lengths(dice, count, mean, 0.35)), written, fields)


def related_work(words: Vocabulary, mean: float = 150) -> Kind:
    """The abstract of a paper, those of the papers it cites, and the paragraph that cites them."""

    def fields(dice: Dice, texts: Texts) -> pl.DataFrame:
        count = len(texts.lengths)
        cited = dice.geometric(0.25, count).clip(max=20)
        row, bounds = np.repeat(np.arange(count), cited), ends(cited)
        number = np.arange(len(row)) - np.repeat(bounds[:-1], cited)
        papers = pl.DataFrame(
            {"row": row, "number": number, "mid": dice.integers(10**9, 3 * 10**9, len(row))},
        ).with_columns(abstract=lines(words, dice, lengths(dice, len(row), mean)))
        paper = filled('"@cite_<>": {"mid": "<>", "abstract": "<>"}', "number", "mid", "abstract")
        sentence = lines(words, dice, lengths(dice, len(row), 26))
        by_row = (
            papers.with_columns(paper=paper, said=pl.format("@cite_{} {}", "number", sentence))
            .group_by("row", maintain_order=True)
            .agg(pl.col("paper").str.join(", "), pl.col("said").str.join(" "))
        )
        return by_row.select(related_work="said", cited="paper")

    return Kind(words, lambda dice, count: words.draw(dice, lengths(dice, count, mean)), words.sentences, fields)


def _strings(vocabulary: Vocabulary, texts: Texts) -> pl.Series:
    return pl.Series(pl.from_arrow(vocabulary.write(texts)))
