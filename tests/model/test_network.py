from dataclasses import replace

import numpy as np
import pytest
import torch

from finrec_core.model import Switches, batches, graph
from finrec_core.model.evidence import Evidence
from finrec_core.model.network import NetworkInputs
from finrec_core.model.network_state import NetworkState
from finrec_core.model.training import place, score_all, train


@pytest.mark.parametrize("backend", ["csr", "dgl"])
def test_serving_in_float64_equals_the_trained_network(bank, constants, backend):
    evidence = Evidence.of(bank.dataset, bank.texts, Switches(), message_passing=backend)
    trained = train(evidence, replace(constants.network, steps=(4, 3)), seed=0)
    view = NetworkState.of(evidence, constants.network, [trained.parameters])
    rows = np.arange(len(bank.dataset.clients))
    scores = view.clients(rows) @ view.targets.T + view.bias
    assert np.abs(scores - score_all(trained.network, trained.inputs)).max() < 1e-4


@pytest.mark.parametrize("asked", ["everybody", "some"])
def test_dgl_and_fast_path_train_to_the_same_network(bank, constants, monkeypatch, asked):
    if asked == "some":  # so that parts of the graph are walked
        monkeypatch.setattr(batches, "LEAST_CLIENTS", 20)
        monkeypatch.setattr(batches, "STEP_CELLS", 64 * 20)
    found = []
    for backend in ("csr", "dgl"):
        evidence = Evidence.of(bank.dataset, bank.texts, Switches(), message_passing=backend)
        trained = train(evidence, replace(constants.network, steps=(2, 2)), seed=0)
        assert batches.size(trained.inputs) == (20 if asked == "some" else 80)
        found.append(trained.parameters)
    for name, value in found[0].items():
        assert np.abs(value - found[1][name]).max() < 1e-3, name


@pytest.mark.parametrize("asked", ["csr", "dgl"])
def test_nothing_but_what_was_asked_multiplies(bank, constants, monkeypatch, asked):
    """Two equal results do not show that two ways were taken."""
    monkeypatch.setattr(batches, "LEAST_CLIENTS", 20)
    monkeypatch.setattr(batches, "STEP_CELLS", 64 * 20)
    calls = {"csr": 0, "dgl": 0}
    ways = {"csr": (graph._CsrProduct, "apply"), "dgl": (graph.load_dgl().ops, "u_mul_e_sum")}

    def counting(way, call):
        def counted(*given):
            calls[way] += 1
            return call(*given)

        return counted

    for way, place_of in ways.items():
        monkeypatch.setattr(*place_of, counting(way, getattr(*place_of)))
    evidence = Evidence.of(bank.dataset, bank.texts, Switches(), message_passing=asked)
    train(evidence, replace(constants.network, steps=(1, 1)), seed=0)
    other = {"csr": "dgl", "dgl": "csr"}[asked]
    assert calls[asked] >= 10
    assert calls[other] == 0


def test_a_hidden_review_leaves_the_texts(bank, constants):
    """Guards against the review of a predicted edge speaking in its own prediction."""
    evidence = Evidence.of(bank.dataset, bank.texts, Switches())
    inputs = NetworkInputs(evidence, constants.network, place("cpu"))
    edge = int(evidence.review_edge[evidence.review_edge >= 0][0])
    kept = torch.ones(evidence.x.nnz)
    kept[edge] = 0
    product = int(evidence.x.indices[edge])
    moved = (inputs.step(kept).z - inputs.everything.z).abs().sum(dim=1)
    assert moved[product] > 0
    assert moved.sum() == moved[product]
    own = evidence.features.own.shape[1]
    review = int(np.flatnonzero(evidence.review_edge == edge)[0])
    rest = [r for r in evidence.features.reviews_of(product) if r != review]
    expected = evidence.features.reviews[rest].sum(axis=0) / (len(rest) + 3) * inputs.review_factors.numpy()
    assert np.allclose(inputs.step(kept).z[product, own:].numpy(), expected, atol=1e-5)


def test_the_same_seed_gives_the_same_network(bank, constants):
    evidence = Evidence.of(bank.dataset, bank.texts, Switches())
    runs = [train(evidence, replace(constants.network, steps=(3, 2)), seed=5).parameters for _ in range(2)]
    assert all(np.array_equal(value, runs[1][name]) for name, value in runs[0].items())


def test_stage_one_has_no_text_block_and_the_switch_leaves_it_so(bank, constants):
    evidence = Evidence.of(bank.dataset, bank.texts, Switches(second_stage=False))
    trained = train(evidence, replace(constants.network, steps=(3, 3)), seed=0)
    assert trained.steps == (3, 0)
    assert not trained.parameters["w_in"].any()


def test_early_stop_keeps_the_best_step(bank, constants):
    evidence = Evidence.of(bank.dataset, bank.texts, Switches())
    figures = iter([0.1, 0.5] + [0.2] * 100)
    trained = train(
        evidence,
        constants.network,
        seed=0,
        stages=(0,),
        validate=lambda scores: np.full(3, next(figures)),
    )
    assert trained.steps[0] == 5
    assert trained.figures.mean() == 0.5


def test_a_fall_after_the_start_does_not_end_the_training(bank, constants):
    """Guards against a straw man: on lastfm the graph-only network first fell, and stopped at step 5."""
    evidence = Evidence.of(bank.dataset, bank.texts, Switches(text=False, ties=False))
    figures = iter([0.5, *[0.2] * 8, *[0.9] * 100])
    trained = train(
        evidence, constants.network, seed=0, stages=(0,), validate=lambda scores: np.full(3, next(figures))
    )
    assert trained.steps[0] == 45


def test_a_loss_that_is_no_number_is_refused(bank, constants):
    evidence = Evidence.of(bank.dataset, bank.texts, Switches())
    with pytest.raises(FloatingPointError, match="no longer a number"):
        train(evidence, replace(constants.network, rate=1e30, steps=(5, 0)), seed=0)


def test_a_watched_network_is_the_same_and_tells_every_check(bank, constants):
    """Guards the live curve: whoever looks on must not change what is learned."""
    evidence = Evidence.of(bank.dataset, bank.texts, Switches())

    def validate(scores):
        return scores.mean(axis=1) - scores.min(axis=1)

    told = []
    ways = ({}, {"watch": lambda *check: told.append(check)})
    alone, watched = (train(evidence, constants.network, seed=2, validate=validate, **way) for way in ways)
    for name, values in alone.parameters.items():
        assert np.array_equal(values, watched.parameters[name]), name
    assert tuple((step, figure) for _, step, figure in told) == watched.curve == alone.curve
    assert {stage for stage, _, _ in told} == {0, 1}
    assert told[0][:2] == (0, 0)
