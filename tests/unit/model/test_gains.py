"""What a fine-tuned model gained, over samples and over seeds, and its card; no torch is needed."""

import json
from pathlib import Path

import pytest

from schemas.evaluation import Asking, Evaluation, Prediction
from schemas.finetune import Exam
from schemas.trained import Batch, Comparison, Encoded, Trained
from tasks.base.predictions.files import PREDICTIONS, RUN
from tasks.base.store.root import Root
from tasks.base.versions.find import find as find_version
from tasks.model.finetune import base, card, compare, loss, seeds
from tasks.model.finetune.base import Base
from tasks.model.finetune.mixture import Mixture
from tasks.model.finetune.plan import COST, TRAINED, Plan
from tasks.model.finetune.recipe import load
from tests.support import manifests

pytestmark = pytest.mark.usefixtures("scorers")


def answers(folder: Path, given: dict[str, list[str]], gold: dict[str, list[str]]) -> Path:
    folder.mkdir()
    asking = Asking(model=folder.name, backend="transformers")
    asked = {task: len(texts) for task, texts in gold.items()}
    run = Evaluation(name=folder.name, asking=asking, benchmark="b1", profile="local", original=True, asked=asked)
    (folder / RUN).write_text(run.model_dump_json())
    lines = [
        Prediction(key=f"{task}{place}", id=f"{place}", task=task, prediction=said, target=right).model_dump_json()
        for task in gold
        for place, (said, right) in enumerate(zip(given[task], gold[task], strict=True))
    ]
    (folder / PREDICTIONS).write_text("\n".join(lines) + "\n")
    return folder


@pytest.fixture
def trained() -> Trained:
    data = Encoded(
        samples=90, tokens=9_000, answer_tokens=900, longest=300, too_long={"PubMedQA-artificial": 10},
        tasks={"PubMedQA-artificial": 90}, licences={"PubMedQA-artificial": "cc-by-4.0"},
    )  # fmt: skip
    return Trained(
        recipe=load("tiny_cpu", ["evaluation={limit: 20}"]), mixture="small", mixture_version="v2",
        base="random weights", revision="abc", device="CPU", batch=Batch(sequences=1, accumulated=4), data=data,
        parameters=1_000, trained_parameters=1_000, steps=9, tokens=8_000, first_loss=8.0,
        last_loss=2.0, versions={"trl": "1.0"},
    )  # fmt: skip


GOLD = {"PubMedQA-labeled": ["yes", "no"] * 8, "PubMedQA-artificial": ["yes", "no"] * 8, "BIOSSES": ["2", "4"] * 8}


def compared(tmp_path: Path, trained: Trained, tests: tuple[str, ...] = tuple(GOLD)) -> tuple[Plan, Comparison]:
    gold = {test: GOLD[test] for test in tests}
    before = answers(tmp_path / "before", {task: ["?"] * 16 for task in gold}, gold)
    given = {**GOLD, "PubMedQA-labeled": ["yes"] * 16, "BIOSSES": ["3"] * 16}
    after = answers(tmp_path / "after", given, gold)
    made = Plan(
        recipe=trained.recipe,
        mixture=Mixture("small", "v2", "m", ()),
        base=Base("random weights", tmp_path / "before", "abc"),
        folder=tmp_path / "tiny-1",
        benchmark=manifests.found(manifests.benchmark(tests=tuple(gold))),
        root=Root(str(tmp_path)),
    )
    return made, compare.compare(made, trained, before, after)


def test_gains_are_told_apart_by_what_the_mixture_held(tmp_path: Path, trained: Trained) -> None:
    made, comparison = compared(tmp_path, trained)
    main = {(gain.task, gain.kind): gain for gain in comparison.gains if gain.main}
    assert main["PubMedQA-artificial", "strict"].tier == "seen"
    assert (main["PubMedQA-artificial", "strict"].before, main["PubMedQA-artificial", "strict"].after) == (0.0, 1.0)
    assert main["PubMedQA-labeled", "strict"].tier == "unseen"
    error = main["BIOSSES", "strict"]
    assert error.metric == "mean squared error"
    assert error.after < error.before
    assert error.gain > 0, "an error that shrinks is a gain"
    assert error.low <= error.gain <= error.high
    tiers = {(each.tier, each.kind): each for each in comparison.tiers}
    assert tiers["seen", "strict"].gain == 1.0
    unseen = tiers["unseen", "strict"]
    assert unseen.tests == 1, "squared errors have no place in a mean of shares"
    assert 0 < unseen.low < unseen.gain < unseen.high < 1

    assert compare.kept(made) is None
    compare.keep(made, comparison)
    assert compare.kept(made) == comparison
    other = made.recipe.model_copy(update={"evaluation": Exam(limit=21)})
    assert compare.kept(made._replace(recipe=other)) is None, "another test is another comparison"
    page = (made.folder / compare.PAGE).read_text()
    assert "| PubMedQA-artificial | seen | form | strict | macro F1 | 16 | 0.000 | 1.000 | **+1.000** |" in page


def test_a_model_has_a_manifest_of_every_file(tmp_path: Path, trained: Trained) -> None:
    made, comparison = compared(tmp_path, trained)
    made.folder.mkdir()
    (made.folder / "model.safetensors").write_bytes(b"weights")
    for told in (".lock", loss.LOG, COST):
        (made.folder / told).touch()
    card.keep(made, trained, comparison)
    manifests.check(made.folder, "model")
    found = find_version(Root(str(tmp_path)), "tiny-1")
    assert found is not None
    summary = {"training-content.md", "training-content.json"}
    assert set(found.manifest.files) == {"README.md", "loss.html", "model.safetensors", *summary}
    assert "Model tiny-1." in (made.folder / "training-content.md").read_text()
    assert (found.manifest.profile, found.manifest.original) == ("local", False), "rows of unknown origin stay here"
    rows = manifests.mixture(profile="research")
    assert card.manifest(made._replace(mixture=made.mixture._replace(manifest=rows)), trained).profile == "research"


def test_the_card_says_what_the_model_is_made_of(tmp_path: Path, trained: Trained) -> None:
    _, comparison = compared(tmp_path, trained)
    text = card.card("tiny-1", trained, comparison)
    assert text.startswith("---\nlibrary_name: transformers\nlicense: cc-by-4.0\n")
    for said in (
        "`small` (version v2)",
        "| steps | 9 |",
        "PubMedQA-artificial 10.",
        "learning_rate: 0.002",
        "trl 1.0",
        "| seen | strict |",
    ):
        assert said in text, said
    assert "as plain lines: the tokenizer has no chat template. Device: CPU." in text
    assert "Not measured." in card.card("tiny-1", trained, None)
    mixed = trained.data.model_copy(update={"licences": {"A": "cc-by-4.0", "B": "unknown"}})
    adapted = load("qwen3_lora")
    text = card.card("a", trained.model_copy(update={"data": mixed, "recipe": adapted, "base": "Qwen/Qwen3-8B"}), None)
    assert "library_name: peft\nlicense: other\nlicense_name: mixed-no-redistribution" in text
    assert "base_model: Qwen/Qwen3-8B" in text
    assert "The base model's own licence holds too; its folder has no card that states it." in text
    stated = trained.model_copy(update={"recipe": adapted, "base_licence": "apache-2.0"})
    assert "licence holds too: `apache-2.0`, as its card states." in card.card("a", stated, None)
    local = load("tiny_cpu", ("scratch=null", f"model={tmp_path / 'own'}", f"mixture={tmp_path / 'rows.parquet'}"))
    text = card.card("a", trained.model_copy(update={"recipe": local, "base": "own", "mixture": "rows.parquet"}), None)
    assert str(tmp_path) not in text, "a card tells where files lie"
    assert "base_model" not in text
    assert "\nRecipe tiny_cpu with changes to scratch, model, mixture. Trained by" in text
    assert "from\nthe model in a local folder `own` (hash of its files `abc`)." in text
    assert "two million" not in text, "a recipe's words about another model"
    assert json.loads(trained.model_dump_json())["recipe"]["name"] == "tiny_cpu"


def test_a_recipe_describes_itself_unless_it_was_changed_there() -> None:
    plain = load("tiny_cpu")
    for change in ("seed=1", "samples=9", "mixture=tiny", "max_steps=9"):
        assert (load("tiny_cpu", [change]).about == plain.about) == (change != "mixture=tiny")
        assert (load("tiny_cpu", [change]).hardware == plain.hardware) == (change != "max_steps=9")
    smaller = load("tiny_cpu", ["scratch.layers=2", "scratch.width=128"])
    assert smaller.about == smaller.hardware == "recipe tiny_cpu with changes to scratch"
    assert load("tiny_cpu", ["scratch.layers=2", "about=Two layers"]).about == "Two layers"
    same = [f"mixture={plain.mixture}", "max_steps=9", "model=null"]
    assert load("tiny_cpu", same).about == plain.about, "what it says already is no change"
    assert load("tiny_cpu", same).hardware == "recipe tiny_cpu with changes to max_steps"


def test_a_recipe_that_its_changes_complete_names_all_of_them(tmp_path: Path) -> None:
    lengths = "max_length: 64\ntokens_per_step: 64\ntokens_at_once: 64\n"
    (tmp_path / "mine.yml").write_text(f"about: Mine\nhardware: Any\nmodel: own\nlearning_rate: 1e-3\n{lengths}")
    said = load(str(tmp_path / "mine.yml"), ["mixture=tiny", "max_steps=9"])
    assert said.about == "recipe mine with changes to mixture"
    assert said.hardware == "recipe mine with changes to max_steps"


@pytest.mark.parametrize(
    ("card", "licence"),
    [
        ("---\nlicense: apache-2.0\n---\n# A model\n", "apache-2.0"),
        ("---\nlicense: other\nlicense_name: mixed\n---\n", "mixed"),
        ("---\ntags: [a]\n---\n", None),
        ("---\nlicense: [a, {\n---\n", None),
        ("# A model\n", None),
        (None, None),
    ],
)
def test_the_licence_of_a_base_model_is_what_its_card_states(tmp_path: Path, card: str | None, licence: str | None):
    if card is not None:
        (tmp_path / base.CARD).write_text(card)
    assert Base("own", tmp_path, "abc").licence == licence
    assert Base("own", tmp_path / "merged", "abc", adapters=tmp_path).licence == licence


def test_a_tier_without_a_mean_says_why(tmp_path: Path, trained: Trained) -> None:
    _, comparison = compared(tmp_path, trained, ("PubMedQA-artificial",))
    assert comparison.notes == ("`unseen` has no mean: the evaluation has no test whose task is not in the mixture.",)
    assert comparison.notes[0] in card.card("tiny-1", trained, comparison)
    (tmp_path / "errors").mkdir()
    _, comparison = compared(tmp_path / "errors", trained, ("BIOSSES",))
    assert comparison.notes == (
        "`unseen` has no mean: no metric of BIOSSES ranges from 0 to 1.",
        "`seen` has no mean: the evaluation has no test whose task is in the mixture.",
    )


def test_models_of_other_seeds_are_compared_if_all_else_is_equal(tmp_path: Path, trained: Trained) -> None:
    made, comparison = compared(tmp_path, trained)
    made = made._replace(folder=tmp_path / "models" / "tiny-1", mixture=Mixture("small", "v2", "m", ()))
    assert seeds.with_seeds(made, comparison).seeds == ()

    def beside(name: str, lead: float, *changes: str, family: str | None = None) -> None:
        recipe = load("tiny_cpu", ["evaluation={limit: 20}", *changes])
        other = made._replace(recipe=recipe, folder=made.folder.with_name(name))
        gains = tuple(each.model_copy(update={"gain": each.gain + lead}) for each in comparison.gains)
        compare.keep(other, comparison.model_copy(update={"gains": gains, "exam": recipe.evaluation}))
        receipt = trained.model_copy(update={"recipe": recipe, "family": other.family if family is None else family})
        (other.folder / TRAINED).write_text(receipt.model_dump_json())

    beside("tiny-2", 0.3, "seed=1")
    beside("tiny-3", 0.6, "seed=3")
    for name, change in {"rate": "learning_rate=1", "size": "scratch.layers=1", "exam": "evaluation.limit=21"}.items():
        beside(name, 9.0, "seed=4", change)
    beside("older", 9.0, "seed=5", family="")
    (made.folder.parent / "broken").mkdir()
    (made.folder.parent / "broken" / "comparison.json").write_text("{}")

    found = seeds.with_seeds(made, comparison)
    over = {(each.task, each.kind): each for each in found.seeds}
    gain = next(
        each.gain for each in comparison.gains if (each.task, each.kind, each.main) == ("BIOSSES", "strict", True)
    )
    assert over["BIOSSES", "strict"].gains == pytest.approx({1: gain + 0.3, 3: gain + 0.6, 2024: gain})
    assert list(over["BIOSSES", "strict"].gains) == [1, 3, 2024]
    assert over["BIOSSES", "strict"].mean == pytest.approx(gain + 0.3)
    assert over["BIOSSES", "strict"].deviation == pytest.approx(0.3)
    assert found.seeds[0].task == seeds.ALL
    compare.keep(made, found)
    assert compare.kept(made) == found
    page = (made.folder / compare.PAGE).read_text()
    assert "| Test | Tier | Set | Metric | Seed 1 | Seed 3 | Seed 2024 | Mean | Standard deviation |" in page
    assert f"| {gain + 0.3:+.3f} | 0.300 |" in page
