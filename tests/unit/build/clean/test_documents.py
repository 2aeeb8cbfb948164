"""Whatever a document says of its text moves along when that is cleaned."""

from hypothesis import given
from hypothesis import strategies as st

from schemas.records import Argument, Document, Entity, Event, Link, Mention, Relation
from tasks.build.clean.cleanups import FINDERS
from tasks.build.clean.documents import clean_document
from tasks.build.read import check
from tests.unit.build.clean.test_cleanups import PIECES

ALL = tuple(FINDERS)


@given(st.lists(st.one_of(PIECES, st.text("ab .\n&;", max_size=5)), min_size=1, max_size=6).map("".join), st.data())
def test_mentions_stay_the_text_at_their_spans(text, data):
    spans = []
    for _ in range(data.draw(st.integers(0, 4))):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, len(text)))
        if text[start:end].strip():
            spans.append((start, end))
    entities = tuple(Entity(f"T{n}", "X", (span,), text[slice(*span)]) for n, span in enumerate(spans))
    document, found = clean_document(Document("7", text, entities), ALL)
    assert check.checked(document) == document
    assert bool(found) == (document.text != text)
    for entity, old in zip(document.entities, entities, strict=True):
        assert entity.text.strip() or not old.text.strip()


def test_all_that_repeats_a_mention_moves_along():
    text = "Treated  with &alpha;-Xyl. Results show  it, &beta;  and Y."
    xyl, both = text.index("&alpha;"), text.index("&beta;")
    entities = (
        Entity("T1", "X", ((xyl, xyl + 11),), "&alpha;-Xyl", (Link("D", "1"),)),
        Entity("T2", "X", ((both, both + 6), (text.index("Y"), text.index("Y") + 1)), "&beta; Y"),
    )
    show = text.index("show  it")
    document = Document(
        "7",
        text,
        entities,
        (
            Relation(
                "R1", "r", (Argument("a", "T1", "entity", "&alpha;-Xyl"), Argument("b", "1", "concept", "&alpha;-Xyl"))
            ),
            Relation("R2", "r", (Argument("a", "E1", "event", "show  it"), Argument("b", "T2", "entity", "&beta; Y"))),
        ),
        (Event("E1", "e", "show  it", show, (Argument("Theme", "T1", "entity", "&alpha;-Xyl"),)),),
        ((Mention("T1", "&alpha;-Xyl"), Mention("T2", "&beta; Y")),),
    )
    clean, found = clean_document(document, ("spaces", "entities"))
    assert clean.text == "Treated with α-Xyl. Results show it, β and Y."
    at = clean.text.index
    assert clean.entities == (
        Entity("T1", "X", ((at("α"), at("α") + 5),), "α-Xyl", (Link("D", "1"),)),
        Entity("T2", "X", ((at("β"), at("β") + 1), (at("Y"), at("Y") + 1)), "β Y"),
    )
    assert [[each.text for each in relation.arguments] for relation in clean.relations] == [
        ["α-Xyl", "α-Xyl"],
        ["show it", "β Y"],
    ]
    assert clean.events == (Event("E1", "e", "show it", at("show"), (Argument("Theme", "T1", "entity", "α-Xyl"),)),)
    assert clean.chains == ((Mention("T1", "α-Xyl"), Mention("T2", "β Y")),)
    assert [(each.field, each.cleaned.clean_up, each.cleaned.places) for each in found] == [
        ("text", "entities", 2),
        ("text", "spaces", 3),
    ]


def test_nothing_is_put_into_a_mention_and_none_is_emptied():
    text = "the gene this.Results shows and \u200b there"
    start = text.index("this")
    mentions = (Entity("T1", "X", ((start, start + 12),), "this.Results"), Entity("T2", "X", ((32, 33),), "\u200b"))
    document = Document("7", text, mentions)
    assert clean_document(document, ("glued", "invisible")) == (document, [])
