"""From samples to prompts that can be verified, and what answers to them are worth; recipes that ask for it."""

from collections import Counter
from pathlib import Path
from typing import get_args

import polars as pl
import pytest

from medinst_eval.rewards.kinds import KINDS
from schemas.errors import FinetuneError
from schemas.finetune import Recipe
from schemas.reinforce import Kind
from schemas.trained import Trained
from tasks.base.store.root import Root
from tasks.model.finetune import base, mixture, rollouts, watch
from tasks.model.finetune.mixture import Mixture
from tasks.model.finetune.prompts import Prompts, prompts
from tasks.model.finetune.recipe import load
from tasks.model.finetune.watch import Answer, watched


class Tokenizer:
    """Words are tokens."""

    chat_template = None
    eos_token = "<end>"

    def __call__(self, texts: list[str], **_: object) -> dict[str, list[list[int]]]:
        return {"input_ids": [[0] * len(text.split()) for text in texts]}


def rows(*tasks: str, each: int = 10, instruction: str = "Answer.") -> dict[str, list[str]]:
    numbers = [(task, number) for task in tasks for number in range(each)]
    made = [(task, f"question {number} of {task}", ANSWERS[task][number % 2]) for task, number in numbers]
    return {
        "instruction": [instruction] * len(made),
        "input": [asked for _, asked, _ in made],
        "output": [answer for _, _, answer in made],
        "task": [task for task, _, _ in made],
        "licence": ["cc0-1.0"] * len(made),
    }


ANSWERS = {
    "PubMedQA-labeled": ("yes", "no"),
    "BIOSSES": ("3", "4"),
    "AnEM": ("[heart <organ>]", "none"),
    "FEVER": ("supports", "refutes"),
    "mine": ("a", "b"),
}


def found(tmp_path: Path, data: dict[str, list[str]]) -> Mixture:
    pl.DataFrame(data).write_parquet(tmp_path / "rows.parquet")
    return mixture.find(str(tmp_path / "rows.parquet"), Root(str(tmp_path)))


def recipe(*settings: str) -> Recipe:
    return load("smollm2_grpo", ["reinforce.kinds=[]", *settings])


def made(tmp_path: Path, data: dict[str, list[str]], *settings: str) -> Prompts:
    return prompts(found(tmp_path, data), Tokenizer(), recipe(*settings))


@pytest.mark.heavy
def test_only_what_can_be_verified_is_asked_and_the_rest_is_counted(tmp_path: Path) -> None:
    data = rows("PubMedQA-labeled", "BIOSSES", "AnEM", "FEVER", "mine")
    data["output"][10] = "seven"  # no score
    data["input"][21], data["output"][21] = data["input"][20], "none"  # a question with two answers
    kept = made(tmp_path, data, "reinforce.tasks=[PubMedQA-labeled, BIOSSES, AnEM, FEVER]")
    assert kept.counted.tasks.keys() == {"PubMedQA-labeled", "BIOSSES", "AnEM"}
    assert len(kept.trained) + len(kept.held_out) == 27
    assert kept.left_out == {
        "its task is not declared": 10,
        "its task is only partly answerable": 10,
        "other samples with the same input have another answer": 2,
        "the right answer does not earn the whole reward": 1,
    }
    assert kept.counted.licences["AnEM"] == "cc0-1.0"
    assert not {each.input for each in kept.trained} & {each.input for each in kept.held_out}


def test_kinds_and_tasks_are_chosen(tmp_path: Path) -> None:
    data = rows("PubMedQA-labeled", "BIOSSES", "AnEM")
    assert made(tmp_path, data, "reinforce.kinds=[label, score]").left_out == {
        "not among the tasks and kinds of the recipe": 10
    }
    assert made(tmp_path, data, "reinforce.tasks=[AnEM]").counted.tasks.keys() == {"AnEM"}


def test_a_fifth_is_held_out_at_most_and_the_draw_is_that_of_the_seed(tmp_path: Path) -> None:
    data = rows("PubMedQA-labeled", each=50)
    few, fifth = made(tmp_path, data, "reinforce.held_out=3"), made(tmp_path, data)
    assert (len(few.held_out), len(fifth.held_out)) == (3, 10)
    assert made(tmp_path, data) == fifth
    assert made(tmp_path, data, "seed=1").held_out != fifth.held_out
    assert not made(tmp_path, rows("PubMedQA-labeled", each=4)).held_out


def test_long_prompts_are_left_out_whole(tmp_path: Path) -> None:
    data = rows("PubMedQA-labeled")
    data["input"][3] += " more" * 30
    kept = made(tmp_path, data, "max_length=40")
    assert (kept.left_out, kept.too_long, kept.longest) == ({"too long": 1}, {"PubMedQA-labeled": 1}, 35)
    with pytest.raises(FinetuneError, match=r"0 samples of 'rows.parquet' .* a step takes 4\..*longest prompt has 35"):
        made(tmp_path, data, "max_length=33")


def test_a_mixture_without_verifiers_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FinetuneError, match=r"0 samples .* its task is not declared \(10\)\. Choose another mixture"):
        made(tmp_path, rows("mine"))
    with pytest.raises(FinetuneError, match=r"not among the tasks and kinds of the recipe \(10\)"):
        made(tmp_path, rows("AnEM"), "reinforce.kinds=[label]")


# Recipes


def test_a_step_in_tokens_follows_from_its_completions() -> None:
    asked = recipe("reinforce.at_once=4", "max_length=100")
    assert (asked.tokens_per_step, asked.tokens_at_once, asked.packing) == (3200, 400, False)
    assert Recipe.model_validate_json(asked.model_dump_json()) == asked
    assert recipe("reinforce.collapse=0.5").shaping == recipe().shaping, "when to stop does not shape the weights"
    assert recipe("reinforce.beta=0.1").shaping != recipe().shaping


@pytest.mark.parametrize(
    ("setting", "why"),
    [
        ("reinforce.at_once=5", r"at_once \(5\) must divide the completions of a step \(4 prompts × 8 = 32\) evenly"),
        ("reinforce.completions=1", "greater than or equal to 2"),
        ("max_length=32", r"max_length \(32\) must hold a prompt and its completion"),
        ("packing=true", "with `reinforce`, packing is False, not True; leave it out"),
        ("reinforce.kind=[label]", r"no field `reinforce.kind` \(did you mean `kinds`"),
        ("reinforce=3", "valid dictionary"),
        ("reinforce.kinds=[lable]", "`reinforce.kinds`: Input should be 'entities', .*'label'.* not 'lable'"),
        ("max_length=long", "valid integer"),
    ],
)
def test_a_wrong_recipe_names_its_field(setting: str, why: str) -> None:
    with pytest.raises(FinetuneError, match=why):
        recipe(setting)


def test_a_recipe_without_a_model_of_ones_own_says_what_to_name(tmp_path: Path) -> None:
    kept = found(tmp_path, rows("AnEM"))
    folder = "data/models/smollm2_135m_lora-1a2b3c4d"
    with pytest.raises(FinetuneError, match=rf"no model folder {folder}\..*: --set model=FOLDER"):
        base.find(recipe(), kept, tmp_path)


def test_the_kinds_are_those_that_can_be_verified() -> None:
    assert set(get_args(Kind)) == set(KINDS)


def test_random_weights_cannot_be_reinforced() -> None:
    scratch = "scratch={vocabulary: 300, layers: 1, width: 32, heads: 2, feed_forward: 64}"
    with pytest.raises(FinetuneError, match="`reinforce` needs a model that gives answers"):
        recipe(scratch, "model=null", "lora=null")


# Watching


def answers(*texts: str) -> list[Answer]:
    return [Answer(text, len(text.split()), cut=False) for text in texts]


def test_a_model_is_compared_with_what_answers_without_it(tmp_path: Path) -> None:
    kept = made(tmp_path, rows("PubMedQA-labeled", "BIOSSES", each=40), "reinforce.held_out=16")
    truths = [each.truth for each in kept.held_out]
    usual = {
        task: Counter(each.truth for each in kept.trained if each.task == task).most_common(1)[0][0]
        for task in kept.counted.tasks
    }
    constant = [usual[each.task] for each in kept.held_out]
    seen = watched(kept.held_out, kept.trained, answers(*constant), answers(*truths))
    assert (seen.before.same, seen.before.usual, seen.after.reward, seen.prompts) == (1, 1, 1, 16)
    assert seen.before.reward < 1
    assert (seen.gain, seen.low > 0) == (pytest.approx(1 - seen.before.reward), True)
    assert seen.lead == pytest.approx(1 - seen.honest_reward)
    assert seen.honest_reward >= seen.before.reward - 1e-9, "the most frequent answer is an honest way"
    assert seen.attack_reward < seen.honest_reward
    assert not seen.is_constant(0.95)
    assert watched(kept.held_out, kept.trained, answers(*truths), answers(*constant)).is_constant(0.95)
    assert {each.task: each.kind for each in seen.tasks} == {"BIOSSES": "score", "PubMedQA-labeled": "label"}
    assert all(each.right_same < 1 for each in seen.tasks)


def test_answers_that_say_nothing_are_seen(tmp_path: Path) -> None:
    kept = made(tmp_path, rows("PubMedQA-labeled", each=40))
    nothing = answers(*[""] * len(kept.held_out))
    seen = watched(kept.held_out, kept.trained, nothing, nothing)
    assert (seen.after.reward, seen.after.same, seen.after.signs["empty"], seen.gain) == (0, 1, 1, 0)
    assert seen.lead < 0


def test_answers_of_the_start_are_kept_until_the_end(tmp_path: Path) -> None:
    assert watch.saved(tmp_path) is None
    watch.save(answers("yes", "no"), tmp_path)
    assert watch.saved(tmp_path) == answers("yes", "no")


def test_receipts_of_older_versions_are_read() -> None:
    fields = Trained.model_fields
    assert not fields["before"].is_required()
    assert not fields["reinforced"].is_required()
    assert rollouts.LOG != "loss.jsonl"
