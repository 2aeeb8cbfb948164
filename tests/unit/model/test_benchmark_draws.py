"""Draws of the benchmark: by hash, and by nothing else."""

import polars as pl
import pytest

from schemas.task import Ner, Sts, Transl, TxtClass
from sources import tasks as declared
from tasks.base.paper.held_out import held_out
from tasks.base.paper.parity import paper
from tasks.model.benchmark.tiers import tier
from tasks.model.draw.ranks import LONGEST, POOL, SHOTS, histories, lowest, pool, subset


def samples(count: int, task: str = "T", text: str = "text") -> pl.DataFrame:
    return pl.DataFrame(
        {
            "id": [f"{task}{n:04}" for n in range(count)],
            "task": [task] * count,
            "instruction": ["Do it."] * count,
            "input": [f"{text} {n}" for n in range(count)],
            "output": [f"answer {n}" for n in range(count)],
        }
    )


def test_the_32_are_the_papers():
    assert len(held_out()) == 32
    for name, held in held_out().items():
        assert name in declared(), name
        category, (train, dev, test) = paper()[name]
        assert held.size == test or (held.size in (100, 200, 1000) and held.size < test), (name, category, train, dev)


@pytest.mark.parametrize("count", [0, 1, 5, 50, 99])
def test_a_draw_depends_on_neither_order_nor_size_of_batches(count):
    rows = samples(50)
    drawn = lowest(rows.lazy(), count, 1)
    assert drawn.height == min(count, 50)
    assert lowest(rows.sample(fraction=1, shuffle=True, seed=3).lazy(), count, 1).equals(drawn)
    assert set(lowest(rows.lazy(), max(0, count - 1), 1)["id"]) <= set(drawn["id"])


def test_another_seed_is_another_draw():
    rows = samples(50).lazy()
    assert set(lowest(rows, 10, 1)["id"]) != set(lowest(rows, 10, 2)["id"])


def test_a_subset_keeps_the_order():
    drawn = subset(samples(50).lazy(), 10, 1).collect()["id"].to_list()
    assert drawn == sorted(drawn)
    assert len(drawn) == 10


def test_a_pool_is_of_short_samples_where_there_are_some():
    mixed = pl.concat([samples(3), samples(3, "L", "x" * LONGEST)]).lazy()
    assert set(pool([mixed], 1)["task"]) == {"T"}
    assert set(pool([samples(3, "L", "x" * LONGEST).lazy()], 1)["task"]) == {"L"}
    assert pool([samples(500).lazy()], 1).height == POOL
    assert pool([], 1).height == 0


def test_a_pool_of_several_tasks_has_some_of_each():
    counts = dict(pool([samples(500).lazy(), samples(5, "U").lazy()], 1)["task"].value_counts().iter_rows())
    assert counts == {"T": POOL // 2, "U": 5}


def test_examples_are_turns_and_never_the_question_itself():
    tests = samples(20)
    found = histories(tests, samples(10), 1).to_list()
    for text, turns in zip(tests["input"], found, strict=True):
        assert len(turns) == SHOTS
        assert all(user.startswith("Do it.\ntext ") and answer.startswith("answer ") for user, answer in turns)
        assert text not in [user.removeprefix("Do it.\n") for user, _ in turns]
    assert len({str(turns) for turns in found}) > 5, "questions have different examples"
    assert histories(tests.reverse(), samples(10), 1).to_list() == found[::-1]


def test_fewer_examples_where_there_are_fewer():
    assert histories(samples(2), samples(1), 1).to_list() == [[], [["Do it.\ntext 0", "answer 0"]]]
    assert histories(samples(2), samples(1).head(0), 1).to_list() == [[], []]


NER = Ner(name="Test", types={"a": "gene", "b": "disease"})


@pytest.mark.parametrize(
    ("training", "name", "labels"),
    [
        ([NER], "task", 1.0),
        ([Ner(name="X", types={"a": "Gene"}), Ner(name="Y", types={"a": "disease", "b": "cell"})], "labels", 1.0),
        ([Ner(name="X", types={"a": "gene"})], "category", 0.5),
        ([Sts(name="X", scale=(0, 1))], "new", 0.0),
        ([], "new", 0.0),
    ],
)
def test_tiers(training, name, labels):
    found = tier(NER, training)
    assert (found.name, found.labels) == (name, labels)


def test_a_tier_by_answer_form_alone():
    one = TxtClass(name="One", classes={"a": "yes", "b": "no"})
    other = declared()["SciFact"][1]
    assert tier(one, [other]).name == "form"
    assert tier(Transl(name="One"), []).labels is None
