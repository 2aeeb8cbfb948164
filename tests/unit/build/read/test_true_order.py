"""The numbers and roles of a format decide, not the order in its file."""

from itertools import combinations, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.formats import BioC, InteractionXml, SectionXml, Standoff, StandoffTables, TokenXml
from schemas.records import Document
from tasks.build.read.chains import united
from tasks.build.read.check import checked
from tests.support.reading import documents, often, put
from tests.unit.build.read.test_xml import annotation

# Pieces of a text

SENTENCES = {
    "d.s1": ("d.s0", "Marren after zelut.", "<entity charOffset='13-17' id='e1' text='zelut' type='Drug'/>"),
    "d.s0": ("d.s1", "Two took zelut.", "<entity charOffset='9-13' id='e0' text='zelut' type='Drug'/>"),
    "d.s2": ("d.s10", "A third recovered.", ""),
    "d.s3": ("d.s2", "Both had marren.", "<entity charOffset='9-14' id='e3' text='marren' type='Disease'/>"),
}
WHOLE = "Marren after zelut.\nTwo took zelut.\nBoth had marren.\nA third recovered."


def sentences(ids: tuple[str, ...], number: str = "origId") -> str:
    rows = "".join(
        f"<sentence id='{id_}' {number}='{SENTENCES[id_][0]}' text='{SENTENCES[id_][1]}'>{SENTENCES[id_][2]}</sentence>"
        for id_ in ids
    )
    return f"<corpus><document id='d' origId='7'>{rows}</document></corpus>"


@pytest.mark.parametrize("order", [*permutations(SENTENCES)])
def test_sentences_come_in_the_order_of_their_numbers(order: tuple[str, ...]):
    (found,) = documents(InteractionXml(per="document", inclusive=True), put("x", sentences(order)))
    assert found.text == WHOLE
    assert [entity.text for entity in found.entities] == ["zelut", "zelut", "marren"]
    assert checked(found) == found


@pytest.mark.parametrize("number", ["other", "x-origId"])
def test_sentences_without_numbers_stay_as_they_are(number: str):
    order = ("d.s1", "d.s3", "d.s0", "d.s2")
    (found,) = documents(InteractionXml(per="document", inclusive=True), put("x", sentences(order, number)))
    assert found.text.splitlines() == [SENTENCES[id_][1] for id_ in order]
    assert checked(found) == found


def test_sentences_of_which_two_have_one_number_stay_as_they_are():
    xml = sentences(("d.s2", "d.s1", "d.s0")).replace("origId='d.s1'", "origId='d.s0'")
    (found,) = documents(InteractionXml(per="document", inclusive=True), put("x", xml))
    assert found.text.splitlines()[0] == "A third recovered."


def test_sections_of_a_label():
    sections = {"S10": "c", "S2": "b", "S1": "a"}
    text = "".join(f"<Section id='{id_}'>{text}</Section>" for id_, text in sections.items())
    mention = "<Mention id='M1' section='S10' type='X' start='0' len='1' str='c'/>"
    label = f"<Label drug='d'><Text>{text}</Text><Mentions>{mention}</Mentions></Label>"
    (found,) = documents(SectionXml(), put("x", label))
    assert found.text == "a\n\nb\n\nc"
    assert checked(found) == found


def test_sentences_and_tokens_of_token_xml():
    tokens = {"s10": {"w1": "d"}, "s2": {"w10": "c", "w9": "b"}, "s1": {"w1": "a"}}
    rows = "".join(
        f"<sentence id='{id_}'><umlsterms><umlsterm id='t1' from='{min(words, key=len)}' to='{max(words, key=len)}'/>"
        f"</umlsterms><text>{''.join(f'<token id={word!r}>{text}</token>' for word, text in words.items())}</text>"
        "</sentence>"
        for id_, words in tokens.items()
    )
    (found,) = documents(TokenXml(), put("x", f"<document id='d'>{rows}</document>"))
    assert found.text == "a b c d"
    assert [entity.text for entity in found.entities] == ["a", "b c", "d"]


def passages(*offsets: int | None) -> Document:
    rows = "".join(
        f"<passage>{'' if offset is None else f'<offset>{offset}</offset>'}<text>p{number}</text>"
        f"{annotation(f'T{number}', f'p{number}', (offset or 0, 2))}</passage>"
        for number, offset in enumerate(offsets)
    )
    (found,) = documents(BioC(), put("x", f"<c><document><id>7</id>{rows}</document></c>"))
    return found


def test_passages_of_bioc():
    assert passages(20, 9, 100).text.split() == ["p1", "p0", "p2"]
    assert passages(20, 0, 20).text.split() == ["p0", "p1", "p2"]  # not numbers of places
    assert passages(None, None).text.split() == ["p0", "p1"]
    assert checked(passages(20, 9, 100)) == passages(20, 9, 100)


# Arguments

BRAT = Standoff(annotations=(".ann",))
TEXT = "Orvan and zelut tabs ease velt fever."
ROWS = "T1\tDrug 0 5\tOrvan\nT2\tDis 26 36\tvelt fever\n"


def arguments(rows: str, options: Standoff = BRAT) -> list[list[tuple[str, str]]]:
    (found,) = documents(options, put("1.txt", TEXT), put("1.ann", ROWS + rows))
    return [[(argument.role, argument.text) for argument in relation.arguments] for relation in found.relations]


def test_roles_decide_which_argument_is_the_first():
    expected = [[("Arg1", "Orvan"), ("Arg2", "velt fever")]]
    assert arguments("R1\tTreats Arg1:T1 Arg2:T2\n") == arguments("R1\tTreats Arg2:T2 Arg1:T1\n") == expected
    assert arguments("R1\tTreats Arg10:T2 Arg9:T1\n") == [[("Arg9", "Orvan"), ("Arg10", "velt fever")]]


def test_the_order_of_roles_without_numbers_is_declared():
    options = BRAT.model_copy(update={"roles": ("Drug", "For")})
    expected = [[("Drug", "Orvan"), ("For", "velt fever")]]
    assert arguments("R1\tX Drug:T1 For:T2\n", options) == arguments("R1\tX For:T2 Drug:T1\n", options) == expected
    assert arguments("R1\tX For:T2 Drug:T1\n") == [[("For", "velt fever"), ("Drug", "Orvan")]]


def test_roles_of_tables():
    found = documents(
        StandoffTables(),
        abstracts=put("a", "7\ta\tb\n"),
        entities=put("e", "7\tT1\tX\t0\t1\ta\n7\tT2\tX\t2\t3\tb\n"),
        relations=put("r", "7\tY\tArg2:T2\tArg1:T1\n"),
    )
    assert [argument.text for argument in found[0].relations[0].arguments] == ["a", "b"]


def test_roles_of_bioc():
    relation = "<infon key='type'>Y</infon><node refid='T2' role='Arg2'/><node refid='T1' role='Arg1'/>"
    entities = annotation("T1", "a", (0, 1)) + annotation("T2", "b", (2, 1))
    passage = f"<passage><offset>0</offset><text>a b</text>{entities}<relation>{relation}</relation></passage>"
    (found,) = documents(BioC(), put("x", f"<c><document><id>7</id>{passage}</document></c>"))
    assert [argument.text for argument in found.relations[0].arguments] == ["a", "b"]


# Groups

NAMES = "T3\tDrug 10 15\tzelut\nT4\tDrug 16 20\ttabs\n"


def chains(rows: str, options: Standoff = BRAT) -> Document:
    (found,) = documents(options, put("1.txt", TEXT), put("1.ann", ROWS + NAMES + rows))
    return found


def test_what_is_equal_to_one_is_equal_to_the_other():
    for rows in ("*\tEquiv T1 T3\n*\tEquiv T3 T4\n", "*\tEquiv T4 T3\n*\tEquiv T2 T2\n*\tEquiv T1 T4\n"):
        first, *rest = chains(rows).chains
        assert [mention.text for mention in first] == ["Orvan", "zelut", "tabs"]
        assert [[mention.text for mention in chain] for chain in rest] == [["velt fever"]] * rows.count("T2 T2")


def test_groups_of_other_names_are_other_chains():
    document = chains("*\tEquiv T1 T3\n*\tSame T3 T4\n")
    assert [[mention.text for mention in chain] for chain in document.chains] == [["Orvan", "zelut"], ["zelut", "tabs"]]


@often
@given(st.lists(st.lists(st.sampled_from("abcdefg"), min_size=1, max_size=4), max_size=6))
def test_united_groups(groups: list[list[str]]):
    found = united(groups)
    assert sorted(id_ for group in found for id_ in group) == sorted({id_ for group in groups for id_ in group})
    assert all(any(set(group) <= set(whole) for whole in found) for group in groups)
    for whole in found:  # nothing is in a group that no chain of shared members leads to
        reached, rest = {whole[0]}, list(groups)
        while met := [group for group in rest if reached & set(group)]:
            reached |= {id_ for group in met for id_ in group}
            rest = [group for group in rest if group not in met]
        assert reached == set(whole)


def test_groups_are_relations_between_each_two_in_the_order_of_the_text():
    options = BRAT.model_copy(update={"groups": ("OR",)})
    document = chains("*\tOR T4 T1 T3\n*\tOR T3 T4\n*\tEquiv T1 T3\nR1\tOR Arg1:T1 Arg2:T2\n", options)
    expected = [("Orvan", "velt fever"), *combinations(("Orvan", "zelut", "tabs"), 2)]
    assert [tuple(argument.text for argument in relation.arguments) for relation in document.relations] == expected
    assert {relation.type for relation in document.relations} == {"OR"}
    assert len({relation.id for relation in document.relations}) == 4
    assert len(document.chains) == 1
