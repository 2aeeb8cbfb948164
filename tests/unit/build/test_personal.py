"""Direct identifiers: what is found in texts, what only looks like it, and what is told of it."""

from random import Random

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expectations.samples import PERSONAL_RULES
from schemas.personal import IDENTIFIERS
from schemas.profile import SampleProfile
from tasks.build.judge import personal
from tests.support.identifiers import IDENTIFIERS as WRITTEN
from tests.support.identifiers import LOOKALIKES

CHANCE = st.randoms(use_true_random=False)
AROUND = ("{}", "Ask {} about it.", "word ({})\nand the next line", "日本 {}", "1 {} 2", "x: {}; y")


def found(*texts: str, outputs: tuple[str, ...] = ()) -> pl.DataFrame:
    rows = pl.LazyFrame(
        {"id": [str(place) for place in range(len(texts))], "input": texts, "output": outputs or ("yes",) * len(texts)}
    )
    return personal.findings("train", personal.candidates(rows).collect())


def kinds(text: str) -> set[str]:
    return set(found(text)["measure"])


@pytest.mark.parametrize("measure", sorted(WRITTEN))
@settings(max_examples=150, deadline=None)
@given(chance=CHANCE)
def test_an_identifier_is_found_however_it_is_written(measure: str, chance: Random) -> None:
    text = chance.choice(AROUND).format(WRITTEN[measure](chance))
    assert measure in kinds(text), text


@pytest.mark.parametrize("name", sorted(LOOKALIKES))
@settings(max_examples=60, deadline=None)
@given(chance=CHANCE)
def test_what_only_looks_like_an_identifier_is_none(name: str, chance: Random) -> None:
    text = chance.choice(AROUND).format(LOOKALIKES[name](chance))
    assert kinds(text) == set(), text


@pytest.mark.parametrize(
    ("text", "measure", "shown"),
    [
        ("Write to Ann.Lee@ward.example.org, please", "personal_emails", "A….L…@w….e….o…"),
        ("azanob @ sparc6a . harvard . edu", "personal_emails", "a…@s….h….e…"),
        ("Can you call me at 908-405-0112?", "personal_phones", "9…-4…-0…"),
        ("Fax : ( 617 ) 277 - 2382 .", "personal_phones", "(6…)2…-2…"),
        ("see twitter.com/invented_name.", "personal_urls", "t….c…/i…_n…"),
        ("MRN: 00412345, admitted", "personal_records", "0…"),
        ("She was born on Monday, May 3rd, 1971.", "personal_births", "1…-0…-0…"),
        ("SSN 123456789", "personal_social_security", "1…-4…-6…"),
        ("from IP address 192.0.2.17", "personal_ip_addresses", "1….0….2….1…"),
    ],
)
def test_what_was_found_is_shown_redacted(text: str, measure: str, shown: str) -> None:
    shown = shown.replace("1….0….2….1…", "1….0.2.1…")
    assert found(text).rows() == [("train", "0", "input", measure, shown)]


@pytest.mark.parametrize(
    ("text", "measure"),
    [
        ("born on 31 February 1980", "personal_births"),
        ("born on 12 May 1899", "personal_births"),
        ("SSN 000-12-3456", "personal_social_security"),
        ("SSN 912-12-3456", "personal_social_security"),
        ("IP address 300.1.2.3", "personal_ip_addresses"),
        ("MRN 1234", "personal_records"),
        ("Phone: 1-800-438-4380", "personal_phones"),
        ("Phone: 000-000-0000", "personal_phones"),
        ("name@-ward.org", "personal_emails"),
        ("https://twitter.com/share?text=tea", "personal_urls"),
    ],
)
def test_a_candidate_that_cannot_be_is_dropped(text: str, measure: str) -> None:
    candidates = personal.candidates(pl.LazyFrame({"id": ["0"], "input": [text], "output": ["yes"]})).collect()
    assert candidates[measure].list.len().to_list() == [1], "the pattern does not even ask"
    assert personal.findings("train", candidates).is_empty()


@settings(max_examples=150, deadline=None)
@given(st.lists(st.text(st.sampled_from("aZ09 @.:/-+()#=,~_born DOBMRNIPSé\n本")), min_size=1, max_size=4))
def test_no_text_breaks_the_search(texts: list[str]) -> None:
    assert found(*texts).schema == personal.FINDINGS


@given(st.from_regex(r"[A-Za-z0-9]{2,9}([ .@/-][A-Za-z0-9]{2,9}){0,4}", fullmatch=True))
def test_nothing_but_first_characters_is_shown(identifier: str) -> None:
    shown = personal.redacted(identifier)
    assert not any(word in shown for word in identifier.replace("@", " ").split() if len(word) > 1 and word.isalnum())
    assert len(shown.replace("…", "")) < len(identifier)


def test_missing_texts_hold_nothing() -> None:
    rows = pl.LazyFrame(
        {"id": ["0"], "input": [None], "output": [None]}, {"id": pl.String, "input": pl.String, "output": pl.String}
    )
    assert personal.findings("train", personal.candidates(rows).collect()).is_empty()


def test_samples_are_counted_not_identifiers() -> None:
    text = "a.b@ward.org, c.d@ward.org"
    some = found(text, "none here", text, outputs=("e.f@ward.org", "yes", "MRN 1234567"))
    counts = personal.counts(some)
    assert (counts["personal_emails"], counts["personal_records"], sum(counts.values())) == (2, 1, 3)
    assert some.height == 6
    assert personal.examples(some, 1) == {"personal_emails": ("0",), "personal_records": ("2",)}


def test_every_kind_has_its_check_its_measure_and_its_rule() -> None:
    measures = [kind.measure for kind in IDENTIFIERS]
    assert list(personal.CHECKS) == measures == list(WRITTEN)
    assert [rule.measure for rule in PERSONAL_RULES] == measures
    assert {rule.severity for rule in PERSONAL_RULES} == {"warning"}
    assert {name for name in SampleProfile.model_fields if name.startswith("personal_")} == set(measures)
