"""Licences: each is stated by somebody, for something, and the kinds of doubt are settled the same way everywhere."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest

from schemas.evidence import Evidence
from schemas.licence import CODES, Licence, refusal, together
from schemas.source import Source
from schemas.task import Ned, Task
from sources import find, registry
from tasks.base.licences import duties
from tasks.base.licences.duties import Owned, notices, texts

NAMES = list(registry())
TEXTS = Path(duties.__file__).parent / "texts"
TAGGED = "MTL-Bioinformatics-2016"


def statements(source: Source) -> list[tuple[Licence, Evidence]]:
    return [(source.licence, source.evidence), *((each.licence, each) for each in source.also)]


def in_open(source: Source) -> list[Task]:
    return [task for task in source.tasks if source.refusal("open", task) is None]


def owned(source: Source) -> dict[str, Owned]:
    return {task.name: Owned(source.id, together(source.licences(task))) for task in source.tasks}


# What is declared


@pytest.mark.parametrize("name", NAMES)
def test_somebody_states_each_licence(name: str) -> None:
    for _, said in statements(find(name)):
        assert urlsplit(said.url).netloc, f"{name}: {said.url!r} is not an address. Name the page that states it."
        assert len(said.words.split()) >= 3, f"{name}: {said.words!r} says too little. Say what is stated there."


@pytest.mark.parametrize("name", NAMES)
def test_software_and_compilations_open_nothing(name: str) -> None:
    """Whatever is in `open` has a statement about what is in its samples, not of a program or a compilation alone."""
    source = find(name)
    for task in in_open(source):
        held = source.licences(task)
        about = {each for licence, said in statements(source) if licence in held for each in said.about}
        wanted = {"annotations", "texts", "all"} if task.category in ("TRANSL", "SUM") else {"annotations", "all"}
        assert about & wanted, f"{task.name} is in `open`, but the evidence is about {sorted(about)} alone."


@pytest.mark.parametrize("name", NAMES)
def test_full_articles_have_licences_of_their_own(name: str) -> None:
    """A corpus of articles of PubMed Central says on which terms these are."""
    source = find(name)
    declared = [source.documents, *(part.documents for part in source.parts.values())]
    articles = any("pmcid" in each.values() for each in declared if isinstance(each, dict))
    if articles and in_open(source):
        said = [licence for licence, said in statements(source) if "texts" in said.about]
        assert said, f"{name} has articles of PubMed Central. Declare theirs: Further(licence=Licence.ARTICLES, …)."


@pytest.mark.parametrize("name", NAMES)
def test_codes_keep_the_terms_of_their_database(name: str) -> None:
    source = find(name)
    for task in (task for task in source.tasks if isinstance(task, Ned)):
        for database, licence in CODES.items():
            if any(database in each for each in task.databases):
                assert licence in source.licences(task)
                assert (refusal("open", [licence], "open") is None) or task not in in_open(source)


@pytest.mark.parametrize("name", NAMES)
def test_tagged_copies_are_credited(name: str) -> None:
    """The copies of one repository ask for the same credit in every source."""
    source, known = find(name), find("bc2gm").also[0]
    addresses = " ".join(url for file in source.files for url in source.urls(file))
    credited = [said for _, said in statements(source) if said.credit and TAGGED in said.credit]
    if TAGGED in addresses and source.licence is not Licence.UNKNOWN:
        assert [(said.credit, said.url) for said in credited] == [(known.credit, known.url)]
    else:
        assert not credited


def test_doubts_are_settled_on_the_safe_side() -> None:
    """What became of the licences that were read again: out of `open`, not commercial any more, or better known."""
    out = {name for name in NAMES if not in_open(find(name))}
    assert out >= {
        "ask_a_patient", "bionlp_2011_ge", "cpi", "ehr_rel", "eu_adr", "gnormplus", "medqa", "multi_xscience",
        "pubhealth", "seth", "twadr_l",
    }  # fmt: skip
    limited = {name for name in NAMES if not all(each.terms.commercial for each in find(name).licences())} - out
    assert limited >= {
        "anatem", "anem", "bionlp_2013_ge", "cellfinder", "chebi", "evidence_inference", "linnaeus", "medhop",
        "nlm_chem", "scielo",
    }  # fmt: skip
    assert not {"scitail", "mediqa_rqe", "bionlp_2011_id", "bc5cdr"} & (out | limited)


# What a licence permits


def test_an_unknown_licence_permits_nothing() -> None:
    terms = Licence.UNKNOWN.terms
    assert (terms.redistribute, terms.commercial) == (False, False)
    assert refusal("open", [Licence.MIT, Licence.UNKNOWN], "open")
    assert refusal("research", [Licence.UNKNOWN], "open") is None
    assert refusal("local", [Licence.UNKNOWN], "agreement") is None


@pytest.mark.parametrize("licence", Licence)
def test_an_agreement_binds_whatever_the_licence(licence: Licence) -> None:
    for profile in ("open", "research"):
        assert "agreement" in (refusal(profile, [licence], "agreement") or "")


@pytest.mark.parametrize("licence", Licence)
def test_a_licence_that_permits_something_has_a_text(licence: Licence) -> None:
    terms = licence.terms
    assert terms.title
    assert urlsplit(terms.url).netloc or not terms.redistribute, f"{licence} permits to redistribute: by which text?"


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("redistribute", False, "what may be redistributed"),
        ("derivatives", False, "what may be changed"),
        ("non_profit", True, "non-profit or academic"),
    ],
)
def test_open_refuses_each_limit(monkeypatch: pytest.MonkeyPatch, field: str, value: bool, words: str) -> None:
    changed = Licence.MIT.terms._replace(**{field: value})
    monkeypatch.setattr("schemas.licence._TERMS", {Licence.MIT: changed, Licence.ISC: Licence.ISC.terms})
    assert words in (refusal("open", [Licence.ISC, Licence.MIT], "open") or "")
    assert refusal("open", [Licence.ISC], "open") is None


# Texts that go along


@pytest.mark.parametrize("name", NAMES)
def test_the_texts_that_a_licence_wants_are_there(name: str) -> None:
    found = texts(owned(find(name)))
    (notice,) = notices(owned(find(name)))
    wanting = [licence for licence in notice.licences if licence.terms.copy]
    assert len(found) >= len(wanting)
    assert all(len(text) > 100 for text in found.values())
    if {Licence.MIT, Licence.ISC} & set(wanting):
        assert any("Copyright (c)" in text and "permission notice" in text for text in found.values())


def test_no_text_is_left_over() -> None:
    named = {name for source in registry().values() for each in notices(owned(source)) for name in each.files}
    assert named == {path.name for path in TEXTS.iterdir()}
