"""Terms of a whole are computed from its parts; profiles are counted and explained."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

import sources
from flows.cli import app
from schemas.licence import Licence, Profile, apart, together
from schemas.receipts import Kept, Order, Tally
from schemas.source import Source
from schemas.state import Built, State
from schemas.task import SPLITS, Split
from tasks.base.licences.bibliography import Bibliography
from tasks.base.licences.duties import Owned, duties
from tasks.base.licences.profiles import PROFILES, as_json, contents, counted
from tasks.base.licences.terms import Terms, limits_of, terms_of
from tasks.base.pages import template
from tasks.base.pages.template import render
from tasks.build.builds.state import save_state
from tasks.build.publish.notice import notice

licences = st.lists(st.sampled_from(Licence), max_size=6)


def strictness(terms: Terms) -> tuple[bool, ...]:
    """What a whole asks for, each True where it is the stricter."""
    return (
        not terms.redistribute,
        not terms.commercial,
        not terms.derivatives,
        terms.non_profit,
        terms.attribution,
        terms.conflict,
    )


# Terms of the whole


@given(licences, licences)
def test_a_further_part_never_loosens_the_terms(parts: list[Licence], more: list[Licence]) -> None:
    before, after = terms_of(parts), terms_of([*parts, *more])
    assert all(late or not early for early, late in zip(strictness(before), strictness(after), strict=True))
    assert set(before.share_alike) <= set(after.share_alike)
    assert set(limits(parts)) <= set(limits([*parts, *more]))


def limits(parts: list[Licence]) -> list[tuple[str, Licence]]:
    return [(each.kind, each.licence) for each in limits_of({str(part): part for part in parts})]


@given(licences)
def test_neither_order_nor_repetition_matters(parts: list[Licence]) -> None:
    assert terms_of(parts) == terms_of(reversed(parts)) == terms_of(parts * 2)


@pytest.mark.parametrize("licence", Licence)
def test_the_terms_of_one_part_are_its_own(licence: Licence) -> None:
    terms = terms_of([licence])
    assert (terms.only, terms.name) == (licence, licence.value)
    assert (terms.redistribute, terms.commercial) == (licence.terms.redistribute, licence.terms.commercial)
    assert bool(terms.share_alike) == licence.terms.share_alike
    assert not terms.conflict


@given(licences.filter(bool))
def test_several_licences_of_one_part_are_as_strict_as_several_parts(parts: list[Licence]) -> None:
    assert apart(together(parts)) == tuple(dict.fromkeys(parts))
    assert terms_of([together(parts)]) == terms_of(parts)
    assert {limit.kind for limit in limits_of({"A": together(parts)})} == {kind for kind, _ in limits(parts)}


@given(licences, licences)
def test_the_terms_of_a_whole_follow_from_those_of_its_parts(parts: list[Licence], more: list[Licence]) -> None:
    """A whole of wholes is as strict as the strictest of them."""
    left, right, both = terms_of(parts), terms_of(more), terms_of([*parts, *more])
    assert both.redistribute == (left.redistribute and right.redistribute)
    assert both.commercial == (left.commercial and right.commercial)
    assert set(both.share_alike) == {*left.share_alike, *right.share_alike}


@pytest.mark.parametrize(
    ("parts", "name", "conflict"),
    [
        (["cc0-1.0", "cc-by-4.0"], "cc-by-4.0", False),
        (["public-domain", "cc0-1.0"], "mixed", False),
        (["mit", "cc-by-4.0"], "mixed", False),
        (["cc-by-4.0", "cc-by-nc-4.0"], "mixed-non-commercial", False),
        (["cc-by-sa-3.0", "cc-by-4.0"], "mixed-share-alike", False),
        (["cc-by-sa-3.0", "gpl-3.0"], "mixed-share-alike", True),
        (["cc-by-sa-3.0 AND articles"], "mixed-non-commercial-share-alike", True),
        (["public-domain AND cc-by-4.0"], "cc-by-4.0", False),
        (["bionlp-st-2011", "mit"], "mixed-non-profit-non-commercial", False),
        (["cc0-1.0 AND meddra", "mit"], "mixed-no-redistribution-non-commercial", False),
        (["cc-by-nc-sa-3.0", "cc-by-sa-3.0"], "mixed-non-commercial-share-alike", True),
        (["cc-by-nc-sa-3.0", "cc-by-nc-sa-2.0-uk"], "mixed-non-commercial-share-alike", True),
        (["cc-by-sa-3.0", "cc-by-nc-4.0"], "mixed-non-commercial-share-alike", True),
        (["cc-by-nc-sa-3.0", "cc-by-nc-4.0"], "mixed-non-commercial-share-alike", False),
        (["cc-by-sa-3.0", "unknown"], "mixed-no-redistribution-non-commercial-share-alike", True),
        (["cc0-1.0", "unknown"], "unknown", False),
    ],
)
def test_what_cannot_be_merged_is_mixed(parts: list[str], name: str, conflict: bool) -> None:
    terms = terms_of(parts)
    assert (terms.name, terms.conflict) == (name, conflict)
    assert (terms.hub is not None) == (name == "cc-by-4.0")


def test_the_limits_name_the_tasks() -> None:
    found = limits_of(
        {
            "B": "cc-by-nc-sa-3.0",
            "A": "cc-by-nc-sa-3.0",
            "C": "mit",
            "D": "unknown",
            "E": "gpl-3.0",
            "F": "cc0-1.0 AND meddra",
            "G": "bionlp-st-2011 AND articles",
        }
    )
    assert [(each.kind, each.licence.value, each.tasks) for each in found] == [
        ("unknown", "unknown", ["D"]),
        ("no-redistribution", "meddra", ["F"]),
        ("non-profit", "bionlp-st-2011", ["G"]),
        ("non-commercial", "articles", ["G"]),
        ("non-commercial", "cc-by-nc-sa-3.0", ["A", "B"]),
        ("share-alike", "cc-by-nc-sa-3.0", ["A", "B"]),
        ("share-alike", "gpl-3.0", ["E"]),
    ]


def prose(tasks: dict[str, str]) -> str:
    return " ".join(
        render(template.__file__, "terms.md.j2", terms=terms_of(tasks.values()), limits=limits_of(tasks)).split()
    )


def test_the_prose_says_which_tasks_are_limited_and_what_cannot_be_merged() -> None:
    text = prose({"A": "cc-by-sa-3.0", "B": "gpl-3.0", "C": "cc-by-nc-4.0", "D": "mit"})
    for words in (
        "There is no single licence",
        "`mixed-non-commercial-share-alike`",
        "**Some tasks are for non-commercial use only:** - CC BY-NC 4.0: C",
        "keep their licence: - CC BY-SA 3.0: A - GPL-3.0: B",
        "cannot be merged into one licence",
        "a model that is trained on the data is not answered here: check it for your use",
    ):
        assert words in text
    assert "state no licence" not in text
    assert "**Some tasks hold what only users with a licence" in prose({"A": "cc0-1.0 AND snomed-ct"})
    assert "**Some tasks are for academic and other non-profit users only:**" in prose({"A": "bionlp-st-2011 AND mit"})


def test_the_prose_of_one_licence_and_of_none() -> None:
    assert (
        prose({"A": "mit", "B": "cc0-1.0"}) == "The licence of the whole is MIT: every part has it or asks for nothing."
    )
    text = prose({"A": "unknown"})
    assert text.startswith("The authors of its parts state no licence.")
    assert "without the consent of their authors: - Not stated by the authors: A" in text


def test_a_notice_carries_the_terms_of_each_source_and_of_the_whole() -> None:
    chosen = [first(licence) for licence in (Licence.CC_BY_SA_3_0, Licence.GPL_3_0, Licence.CC_BY_NC_SA_3_0)]
    owners = {task.name: Owned(source.id, source.licence.value) for source in chosen for task in source.tasks}
    text = notice("v", owners, {source.id: source for source in chosen}, Bibliography.read())
    whole, *parts = text.split("\n## ")[1:]
    assert "cannot be merged into one licence" in whole
    assert all(task in whole for task in owners)
    for source in chosen:
        part = next(each for each in parts if each.startswith(source.title))
        assert all(duty in part for duty in duties(source.licence))


def first(licence: Licence) -> Source:
    return next(source for source in sources.registry().values() if source.licence is licence)


# What the profiles hold


def test_without_a_build_the_declarations_are_counted() -> None:
    for profile in PROFILES:
        each = contents(profile)
        held = [
            (source, task)
            for source in sources.registry().values()
            for task in source.tasks
            if any(source.refusal(profile, task, split) is None for split in SPLITS)
        ]
        assert each.extent.sources == len({source.id for source, _ in held})
        assert each.extent.tasks == len(held)
        assert (each.extent.built, each.extent.samples) == (None, None)
        lost = {task for one in each.lost for task in one.tasks}
        assert lost == set(sources.tasks()) - {task.name for _, task in held}
        assert each.terms.redistribute or profile != "open"


def test_the_categories_add_up() -> None:
    counts: dict[str, dict[Split, int]] = {task: {"train": 2, "test": 1} for task in sources.tasks()}
    for profile in PROFILES:
        each = contents(profile, counts)
        assert sum(extent.tasks for extent in each.categories.values()) == each.extent.tasks == each.extent.built
        assert sum(extent.samples or 0 for extent in each.categories.values()) == each.extent.samples


splits = st.dictionaries(st.sampled_from(SPLITS), st.integers(0, 9))


@pytest.mark.heavy
@given(st.dictionaries(st.sampled_from(sorted(sources.tasks())), splits))
def test_what_a_profile_holds_and_loses_is_what_local_holds(counts: dict[str, dict[Split, int]]) -> None:
    local = contents("local", counts)
    assert local.lost == ()
    assert local.extent.samples == sum(sum(found.values()) for found in counts.values())
    for profile in ("open", "research"):
        each = contents(profile, counts)
        assert each.extent.samples is not None
        assert each.extent.samples + sum(lost.samples or 0 for lost in each.lost) == local.extent.samples
        assert each.extent.tasks + sum(len(lost.tasks) for lost in each.lost) == local.extent.tasks


def test_an_agreement_is_lost_to_both_with_its_evidence(monkeypatch: pytest.MonkeyPatch) -> None:
    source = first(Licence.CC_BY_4_0)
    bound = source.model_copy(update={"access": "agreement", "apply": "https://example.org/sign"})
    monkeypatch.setitem(sources.registry(), source.id, bound)
    for profile in ("open", "research"):
        each = contents(profile, {source.tasks[0].name: {"train": 7}})
        lost = next(one for one in each.lost if one.source == source.id)
        assert "agreement" in lost.reason
        assert (lost.samples, lost.evidence) == (7, source.evidence)
    assert source.id not in {each.source for each in contents("local").lost}


# The command


def state(root: str, task: str, rows: int) -> State:
    source = sources.tasks()[task][0].id
    splits: dict[Split, Tally] = {
        "train": Tally(read=rows + 2, kept=rows, rejected=2),
        "test": Tally(read=1, kept=1, rejected=0),
    }
    kept = Kept(task=task, source=source, fingerprint="f", place="u", splits=splits)
    return State(order=Order(root=root), sources=(Built(source=source, kept=(kept,)),))


def test_the_samples_are_those_that_deduplication_left() -> None:
    assert counted(state("root", "MQP", 9)) == {"MQP": {"train": 9, "test": 1}}


def medinst(*arguments: str) -> str:
    done = CliRunner().invoke(app, ["licences", *arguments])
    assert done.exit_code == 0, done.output
    return done.stdout


def test_it_works_before_anything_is_built(tmp_path, capsys) -> None:
    told = told_by(capsys, tmp_path)
    assert [each["profile"] for each in told] == list(PROFILES)
    assert {each["extent"]["samples"] for each in told} == {None}
    assert told[0]["terms"]["name"] == "mixed-non-commercial-share-alike"
    assert told[0]["lost"][0]["evidence"]["url"].startswith("http")


def told_by(capsys, root, *arguments: str) -> list[dict]:
    output = medinst("--json", "--root", str(root), *arguments)
    return json.loads(output or capsys.readouterr().out)


def test_it_counts_the_newest_build(tmp_path, capsys) -> None:
    save_state(state(str(tmp_path), "MQP", 9))
    told = {each["profile"]: each for each in told_by(capsys, tmp_path)}
    assert (told["open"]["extent"]["samples"], told["local"]["extent"]["samples"]) == (0, 10)
    assert (told["open"]["lost"][0]["source"], told["open"]["lost"][0]["samples"]) == ("mqp", 10)
    assert told["open"]["terms"]["redistribute"] is True
    assert told["research"]["terms"]["name"] == "unknown"


def test_a_split_is_lost_alone_with_its_evidence() -> None:
    found = {"MEDIQA-RQE": {"train": 8, "dev": 2, "test": 3}}
    each = contents("open", found)
    lost = next(one for one in each.lost if one.source == "mediqa_rqe")
    assert (lost.tasks, lost.splits, lost.samples) == ((), ("MEDIQA-RQE test",), 3)
    assert "no licence" in lost.evidence.words
    assert each.extent.samples == 10
    assert each.terms.only is Licence.CC_BY_4_0


def test_a_task_is_lost_alone_for_the_codes_it_answers_with() -> None:
    each = contents("open")
    lost = next(one for one in each.lost if one.source == "spl_adr")
    assert (lost.tasks, lost.splits) == (("SPL-ADR-NED",), ())
    assert "MedDRA" in lost.reason


@pytest.mark.parametrize("profile", PROFILES)
def test_a_person_reads_what_is_held_and_lost(profile: Profile, tmp_path) -> None:
    text = medinst("--profile", profile, "--root", str(tmp_path))
    assert "Nothing has been built yet" in text
    assert contents(profile).terms.name in " ".join(text.split())
    for lost in contents(profile).lost:
        assert lost.source in text
        assert lost.reason.split(";")[0] in text


def test_json_names_every_term() -> None:
    terms = as_json(contents("open"))["terms"]
    assert isinstance(terms, dict)
    assert set(terms) == {*Terms._fields, "name", "conflict"}
