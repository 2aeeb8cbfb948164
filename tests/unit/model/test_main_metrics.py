"""The main metrics, which spreads, strata and experiments compute alone, are the first of all metrics."""

import numpy as np
import pytest

from medinst_eval.measure import measure
from tasks.base.predictions.files import Answered
from tasks.model.score.declared import definition
from tasks.model.score.main import main_metrics

pytestmark = pytest.mark.heavy  # a library of metrics is loaded

GOLD = {
    "AnEM": ["[heart <organ>]", "[skin <tissue>], [liver <organ>]"],  # entities
    "tmVar-v3-NED": ["[p53 <Gene/7157>]", "none"],  # concepts
    "BC5CDR-RE": ["[<aspirin> <induces> <ulcer>]", "none"],  # relations
    "MLEE-EE": ["[<growth> <Growth> <tumor>]", "none"],  # events
    "MLEE-COREF": ["[ASA], [aspirin]", "[it]"],  # mentions
    "NCBI-disease": ["a [B] fever [I] . [O]", "well [O]"],  # tags
    "Hallmarks-of-Cancer": ["none", "inducing angiogenesis"],  # list
    "PubMedQA-labeled": ["yes", "no"],  # label
    "BIOSSES": ["4", "1"],  # score
    "ParaMed": ["The heart beats.", "It is well."],  # text
}
SAID = (
    lambda gold: gold,
    lambda gold: f"Here is the answer: {gold}",
    lambda gold: f"<answer>{gold}</answer>",
    lambda gold: f"**{gold}**",
    lambda _: "",
)


@pytest.mark.parametrize("task", GOLD)
@pytest.mark.parametrize("said", SAID, ids=["gold", "introduced", "marked up", "bold", "nothing"])
def test_they_are_the_first_of_all_metrics(task: str, said: object) -> None:
    gold = GOLD[task]
    answered = Answered(["1", "2"], [said(text) for text in gold], gold, 2)  # pyright: ignore[reportCallIssue]
    every = {each.kind: each.metrics[0] for each in measure(definition(task), answered.predictions, gold)}
    alone = main_metrics(definition(task), answered)
    assert alone.keys() == every.keys()
    for kind, metric in alone.items():
        assert metric.name == every[kind].name
        assert metric.value == pytest.approx(every[kind].value), kind
        np.testing.assert_allclose(metric.parts, every[kind].parts)
