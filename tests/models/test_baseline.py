"""The baseline `encoder`: it learns, repeats itself by its seed, and says when its loss is NaN."""

from itertools import pairwise, product

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="no torch here; make test-models brings it")

from medinst_eval.measure import strictly  # noqa: E402
from schemas.errors import EvaluationError  # noqa: E402
from tasks.base.store.root import Root  # noqa: E402
from tasks.build.builds.state import save_state  # noqa: E402
from tasks.model.baseline import encoder, viterbi  # noqa: E402
from tasks.model.baseline.choice import choose  # noqa: E402
from tasks.model.baseline.crf import Crf  # noqa: E402
from tasks.model.baseline.prepare import Prepared, prepare  # noqa: E402
from tasks.model.baseline.train import Baseline, train  # noqa: E402
from tasks.model.benchmark.write import write_benchmark  # noqa: E402
from tests.support.gathering import as_published, gather  # noqa: E402
from tests.support.places import DEMO  # noqa: E402

TESTS = ("NCBI-disease", "Hallmarks-of-Cancer", "BioNLP-2011-ID")


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Prepared]:
    """Three tests of miniatures, one of each form of answers."""
    folder = tmp_path_factory.mktemp("baseline")
    state = gather(folder, DEMO, ["ncbi_disease", "hallmarks_of_cancer", "bionlp_2011_id"])
    save_state(state)
    as_published(state)
    write_benchmark(state, "local")
    choice = choose(TESTS, Root(str(folder)))
    return {name: prepare(name, choice) for name in choice.samples}


def on_itself(test: Prepared) -> Prepared:
    """A test whose training samples tell when to stop: a handful of others would say nothing."""
    return test._replace(training=test.training._replace(held=test.training.rows))


def trained(test: Prepared, monkeypatch: pytest.MonkeyPatch, epochs: int, seed: int = 0) -> Baseline:
    monkeypatch.setattr(encoder, "MOST", epochs)
    monkeypatch.setattr(encoder, "PATIENCE", 1)
    return train("encoder", on_itself(test), seed, lambda *_: None)[0]


@pytest.mark.parametrize("name", TESTS)
def test_training_beats_random_weights_and_answers_in_the_grammar(
    name: str, prepared: dict[str, Prepared], monkeypatch: pytest.MonkeyPatch
) -> None:
    test = prepared[name]
    before, after = (trained(test, monkeypatch, epochs) for epochs in (0, 60))
    rows = test.training.rows
    assert after.score(rows) > max(0.5, before.score(rows))
    assert all(strictly(test.definition, after.answers(test.rows.texts), test.rows.answers).read)


def test_the_same_seed_gives_the_same_answers_and_texts_do_not_change_each_other(
    prepared: dict[str, Prepared], monkeypatch: pytest.MonkeyPatch
) -> None:
    test = prepared["NCBI-disease"]
    one, again, other = (trained(test, monkeypatch, 10, seed) for seed in (3, 3, 4))
    texts = [*test.rows.texts, *test.training.rows.texts]
    assert one.answers(texts) == again.answers(texts)
    assert one.answers(texts) == [one.answers([text])[0] for text in texts]
    weights = [[each.detach().numpy() for each in made.model.weights] for made in (one, again, other)]  # type: ignore[attr-defined]
    assert all(np.array_equal(*pair) for pair in zip(weights[0], weights[1], strict=True))
    assert not all(np.array_equal(*pair) for pair in zip(weights[0], weights[2], strict=True))


def test_a_loss_that_is_no_number_ends_training(prepared: dict[str, Prepared], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoder, "RATE", 1e30)
    with pytest.raises(EvaluationError, match=r"loss of epoch \d is (nan|inf).*--seed"):
        trained(prepared["NCBI-disease"], monkeypatch, 3)


def test_the_loss_of_the_field_is_that_over_all_paths() -> None:
    tags = ("O", "B", "I")
    crf = Crf(viterbi.allowed(tags), viterbi.beginning(tags))
    torch.manual_seed(0)
    with torch.no_grad():
        crf.pairs.normal_()
        crf.first.normal_()
    scores = torch.randn(2, 4, 3)
    there = torch.tensor([[True] * 4, [True, True, False, False]])
    gold = torch.tensor([[0, 1, 2, 0], [1, 2, 0, 0]])
    pairs, first = crf.learned()

    def worth(row: int, path: tuple[int, ...]) -> torch.Tensor:
        steps = sum(pairs[one, other] for one, other in pairwise(path))
        return first[path[0]] + sum(scores[row, place, tag] for place, tag in enumerate(path)) + steps

    losses = []
    for row, size in enumerate((4, 2)):
        every = torch.stack([worth(row, path) for path in product(range(3), repeat=size)])
        losses.append(torch.logsumexp(every, 0) - worth(row, tuple(gold[row, :size].tolist())))
    assert crf.loss(scores, gold, there).item() == pytest.approx(torch.stack(losses).mean().item(), rel=1e-5)
