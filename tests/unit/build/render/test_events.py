"""Rendering of events: their triggers and themes."""

from schemas.records import Argument, Document, Event
from schemas.task import Ee
from tests.support.rendering import documents, entity, one, outcome

EE = Ee(name="T", types={"Growth": "growth", "Up": "increase"}, ignore=("Odd",))


def event(id_: str, start: int, trigger: str, *arguments: Argument, type_: str = "Growth") -> Event:
    return Event(id_, type_, trigger, start, arguments)


def theme(text: str, role: str = "Theme", kind: str = "entity") -> Argument:
    return Argument(role, "T1", kind, text)


def happening(*events: Event) -> Document:
    return Document("d", "text", events=events)


def test_events_stand_in_the_order_of_their_triggers_one_item_a_theme() -> None:
    late = event("E1", 30, "grew", theme("bud"), theme("leaf", "Theme2"))
    early = event("E2", 5, "rose", theme("sap"), type_="Up")
    wanted = "[<increase> <rose> <sap>], [<growth> <grew> <bud>], [<growth> <grew> <leaf>]"
    assert outcome(EE, happening(late, early))[0] == wanted


def test_events_that_differ_in_nothing_the_answer_shows_are_one() -> None:
    found = (entity("T1", 0, "bud"), entity("T2", 9, "bud"))
    there = Argument("Theme", "T2", "entity", "bud")
    events = (event("E1", 4, "grew", theme("bud")), event("E2", 4, "grew", theme("bud"), theme("sun", "Cause")))
    others = (event("E3", 4, "grew", there), event("E4", 13, "grew", theme("bud")))
    output, _ = outcome(EE, Document("d", "bud grew bud grew", found, events=(*events, *others)))
    assert output == ", ".join(["[<growth> <grew> <bud>]"] * 3)


def test_only_entities_are_themes() -> None:
    nested = event("E1", 0, "promotes", theme("grew", kind="event"), type_="Up")
    cause = event("E2", 0, "grew", theme("sun", "Cause"), theme("spot", "ThemeSite"))
    bare = event("E3", 0, "growth")
    for alone in (nested, cause, bare):
        assert outcome(EE, happening(alone)) == (None, "no event with an entity as its theme")
    both = happening(nested, cause, bare, event("E4", 9, "grew", theme("bud")))
    assert outcome(EE, both)[0] == "[<growth> <grew> <bud>]"


def test_types_of_events_are_declared_or_ignored() -> None:
    ignored, odd = (event("E1", 0, "x", theme("a"), type_=type_) for type_ in ("Odd", "Odder"))
    assert outcome(EE, happening(ignored)) == (None, "no event with an entity as its theme")
    row = one(EE, documents(happening(odd)))
    assert (row["reason"], row["detail"]) == ("undeclared type", "Odder")


def test_a_theme_without_a_mention_rejects_the_document() -> None:
    assert outcome(EE, happening(event("E1", 0, "grew", theme("")))) == (None, "argument without a mention")
