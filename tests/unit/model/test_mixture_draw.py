"""The draw of a mixture: by hash, by weight, by length, and streamed."""

from math import log

import polars as pl
import pytest

from schemas.mixture import Limits, Recipe
from schemas.sample import SAMPLE_COLUMNS
from tasks.base.store.hashing import digest
from tasks.model.draw.ranks import lowest
from tasks.model.mixture import shuffle
from tasks.model.mixture.counting import counted, counter
from tasks.model.mixture.limits import Limiter
from tasks.model.mixture.make import make
from tasks.model.mixture.queues import Queue, ranked

WORDS = counter(None)


def samples(count: int, task: str = "T", words: int = 3) -> pl.DataFrame:
    made = {
        "id": [f"{task}{n:031}" for n in range(count)],
        "instruction": ["Do it."] * count,
        "input": [" ".join(["word"] * (words + n % 3)) for n in range(count)],
        "output": [f"{n}" for n in range(count)],
        "task": [task] * count,
    }
    return pl.DataFrame(
        {name: made.get(name, [""] * count) for name in SAMPLE_COLUMNS}, schema=dict.fromkeys(SAMPLE_COLUMNS, pl.String)
    )


def recipe(**fields: object) -> Recipe:
    return Recipe.model_validate({"name": "test", "samples": "all", **fields})


def mixed(tmp_path, asked: Recipe, *tasks: pl.DataFrame):
    frames = {str(rows["task"][0]): rows.lazy().with_row_index("row") for rows in tasks}
    given = make(asked, frames, dict.fromkeys(frames, "NER"), WORDS, tmp_path / "train.parquet")
    return given, pl.read_parquet(tmp_path / "train.parquet")


def test_a_mixture_holds_the_lowest_ranks_in_their_order(tmp_path):
    one, other = samples(50), samples(80, "U")
    given, rows = mixed(tmp_path, recipe(rows=30, temperature="equal"), one, other)
    expected = pl.concat([lowest(one.lazy(), 15, 2024), lowest(other.lazy(), 15, 2024)])
    assert rows.equals(lowest(expected.lazy(), 30, 2024))
    assert {task: (each.held, each.rows) for task, each in given.items()} == {"T": (50, 15), "U": (80, 15)}
    assert sum(each.tokens for each in given.values()) == counted(rows, WORDS)["tokens"].sum()
    assert not list(tmp_path.glob("*scattered*"))


def test_neither_order_nor_number_of_files_changes_it(tmp_path, monkeypatch):
    asked = recipe(rows=500)
    _, rows = mixed(tmp_path, asked, samples(400), samples(300, "U"))
    monkeypatch.setattr(shuffle, "ROWS_PER_FILE", 40)
    mixed_up = [frame.sample(fraction=1, shuffle=True, seed=3) for frame in (samples(300, "U"), samples(400))]
    _, again = mixed(tmp_path, asked, *mixed_up)
    assert again.equals(rows)
    assert set(mixed(tmp_path, recipe(rows=500, seed=1), samples(400), samples(300, "U"))[1]["id"]) != set(rows["id"])


def test_equal_inputs_give_equal_bytes(tmp_path):
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        mixed(tmp_path / folder, recipe(rows=99, few_shot=0.5), samples(400), samples(300, "U"))
    one, other = ((tmp_path / folder / "train.parquet").read_bytes() for folder in ("a", "b"))
    assert one == other


def test_samples_of_a_wrong_length_are_left_out_counted_and_made_up_for(tmp_path):
    # two words and a full stop to instruct, one to answer, and 3, 4 or 5 of input
    given, rows = mixed(
        tmp_path, recipe(rows=40, max_tokens=8, min_tokens=8, temperature="equal"), samples(90), samples(30, "U")
    )
    assert set(counted(rows, WORDS)["tokens"]) == {8}
    assert (given["U"].rows, given["U"].wrong_length) == (10, 20)
    assert given["T"].rows == 30, "what one task lacks the other gives"
    assert all(text == "word word word word" for text in rows["input"])


def test_a_size_in_tokens_is_met_to_the_nearest_sample(tmp_path):
    given, rows = mixed(tmp_path, recipe(tokens=400, temperature="equal"), samples(900), samples(10, "U"))
    tokens = sum(each.tokens for each in given.values())
    assert tokens == counted(rows, WORDS)["tokens"].sum()
    assert abs(tokens - 400) <= 9
    assert given["U"].rows == 10


def test_weights_are_chances():
    one = (
        samples(4000)
        .lazy()
        .with_row_index("row")
        .with_columns(weight=pl.when(pl.col("row") < 2000).then(3.0).otherwise(1.0))
    )
    first = ranked(one, 1)
    assert first.mass == 8000
    heavy = (first.rows.head(400) < 2000).mean()
    assert heavy == pytest.approx(0.75, abs=0.06)
    u = int.from_bytes(pl.select(digest(pl.lit("1\x1fT" + "0" * 31))).item()[:8], "big") / 2**64
    assert 0 < -log(u) < 50
    even = ranked(one.with_columns(weight=pl.lit(2.0)), 1).rows
    assert set(even.head(100)) == set(ranked(one.drop("weight"), 1).rows.reverse().head(100)), "-ln(u) falls as u grows"


def test_nothing_is_measured_that_need_not_be():
    met = []

    def measure(rows: pl.Series) -> pl.DataFrame:
        met.extend(rows)
        return pl.DataFrame({"row": rows, "tokens": [7] * len(rows)}, schema={"row": pl.UInt32, "tokens": pl.UInt32})

    rows = pl.Series(range(50_000), dtype=pl.UInt32)
    assert len(Queue(rows, recipe(rows=10), measure, Limiter(Limits(), None)).first(10)) == 10
    assert not met
    assert len(Queue(rows, recipe(rows=10, max_tokens=9), measure, Limiter(Limits(), None)).first(10)) == 10
    assert len(met) <= 2000


def test_a_share_has_examples_that_are_never_the_question(tmp_path):
    given, rows = mixed(tmp_path, recipe(rows=600, few_shot=0.5, examples=3), samples(600, words=4))
    shown = rows.filter(pl.col("history").list.len() > 0)
    assert 250 < shown.height < 350
    assert given["T"].few_shot == shown.height
    assert set(shown["history"].list.len()) == {3}
    inputs = dict(rows.select("output", "input").iter_rows())
    for row in shown.iter_rows(named=True):
        assert all(user == f"Do it.\n{inputs[answer]}" and answer != row["output"] for user, answer in row["history"])
    half = mixed(tmp_path, recipe(rows=300, few_shot=0.5, examples=3), samples(600, words=4))[1]
    same = half.join(rows, on="id", how="inner")
    assert same.height == 300
    assert same["history"].equals(same["history_right"], check_names=False), "whatever else is in the mixture"


def test_no_candidates_make_an_empty_file(tmp_path):
    given = make(recipe(rows=5), {}, {}, WORDS, tmp_path / "train.parquet")
    assert given == {}
    assert pl.read_parquet(tmp_path / "train.parquet").columns == list(SAMPLE_COLUMNS)
