"""What instructions and forms of answers say, held against every record and its sample.

The answers are worked out anew here, in plain Python and from the records: which items there are, how often, and where
each of them stands.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import singledispatch
from typing import Any, NamedTuple

import polars as pl

from medinst_eval.grammar.brackets import NOTHING
from schemas.databases import DATABASES
from schemas.records import MARKED
from schemas.task import Classes, Coref, Ee, Ned, Ner, Qa, Re, Sts, Task
from tasks.build.render import form, render, renderers

assert renderers  # registers them

Row = Mapping[str, Any]
Place = tuple[tuple[int, int], ...]
Items = Mapping[Any, set[Any]]
"""Item -> the places that it stands for."""


class Checked(NamedTuple):
    """What came of the samples of some records.

    Attributes:
        faults: the statements that are broken, each after the record's id.
        samples: how many samples there are.
        split: whether an answer names a mention of several parts.
        nothing: whether an answer is that there is nothing.
    """

    faults: list[str]
    samples: int
    split: bool
    nothing: bool


def check(task: Task, records: pl.DataFrame) -> Checked:
    """Hold every sample of some records against what is said of it."""
    made = render(task, records.lazy().with_columns(document=pl.lit(""))).collect()
    made = made.filter(pl.col("reason").is_null() & pl.col("fault").is_null())
    by_id = {record["id"]: record for record in records.iter_rows(named=True)}
    rows = [(by_id[sample["record_id"]], sample) for sample in made.iter_rows(named=True)]
    return Checked(
        faults=[f"{record['id']}: {fault}" for record, sample in rows for fault in faults(task, record, sample)],
        samples=len(rows),
        split="entities" in records.columns and any(is_split(task, record) for record, _ in rows),
        nothing=NOTHING in made["output"],
    )


@singledispatch
def faults(task: Task, record: Row, sample: Row) -> Iterator[str]:
    """The statements that a sample breaks, each with what was found."""
    yield from ()


def is_split(task: Task, record: Row) -> bool:
    """Whether an answer about a record names a mention of several parts."""
    split = {entity["id"] for entity in record["entities"] if len(entity["spans"]) > 1}
    return bool(split) and any(ids & split for ids in _asked(task, record))


def _asked(task: Task, record: Row) -> Iterator[set[str]]:
    """The ids of the entities that answers name."""
    match task:
        case Ner():
            yield {entity["id"] for entity in record["entities"] if entity["type"] in task.types}
        case Ned():
            yield {entity["id"] for entity in record["entities"] if _named(task, entity)}
        case Re():
            yield from ({end["target"] for end in each["arguments"]} for each in _relations(task, record))
        case Ee():
            yield from ({theme["target"] for theme in _themes(each)} for each in _events(task, record))
        case Coref():
            yield from ({mention["entity"] for mention in chain} for chain in record["chains"])
        case _:
            pass


@faults.register
def _(task: Ner, record: Row, sample: Row) -> Iterator[str]:
    if task.answer == "bio":
        return
    if sample["output"] == NOTHING and task.keep != "all":
        yield "answers `none`, which its form does not offer"
    wanted = _by_item(
        ((_line(entity["text"]), task.types[entity["type"]]), _spans(entity))
        for entity in record["entities"]
        if entity["type"] in task.types
    )
    yield from _listed(map(tuple, form(task).parse(sample["output"])), wanted, _start)


@faults.register
def _(task: Ned, record: Row, sample: Row) -> Iterator[str]:
    found = form(task).parse(sample["output"])
    for _, concept in found:
        database, _, identifier = concept.partition("/")
        if re.fullmatch(DATABASES[database], identifier) is None:
            yield f"an identifier of {database} is {identifier!r}"
    if task.per != "document":
        mention = record["text"] if task.per == "phrase" else re.search(MARKED, record["text"])[1]  # pyright: ignore[reportOptionalSubscript]
        if {each.mention for each in found} != {_line(mention)} or len(set(found)) != len(found):
            yield f"the mention is {mention!r}"
        return
    places = [place[1] for each in found if (place := re.fullmatch(r"miRNA corpus/s(\d+\.e\d+)", each.type))]
    if places != _counted(places):
        yield f"the places are {places}"
    wanted = _by_item(
        ((_line(entity["text"]), f"{link['database']}/{link['identifier']}"), _spans(entity))
        for entity in record["entities"]
        for link in _named(task, entity)
    )
    yield from _listed(map(tuple, found), wanted, _start)


@faults.register
def _(task: Re, record: Row, sample: Row) -> Iterator[str]:
    by_id = {entity["id"]: entity for entity in record["entities"]}
    by_name: dict[str, Row] = {}
    for entity in sorted(record["entities"], key=_place):
        by_name.setdefault(entity["text"], entity)

    def at(end: Row) -> Row:
        known = by_name.get(end["text"]) if end["kind"] == "concept" else by_id.get(end["target"])
        return known or {"text": end["text"], "spans": []}

    def ends(relation: Row) -> tuple[Row, ...]:
        both = tuple(map(at, relation["arguments"]))
        turned = task.types[relation["type"]] in task.symmetric and all(end["spans"] for end in both)
        return tuple(sorted(both, key=_place)) if turned else both

    pairs = ((task.types[relation["type"]], ends(relation)) for relation in _relations(task, record))
    wanted = _by_item(
        ((_line(first["text"]), name, _line(second["text"])), (_spans(first), _spans(second)))
        for name, (first, second) in pairs
    )
    yield from _listed(map(tuple, form(task).parse(sample["output"])), wanted)


@faults.register
def _(task: Ee, record: Row, sample: Row) -> Iterator[str]:
    spans = {entity["id"]: _spans(entity) for entity in record["entities"]}
    wanted = _by_item(
        (
            (task.types[event["type"]], _line(event["trigger"]), _line(theme["text"])),
            (event["start"], spans[theme["target"]]),
        )
        for event in _events(task, record)
        for theme in _themes(event)
    )
    yield from _listed(map(tuple, form(task).parse(sample["output"])), wanted, lambda place: place[0])


@faults.register
def _(task: Coref, record: Row, sample: Row) -> Iterator[str]:
    text, shown = sample["input"].rsplit("\n\nMention: ", 1)
    mention, _, context = shown.partition("\nIn context: ")
    if context.count("[[") != 1 or f"[[{mention}]]" not in context:
        yield f"{mention!r} is not what is marked in {context!r}"
    window = context.replace(f"[[{mention}]]", mention).strip("… ")
    if _line(text).count(window) != 1:
        yield f"{window!r} stands in the text {_line(text).count(window)} times"
    by_id = {entity["id"]: _place(entity) for entity in record["entities"]}
    chain = record["chains"][int(sample["unit"])]
    places = [by_id[each["entity"]] for each in chain]
    if places != sorted(places):
        yield "the mentions are not in the order of the text, the given one first"
    found = form(task).parse(sample["output"])
    if [mention, *found] != [_line(each["text"]) for each in chain]:
        yield f"the chain is {[each['text'] for each in chain]}"
    if any(not re.search(r"[^\W\d_]", name) for name in (mention, *found)):
        yield "a mention has no letter"


@faults.register
def _(task: Classes, record: Row, sample: Row) -> Iterator[str]:
    found = form(task).parse(sample["output"])
    if not set(found) <= set(task.labels) or len(set(found)) != len(found) or (len(found) > 1 and not task.multiple):
        yield f"labels are {found}"
    if found != sorted(found, key=task.labels.index):
        yield f"labels come in the order {found}"


@faults.register
def _(task: Qa, record: Row, sample: Row) -> Iterator[str]:
    if task.choices and sample["output"] not in task.choices:
        yield f"the answer is {sample['output']!r}"
    said = sample["output"]
    whole = [choice for choice in record["choices"] if choice == said]
    offered = whole or [choice for choice in record["choices"] if choice.startswith(f"{said} ")]
    if record["choices"] and len(offered) != 1:
        yield f"the answer {said!r} is {len(offered)} of the options"


@faults.register
def _(task: Sts, record: Row, sample: Row) -> Iterator[str]:
    if sample["output"] not in task.labels:
        yield f"the score is {sample['output']!r}"


def _listed(found: Iterable[Any], wanted: Items, order: Callable[[Any], Any] | None = None) -> Iterator[str]:
    """Whether a list has each item once for each of its places, and all in the order of the places."""
    items = list(found)
    counted, right = Counter(items), Counter({item: len(places) for item, places in wanted.items()})
    for item in (counted - right) | (right - counted):
        yield f"{item} is listed {counted[item]} times and stands at {right[item]} places"
    if order is not None and counted == right:
        left = {item: sorted(map(order, places)) for item, places in wanted.items()}
        places = [left[item].pop(0) for item in items]
        if places != sorted(places):
            late = next(number for number in range(1, len(places)) if places[number] < places[number - 1])
            yield f"{items[late]} comes after {items[late - 1]}"


def _counted(places: list[str]) -> list[str]:
    """Places `sentence.emention` with the mentions of each sentence counted from 0, sentences in ascending order."""
    seen = Counter(int(place.partition(".")[0]) for place in places)
    return [f"{sentence}.e{number}" for sentence in sorted(seen) for number in range(seen[sentence])]


def _by_item(pairs: Iterable[tuple[Any, Any]]) -> Items:
    found: dict[Any, set[Any]] = defaultdict(set)
    for item, place in pairs:
        found[item].add(place)
    return found


def _relations(task: Re, record: Row) -> Iterator[Row]:
    for relation in record["relations"]:
        ends = {end["kind"] for end in relation["arguments"]}
        if relation["type"] in task.types and ends <= {"entity", "concept"}:
            yield relation


def _events(task: Ee, record: Row) -> Iterator[Row]:
    yield from (event for event in record["events"] if event["type"] in task.types)


def _themes(event: Row) -> Iterator[Row]:
    for argument in event["arguments"]:
        if argument["kind"] == "entity" and re.fullmatch(r"Theme\d*", argument["role"]):
            yield argument


def _named(task: Ned, entity: Row) -> list[Row]:
    return [link for link in entity["links"] if link["database"] in task.databases]


def _line(text: str) -> str:
    return " ".join(text.split())


def _spans(entity: Row) -> Place:
    return tuple((span["start"], span["end"]) for span in entity["spans"])


def _place(entity: Row) -> tuple[int, int]:
    return _start(_spans(entity))


def _start(spans: Place) -> tuple[int, int]:
    return spans[0][0], spans[-1][1]
