"""Spans keep their text through any edits."""

from hypothesis import given
from hypothesis import strategies as st

from tasks.build.clean.edits import Alignment, Edit, edited


@st.composite
def texts_and_edits(draw: st.DrawFn) -> tuple[str, list[Edit]]:
    text = draw(st.text("abc 😀", max_size=30))
    places = sorted(draw(st.lists(st.integers(0, len(text)), max_size=8, unique=True)))
    pairs = zip(places[::2], places[1::2], strict=False)
    return text, [Edit(start, end, draw(st.text("XYZ", max_size=3))) for start, end in pairs]


@given(texts_and_edits(), st.data())
def test_a_span_beside_all_edits_keeps_its_text_and_one_around_them_all_of_the_new(found, data):
    text, edits = found
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    new, alignment = edited(text, edits), Alignment(edits)
    a, b = alignment.span((start, end))
    inside = [edit for edit in edits if start <= edit.start and edit.end <= end]
    if len(inside) == len([edit for edit in edits if edit.start < end and start < edit.end]) and start < end:
        moved = [edit._replace(start=edit.start - start, end=edit.end - start) for edit in inside]
        assert new[a:b] == edited(text[start:end], moved)
    assert 0 <= a <= len(new)
    assert 0 <= b <= len(new)


def test_where_spans_are_that_meet_an_edit():
    edits = [Edit(2, 4, "X"), Edit(6, 6, "__"), Edit(7, 8, "")]  # abCDef|gHi -> abXef__gi
    span = Alignment(edits).span
    new = edited("abCDefgHi", edits)
    assert new == "abXef__gi"
    expected = {
        (0, 2): "ab",
        (2, 4): "X",
        (3, 4): "X",
        (1, 3): "bX",
        (4, 6): "ef",
        (6, 7): "g",
        (8, 9): "i",
        (6, 9): "gi",
    }
    assert {given: new[slice(*span(given))] for given in expected} == expected
