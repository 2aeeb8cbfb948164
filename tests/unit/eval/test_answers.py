"""The answer grammar: what is written is read again, whatever the texts hold, and Polars writes the same."""

import re
import string
from collections import Counter
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medinst_eval.grammar.answers import Concepts, Entities, Events, Form, Mentions, Relations, Tags
from medinst_eval.grammar.brackets import Unparsable, items
from medinst_eval.grammar.labels import Entity as Marked
from medinst_eval.grammar.labels import Tag, Triple
from medinst_eval.grammar.plain import Classes, FreeText, Score
from schemas.records import Argument, Document, Entity, Event, Link, Mention, Relation
from schemas.task import Coref, Ee, Ned, Ner, Qa, Re, Sts, Sum, Task, Transl, TxtClass
from tasks.build.read.records import batch
from tasks.build.render import form, render, renderers

assert renderers  # registers them

often = settings(deadline=None, max_examples=60)
seldom = settings(deadline=None, max_examples=25)  # a Polars query each


def plain(text: str) -> str:
    """A text on one line: what an answer can hold of it."""
    return " ".join(text.split())


NASTY = ("[", "]", "<", ">", "\\", ",", ", ", " <x>", "> <", "\n", "\\[", "\\]", "[3H]", "<sup>2</sup>", "none", "], [")
PIECES = st.one_of(st.sampled_from(NASTY), st.text("abB β🐌\u0308-/|'\"\t\u00a0", min_size=1, max_size=4))
TEXTS = st.lists(PIECES, min_size=1, max_size=6).map("".join).filter(plain)
WORDS = TEXTS.map(lambda text: re.sub(r"\s", "", text)).filter(bool)
NAMES = TEXTS.map(lambda text: plain(re.sub(r"[\[\]<>\\\\]", "", text))).filter(
    bool
)  # what a declaration may call a type
LABELS = TEXTS.map(plain).filter(lambda text: ", " not in text)


def balanced(text: str) -> bool:
    depth = 0
    for character in text:
        depth += {"[": 1, "]": -1}.get(character, 0)
        if depth < 0:
            return False
    return depth == 0


# Every form reads what it writes.


@often
@given(st.lists(st.builds(Marked, TEXTS, TEXTS), max_size=4))
def test_entities_come_back(labels: list[Marked]) -> None:
    for entities in (Entities(), Concepts()):
        assert entities.parse(entities.write(labels)) == [Marked(*map(plain, label)) for label in labels]


@often
@given(st.lists(st.builds(Triple, TEXTS, TEXTS, TEXTS), max_size=4))
def test_triples_come_back(labels: list[Triple]) -> None:
    for triples in (Relations(), Events()):
        assert triples.parse(triples.write(labels)) == [Triple(*map(plain, label)) for label in labels]


@often
@given(st.lists(TEXTS, max_size=4))
def test_mentions_come_back(labels: list[str]) -> None:
    assert Mentions().parse(Mentions().write(labels)) == [plain(label) for label in labels]


@often
@given(st.lists(st.builds(Tag, WORDS, st.sampled_from("BIO")), min_size=1, max_size=6))
def test_tags_come_back(labels: list[Tag]) -> None:
    assert Tags().parse(Tags().write(labels)) == labels


@often
@given(st.lists(LABELS, min_size=1, max_size=4))
def test_labels_come_back(labels: list[str]) -> None:
    assert Classes(multiple=True).parse(Classes(multiple=True).write(labels)) == labels


@often
@given(st.integers(0, 5))
def test_scores_come_back(score: int) -> None:
    assert Score().parse(Score().write(score)) == score


@often
@given(TEXTS)
def test_free_texts_stay_as_they_are(text: str) -> None:
    assert FreeText().write(text) == text
    assert FreeText().parse(text) == text


# What is written, in letters.


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        (Entities().write([Marked("IL-2", "gene"), Marked("IL-2", "gene")]), "[IL-2 <gene>], [IL-2 <gene>]"),
        (Entities().write([]), "none"),
        (Entities().write([Marked("[3H]-tea", "drug")]), "[[3H]-tea <drug>]"),
        (Entities().write([Marked("a) [b", "drug")]), r"[a) \[b <drug>]"),
        (Entities().write([Marked("p < 0.05 <x>", "value <y>")]), r"[p < 0.05 <x> <value \<y\>>]"),
        (Entities().write([Marked("a\\b", "drug")]), r"[a\b <drug>]"),
        (Entities().write([Marked("a\\", "drug")]), r"[a\\ <drug>]"),
        (Entities().write([Marked("a\\[b]", "drug")]), r"[a\\[b] <drug>]"),
        (Entities().write([Marked("two\n lines", "drug")]), "[two lines <drug>]"),
        (Relations().write([Triple("a", "binds", "b")]), "[<a> <binds> <b>]"),
        (Relations().write([Triple("a> <b", "binds", "c")]), r"[<a\> \<b> <binds> <c>]"),
        (Relations().write([Triple("BMI", "has value", "> 30")]), "[<BMI> <has value> <> 30>]"),
        (Relations().write([Triple("K<sup>+</sup>", "is <", "5 < x")]), "[<K<sup>+</sup>> <is <> <5 < x>]"),
        (Events().write([Triple("growth", "grew", "buds")]), "[<growth> <grew> <buds>]"),
        (Mentions().write(["none"]), "[none]"),
        (Tags().write([Tag("[B]", "O"), Tag("x", "B")]), "[B] [O] x [B]"),
        (Classes(multiple=True).write(["a", "b c"]), "a, b c"),
    ],
)
def test_written_as_the_paper_does(written: str, wanted: str) -> None:
    assert written == wanted


# What an instruction says about the form, which follows from the declaration.

TYPES = {"X": "x", "Y": "y"}
SPLIT = "If a mention is discontinuous, join its parts with a space, in text order."
NONE = 'If there is nothing to list, answer "none".'


@pytest.mark.parametrize(
    ("task", "says", "does_not_say"),
    [
        (Ner(name="T", types=TYPES), "[aspirin <chemical>]", ("discontinuous", "none")),
        (Ner(name="T", types=TYPES, keep="all"), NONE, ("discontinuous",)),
        (Ner(name="T", types=TYPES, keep="all", answer="bio"), "Copy every token", ("none",)),
        (Ner(name="T", types=TYPES, discontinuous=True), SPLIT, ("none",)),
        (Ned(name="T", databases=("D",)), "If a mention has several identifiers", ("phrase", "none")),
        (Ned(name="T", databases=("D",), per="phrase"), "the phrase exactly as given", ("List",)),
        (Ned(name="T", databases=("D",), per="mark"), "without the marks around it", ("List", "phrase")),
        (Re(name="T", types=TYPES), "in any order", ("direction", "none")),
        (Re(name="T", types=TYPES, symmetric=("x",)), 'For relations without direction ("x"), put first', ("none",)),
        (Re(name="T", types=TYPES, symmetric=("x", "y")), "The relations have no direction: put first", ('"x"',)),
        (Re(name="T", types=TYPES, discontinuous=True), SPLIT, ("direction",)),
        (Coref(name="T", discontinuous=True), SPLIT, ("none",)),
        (Ee(name="T", types=TYPES), "in the order of the triggers", ("discontinuous", "direction")),
        (Qa(name="T", choices=("yes", "no")), 'Answer with exactly one of: "yes", "no".', ("all that apply",)),
        (Qa(name="T", several="semicolons"), "separated by semicolons", ("exactly one",)),
        (TxtClass(name="T", classes=TYPES), 'Answer with exactly one of: "x", "y".', ("all that apply",)),
        (
            TxtClass(name="T", classes=TYPES, multiple=True),
            "Answer with all that apply, separated by commas, in the order listed above.",
            ("exactly one",),
        ),
        (Sts(name="T", scale=(0, 1)), "Answer with one integer from 0 to 5.", ("or",)),
        (Sts(name="T", scale=(0, 1), scores=(0, 5)), "Answer with 0 or 5.", ("from",)),
        (Transl(name="T"), "Answer with the translation only.", ("summary",)),
        (Sum(name="T"), "Write nothing else.", ("translation",)),
    ],
)
def test_instructions_say_what_the_declaration_asks_for(task: Task, says: str, does_not_say: tuple[str, ...]) -> None:
    sentence = form(task).sentence
    assert says in sentence
    assert not [words for words in does_not_say if re.search(rf"(?<!\w){re.escape(words)}(?!\w)", sentence)]


@pytest.mark.parametrize(
    "task",
    [
        Ner(name="T", types=TYPES),
        Ner(name="T", types=TYPES, answer="bio"),
        *(Ned(name="T", databases=("D",), per=per) for per in ("document", "phrase", "mark")),
        Re(name="T", types=TYPES),
        Coref(name="T"),
        Ee(name="T", types=TYPES),
    ],
)
def test_the_example_is_an_answer_of_the_form(task: Task) -> None:
    answers = form(task)
    assert answers.example in answers.sentence
    assert answers.parse(answers.example)
    assert answers.write(answers.parse(answers.example)) == answers.example


def test_only_the_possible_scores_are_scores() -> None:
    task = Sts(name="T", scale=(0, 1), scores=(0, 5))
    rows = render(task, pl.LazyFrame({"id": ["a", "b", "c"], "document": [""] * 3, "label": ["0", "1", "0.6"]} | TWO))
    assert rows.collect()["output"].to_list() == ["0", "5", None]
    assert rows.collect()["reason"].to_list() == [None, None, "undeclared label"]
    with pytest.raises(Unparsable, match="'3' is not 0 or 5"):
        form(task).parse("3")


TWO = {"first": ["x"] * 3, "second": ["y"] * 3}


def test_several_labels_are_written_in_the_order_of_the_declaration() -> None:
    task = TxtClass(name="T", classes={"B": "b", "A": "a", "C": "c"}, multiple=True)
    records = pl.LazyFrame({"id": ["1"], "document": [""], "text": ["t"], "labels": [["C", "A", "B"]]})
    assert render(task, records).collect()["output"].item() == "b, a, c"


def test_several_answers_are_separated_as_declared() -> None:
    empty = {"id": ["1"], "document": [""], "context": [""], "choices": [[]]}
    records = {**empty, "text": ["q"], "answers": [["a, b", "c"]]}
    frame = pl.LazyFrame(records, schema_overrides={"choices": pl.List(pl.String)})
    assert render(Qa(name="T", several="semicolons"), frame).collect()["output"].item() == "a, b; c"
    assert render(Qa(name="T", several="commas"), frame).collect()["output"].item() == "a, b, c"


# What is not an answer.

MALFORMED = [
    (Entities(), "", "'' is not an item"),
    (Entities(), "aspirin <drug>", "'aspirin <drug>' is not an item in brackets"),
    (Entities(), "[aspirin]", "'aspirin' is not `entity <type>`"),
    (Entities(), "[aspirin <drug]", "'aspirin <drug' is not `entity <type>`"),
    (Entities(), "[ <drug>]", "' <drug>' is not `entity <type>`"),
    (Entities(), "[aspirin <drug>", "the bracket at 0 is not closed"),
    (Entities(), "[a <b>]] ", "closes at 7 that never opened"),
    (Entities(), "[a <b>] [c <d>]", "' ' stands before item 2"),
    (Entities(), "Here: [a <b>]", "'Here: ' stands before item 1"),
    (Entities(), "[a <b>].", "'.' is not an item"),
    (Entities(), "None", "'None' is not an item"),
    (Relations(), "[<a> <binds>]", "is not three texts in angle brackets"),
    (Relations(), "[a> <binds> <b>]", "is not three texts in angle brackets"),
    (Relations(), "[<a> <b> <c> <d>]", "is not three texts in angle brackets"),
    (Events(), "[]", "is not three texts in angle brackets"),
    (Mentions(), "[]", "a mention is empty"),
    (Mentions(), "a, b", "'a, b' is not an item in brackets"),
    (Tags(), "a [B] b", "'b' is not a word and its tag"),
    (Tags(), "a [X]", "'a [X]' is not a word and its tag"),
    (Tags(), "a [b]", "'a [b]' is not a word and its tag"),
    (Tags(), "a  [B]", "'a  [B]' is not a word and its tag"),
    (Classes(), "", "a label is empty"),
    (Classes(multiple=True), "a, , b", "a label is empty"),
    (Score(), "6", "'6' is not one integer from 0 to 5"),
    (Score(), "3.5", "'3.5' is not one integer"),
    (Score(), "\u0665", "is not one integer"),
    (FreeText(), " \n", "the answer is empty"),
]


@pytest.mark.parametrize(("answers", "answer", "words"), MALFORMED)
def test_malformed_answers_are_refused_in_words(answers: Form[Any], answer: str, words: str) -> None:
    with pytest.raises(Unparsable, match=re.escape(words)):
        answers.parse(answer)


@often
@given(st.lists(PIECES | st.sampled_from(["[a <b>]", "[<a> <b> <c>]", "a [B]"]), max_size=8).map("".join))
def test_any_text_is_read_or_refused(text: str) -> None:
    for answers in (Entities(), Relations(), Events(), Mentions(), Tags(), Classes(), Score(), FreeText()):
        try:
            found = str(answers.parse(text))
        except Unparsable as error:
            found = str(error)
        assert found


def test_a_long_text_is_quoted_in_short() -> None:
    with pytest.raises(Unparsable) as caught:
        Entities().parse("x" * 10_000)
    assert len(str(caught.value)) < 120


# Polars writes what the forms write.


def rendered(task: Task, document: Document) -> str:
    rows = render(task, pl.DataFrame(batch([document])).lazy().with_columns(document=pl.lit(""))).collect()
    assert rows.height == 1
    assert rows["reason"].item() is None, rows["reason"].item()
    return rows["output"].item()


def entities_of(texts: list[str], links: tuple[Link, ...] = ()) -> tuple[Entity, ...]:
    return tuple(Entity(f"T{n}", "X", ((n, n + 1),), text, links) for n, text in enumerate(texts))


@seldom
@given(st.lists(TEXTS, min_size=1, max_size=4), NAMES)
@pytest.mark.heavy
def test_polars_writes_entities(texts: list[str], type_: str) -> None:
    task = Ner(name="T", types={"X": type_})
    wanted = form(task).write([Marked(text, type_) for text in texts])
    assert rendered(task, Document("d", "text", entities_of(texts))) == wanted


@seldom
@given(st.lists(TEXTS, min_size=1, max_size=3), TEXTS.map(plain))
def test_polars_writes_concepts(texts: list[str], identifier: str) -> None:
    task = Ned(name="T", databases=("DB",))
    document = Document("d", "text", entities_of(texts, (Link("DB", identifier), Link("DB", "2"))))
    wanted = [Marked(text, f"DB/{each}") for text in texts for each in (identifier, "2")]
    assert rendered(task, document) == form(task).write(wanted)


@seldom
@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=3), NAMES)
def test_polars_writes_relations(pairs: list[tuple[str, str]], type_: str) -> None:
    task = Re(name="T", types={"X": type_})
    relations = tuple(
        Relation(
            f"R{n}", "X", (Argument("Arg1", f"T{n}", "entity", first), Argument("Arg2", f"U{n}", "entity", second))
        )
        for n, (first, second) in enumerate(pairs)
    )
    wanted = form(task).write([Triple(first, type_, second) for first, second in pairs])
    assert rendered(task, Document("d", "text", relations=relations)) == wanted


@seldom
@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=3), NAMES)
def test_polars_writes_events(pairs: list[tuple[str, str]], type_: str) -> None:
    task = Ee(name="T", types={"X": type_})
    events = tuple(
        Event(f"E{n}", "X", trigger, n, (Argument("Theme", "T1", "entity", theme),))
        for n, (trigger, theme) in enumerate(pairs)
    )
    wanted = form(task).write([Triple(type_, trigger, theme) for trigger, theme in pairs])
    assert rendered(task, Document("d", "text", events=events)) == wanted


@seldom
@given(st.lists(TEXTS, min_size=2, max_size=4))
def test_polars_writes_mentions(texts: list[str]) -> None:
    task = Coref(name="T")
    chain = tuple(Mention(f"T{n}", text) for n, text in enumerate(texts))
    assert rendered(task, Document("d", "text", chains=(chain,))) == form(task).write(texts[1:])


@seldom
@given(st.lists(st.tuples(WORDS, st.sampled_from(["O", "B-X", "I-X", "B-Y"])), min_size=1, max_size=6))
def test_polars_writes_tags(words: list[tuple[str, str]]) -> None:
    task = Ner(name="T", answer="bio", types={"X": "x"}, ignore=("Y",))
    tokens, tags = [word for word, _ in words], [tag for _, tag in words]
    output = (
        render(task, pl.LazyFrame({"id": ["s"], "document": [""], "tokens": [tokens], "tags": [tags]}))
        .collect()["output"]
        .item()
    )
    assert output == form(task).write([Tag(word, "O" if tag == "B-Y" else tag[0]) for word, tag in words])


@pytest.mark.parametrize("blank", ["\x1c", "\x1d", "\x1e", "\x1f"])
def test_polars_knows_the_same_blanks(blank: str) -> None:
    task = Ner(name="T", types={"X": "x"})
    text = f"a{blank}b"
    assert rendered(task, Document("d", "text", entities_of([text]))) == form(task).write([Marked(text, "x")])


# The paper's own scorer finds our items.


def found_by_the_paper(answer: str) -> list[str]:
    """The bracket scanner of the paper's scorer, defects included (shared/paper/README.md, "Exactly")."""
    found: list[str] = []
    buffer, depth = "", 0
    for character in answer:
        if character == "[":
            buffer += character if depth else ""
            depth += 1
        elif character == "]" and depth == 0:
            buffer = ""
        elif character == "]":
            depth -= 1
            if depth:
                buffer += character
            else:
                found.append(buffer)
                buffer = ""
        elif depth:
            buffer += character
    return found


def normalised_by_the_paper(text: str) -> str:
    text = text.lower().translate(str.maketrans("", "", string.punctuation))
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", text).split())


def same(answer: str, wanted: list[str]) -> bool:
    found = Counter(map(normalised_by_the_paper, found_by_the_paper(answer)))
    return found == Counter(map(normalised_by_the_paper, wanted))


BALANCED = TEXTS.filter(balanced)


@often
@given(st.lists(st.tuples(BALANCED, BALANCED), max_size=4))
def test_the_paper_finds_our_entities(pairs: list[tuple[str, str]]) -> None:
    answer = Entities().write([Marked(*pair) for pair in pairs])
    assert same(answer, [f"{mention} <{type_}>" for mention, type_ in pairs])
    assert found_by_the_paper(answer) == items(answer)


@often
@given(st.lists(st.tuples(BALANCED, BALANCED, BALANCED), max_size=4))
def test_the_paper_finds_our_triples(triples: list[tuple[str, str, str]]) -> None:
    answer = Relations().write([Triple(*triple) for triple in triples])
    assert same(answer, [f"<{first}> <{second}> <{third}>" for first, second, third in triples])
    assert found_by_the_paper(answer) == items(answer)


@often
@given(st.lists(BALANCED, max_size=4))
def test_the_paper_finds_our_mentions(mentions: list[str]) -> None:
    answer = Mentions().write(mentions)
    assert same(answer, mentions)
    assert found_by_the_paper(answer) == items(answer)


def test_an_unbalanced_bracket_is_beyond_the_paper() -> None:
    """Why the condition above: our backslash keeps such an answer readable, the paper's scanner loses its rest."""
    answer = Mentions().write(["a [b", "c"])
    assert items(answer) == [r"a \[b", "c"]
    assert found_by_the_paper(answer) == []
