"""Recipes: what they may say, and what a wrong one is told."""

from pathlib import Path

import pytest

from schemas.errors import MixtureError
from schemas.mixture import Recipe, Selection
from sources import tasks as declared
from tasks.base.paper.held_out import held_out
from tasks.model.mixture.counting import counter
from tasks.model.mixture.recipe import load, ready
from tasks.model.mixture.selection import choose


def chosen(**fields: object):
    return choose(Recipe.model_validate({"name": "test", **fields}), declared(), held_out())


def test_the_ready_made_recipes_are_sound():
    drawn = ["merged_train_100k", "merged_train_100k_paper", "unseen_train_100k", "unseen_train_100k_paper"]
    assert ready() == ["balanced_1m", "commercial", *drawn]
    for name in ready():
        recipe = load(name)
        paper = name.endswith("_paper")
        assert recipe.name == name
        assert recipe.about
        assert recipe.max_tokens
        assert recipe.samples == ("all" if paper else "clean")
        assert bool(recipe.limits.shares) != paper
        assert ("no" in recipe.answerable) == paper
        assert choose(recipe, declared(), held_out()).tasks


def test_unseen_leaves_the_held_out_tasks_out():
    every, unseen = (
        set(choose(load(name), declared(), held_out()).tasks) for name in ("merged_train_100k", "unseen_train_100k")
    )
    assert every - unseen == set(held_out())


def test_what_the_paper_lacks_is_drawn_only_if_it_was_asked_for_and_never_by_its_recipes():
    beyond = {name for name, (source, _) in declared().items() if source.collection == "beyond"}
    one = min(beyond)
    recipe = Recipe(name="test", answerable=("yes", "partly", "no"))
    assert beyond <= set(choose(recipe, declared(), held_out()).tasks)
    assert beyond & set(choose(recipe, declared(), held_out(), ()).tasks) == set()
    assert beyond & set(choose(recipe, declared(), held_out(), {one}).tasks) == {one}
    named = recipe.model_copy(update={"include": Selection(tasks=(one,))})
    assert choose(named, declared(), held_out(), ()).tasks == (one,)
    for name in ("merged_train_100k_paper", "unseen_train_100k_paper"):
        assert beyond & set(choose(load(name), declared(), held_out(), beyond).tasks) == set()


def test_commercial_holds_only_what_permits_it():
    found = choose(load("commercial"), declared(), held_out())
    for task in found.tasks:
        terms = declared()[task][0].licence.terms
        assert terms.commercial
        assert terms.redistribute
    assert not set(found.tasks) & set(found.withheld)
    assert set(found.tasks) | set(found.withheld) == set(declared())


def test_tasks_are_chosen_by_name_category_and_source():
    found = chosen(include={"tasks": ["BIOSSES"], "categories": ["SUM"]}, exclude={"sources": ["meqsum"]})
    assert "BIOSSES" in found.tasks
    assert {declared()[task][1].category for task in found.tasks} == {"STS", "SUM"}
    assert "MeQSum" not in found.tasks


def unanswerable() -> dict:
    """All tasks, of which nobody can give MQP's answers, and those of BIOSSES only partly."""
    changes = {"MQP": "no", "BIOSSES": "partly"}
    return {
        name: (source, task.model_copy(update={"answerable": changes.get(name, "yes"), "because": "it is a guess"}))
        for name, (source, task) in declared().items()
    }


def test_tasks_whose_answers_nobody_can_give_are_left_out_unless_they_are_asked_for():
    every = unanswerable()
    found = choose(Recipe(name="test"), every, held_out())
    assert set(every) - set(found.tasks) == set(found.withheld) == {"MQP"}
    assert "`answerable: yes, partly`, this one has `no`: it is a guess" in found.withheld["MQP"]
    assert "MQP" in choose(Recipe(name="test", answerable=("yes", "no")), every, held_out()).tasks
    with pytest.raises(MixtureError, match=r"it is a guess.*`answerable: \[yes, partly, no\]`"):
        choose(Recipe.model_validate({"name": "test", "include": {"tasks": ["MQP"]}}), every, held_out())


def test_yes_and_no_of_yaml_are_words():
    assert load("commercial", ["answerable=[yes, no]"]).answerable == ("yes", "no")
    with pytest.raises(MixtureError, match=r"answerable.*not 'maybe'"):
        load("commercial", ["answerable=[maybe]"])


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"include": {"tasks": ["BIOSES"]}}, r"include.tasks names `BIOSES`.*did you mean `BIOSSES`.*medinst tasks"),
        ({"include": {"categories": ["ner"]}}, "did you mean `NER`"),
        ({"exclude": {"sources": ["bioses"]}}, "exclude.sources names .* `biosses`.*medinst sources"),
        ({"quotas": {"MQPP": 5}, "rows": 10}, "quotas names `MQPP`.*`MQP`"),
        ({"include": {"tasks": ["MQP"]}, "exclude": {"tasks": ["MQP"]}}, "leave no task"),
        ({"rows": 10, "quotas": {"MQP": 6, "QA": 0.5}}, "quotas ask for 11, and the whole mixture has 10"),
        ({"rows": 10, "quotas": {"MQP": 6}, "task_cap": 5}, "quota of 6 for MQP is above its cap of 5"),
        ({"rows": 90, "quotas": {"STS": 9, "BIOSSES": 6, "UMNSRS": 6}}, "task quotas in STS add up to 12.* 9"),
        ({"rows": 90, "category_cap": 9, "quotas": {"BIOSSES": 6, "UMNSRS": 6}}, "its own quota is 9"),
        ({"rows": 9, "quotas": {"MQP": 6}, "exclude": {"tasks": ["MQP"]}}, "does not choose it"),
        ({"include": {"tasks": ["MedDialog"]}, "profile": "open"}, "no task that it chooses may be .* `open`"),
        ({"include": {"tasks": ["MedDialog"]}, "commercial": True}, "`commercial: false`"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said(fields, words):
    with pytest.raises(MixtureError, match=words):
        chosen(**fields)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("row: 5", "there is no field `row` .did you mean `rows`"),
        ("include: {task: [MQP]}", "there is no field `include.task` .did you mean `tasks`"),
        ("rows: 5\ntokens: 5", "not both"),
        ("temperature: -1", "`temperature`: Input should be greater than 0, not -1"),
        ("quotas: {MQP: 0.5}", "is a fraction"),
        ("rows: 9\nquotas: {MQP: 5}\ncaps: {MQP: 4}", "above its cap of 4"),
        ("min_tokens: 9\nmax_tokens: 8", "min_tokens: 9 is more"),
        ("profile: closed", "`profile`: Input should be 'open', 'research' or 'local', not 'closed'"),
        ("- a", "expected `field: value` lines, found list"),
        ("a: [", "is not YAML"),
    ],
)
def test_a_wrong_file_is_told_what_is_wrong(text, words, tmp_path):
    path = tmp_path / "mine.yml"
    path.write_text(text)
    with pytest.raises(MixtureError, match=words):
        load(str(path))


def test_names_files_and_changes(tmp_path):
    with pytest.raises(MixtureError, match=r"no mixture `merged_train` .did you mean `merged_train_100k`"):
        load("merged_train")
    with pytest.raises(MixtureError, match="FIELD=VALUE"):
        load("commercial", ["rows"])
    assert load("commercial", ["rows=7", "quotas={QA: 0.5}", "about=null"]).model_dump()["quotas"] == {"QA": 0.5}
    query = tmp_path / "short_ones.sql"
    query.write_text("SELECT id FROM samples")
    assert load(str(query)) == Recipe(name="short_ones", query="SELECT id FROM samples")
    mine = tmp_path / "mine.yml"
    mine.write_text("rows: 5")
    assert load(str(mine)).name == "mine"


def test_a_tokenizer_is_there_and_readable(tmp_path: Path):
    with pytest.raises(MixtureError, match=r"tokenizer\.json is not there.*nothing is downloaded"):
        counter(str(tmp_path))
    (tmp_path / "tokenizer.json").write_text("{}")
    with pytest.raises(MixtureError, match=r"extra `models`|is not a tokenizer"):
        counter(str(tmp_path))


NESTED = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{now}: &{now} [{', '.join([f'*{before}'] * 9)}]\n" for before, now in zip("abcdefghi", "bcdefghij", strict=True)
)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("about: x\nrows: 5\n".encode("utf-16"), "not a text file in UTF-8.*0xff"),
        ("about: café\nrows: 5\n".encode("latin-1"), "not a text file in UTF-8.*0xe9"),
        (b"", "expected `field: value` lines, found NoneType"),
        (b"rows: 5\nrows: 6\n", "`rows` comes twice.*line 1"),
        (NESTED.encode() + b"rows: *j\n", "found the alias \\*a; write it out.*line 2"),
        (b"a: &a [*a]\n", "found the alias"),
        (b"a: " + b"[" * 20_000, "expected a few levels, one in the other, found too many"),
        (b"rows: 2020-13-45\n", "not YAML of a recipe: month must be in 1..12"),
        (b'!!python/object/apply:os.system ["exit"]\n', "could not determine a constructor"),
        (b"rows: .inf\n", "`rows`: Input should be a finite number, not inf"),
        (b"rows: 5\ntemperature: .nan\n", "`temperature`: Input should be a finite number, not nan"),
        (b"rows: 5\nfew_shot: .nan\n", "`few_shot`: .*not nan"),
        (b"".join(b"x%d: 1\n" % number for number in range(99)), "and 94 more"),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else "",
)
def test_a_file_in_another_form_is_told_what_is_wrong(data: bytes, words: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.yml"
    path.write_bytes(data)
    with pytest.raises(MixtureError, match=words) as raised:
        load(str(path))
    assert len(str(raised.value)) < 2500
    assert "docs/mixtures.md" in str(raised.value)


def test_a_byte_order_mark_does_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "mine.yml"
    path.write_bytes(b"\xef\xbb\xbfrows: 5\n")
    assert load(str(path)).rows == 5
