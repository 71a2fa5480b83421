"""The forms of P against the dense one, and a large catalogue against a small one."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csr_array

from finrec_core.dataset.split import split_by_client
from finrec_core.metrics import rank_metrics
from finrec_core.model import ClosedFormConstants, Switches, blocks, choose, fit, inverse
from finrec_core.model.closed_form import profiles, solve
from finrec_core.model.evidence import Evidence
from finrec_core.model.files import ModelFileError, load, save
from tests.planted import planted

CONSTANTS = ClosedFormConstants(ridge=10.0, score_exponent=0.3, tie_share=0.3)


@pytest.fixture(scope="module")
def evidence(bank):
    return Evidence.of(bank.dataset, bank.texts, Switches())


def limits(monkeypatch, *, products, rank, members=16, around=40):
    """Lower the limits, so that a small catalogue goes the way of a large one."""
    monkeypatch.setattr(inverse, "MOST_PRODUCTS", products)
    monkeypatch.setattr(inverse, "SEARCHED", (products, 32))
    monkeypatch.setattr(inverse, "MOST_RANK", rank)
    monkeypatch.setattr(blocks, "MEMBERS", members)
    monkeypatch.setattr(blocks, "AROUND", around)


def low_rank(evidence, fast=False, interactions=True):
    view = solve(evidence, CONSTANTS, interactions=interactions)
    text = view.text * view.factors
    equations = inverse.Equations.of(evidence.x, view.row_weights, text, view.ridge)
    return view, inverse.LowRank.of(equations, fast=fast)


@pytest.mark.parametrize("interactions", [True, False])
def test_low_rank_is_the_dense_inverse(evidence, rng, interactions):
    view, other = low_rank(evidence, interactions=interactions)
    P = view.inverse.matrix
    p = csr_array(rng.normal(size=(5, len(P))) * (rng.random((5, len(P))) < 0.3))
    assert np.abs(other.diagonal - np.diagonal(P)).max() < 1e-13
    assert np.abs(other.column(7) - P[:, 7]).max() < 1e-13
    assert np.abs(other.times(p) - p @ P).max() < 1e-13
    assert np.abs(other.times_at(p.toarray()[0], 3) - (p @ P)[0]).max() < 1e-13


def test_low_rank_in_float32_is_close(evidence):
    view, other = low_rank(evidence, fast=True)
    assert np.abs(other.diagonal - view.diagonal).max() < 1e-5 * view.diagonal.max()


def test_few_clients_are_solved_through_the_clients(evidence, monkeypatch):
    limits(monkeypatch, products=10, rank=0)
    assert isinstance(solve(evidence, CONSTANTS).inverse, blocks.Blocks)
    few = replace(evidence, x=evidence.x[:9], ties=evidence.ties[:9, :9])
    limits(monkeypatch, products=10, rank=60)
    assert isinstance(solve(few, CONSTANTS).inverse, inverse.LowRank)


def test_blocks_over_everything_are_the_dense_inverse(evidence, monkeypatch):
    view = solve(evidence, CONSTANTS)
    limits(monkeypatch, products=10, rank=0, around=64)
    other = solve(evidence, CONSTANTS)
    assert len(other.inverse.members) == 4
    assert np.array_equal(other.inverse.products, np.arange(64))
    p = profiles(evidence, CONSTANTS)
    assert np.abs(other.scores(p) - view.scores(p)).max() < 1e-12


def test_a_product_in_a_block_is_the_ridge_regression_on_those_around_it(evidence, monkeypatch):
    limits(monkeypatch, products=10, rank=0)
    view = solve(evidence, CONSTANTS)
    i = 7
    around = np.flatnonzero(view.column(i))
    others = around[around != i]
    F = view.text * view.factors
    X = evidence.x.toarray() * np.sqrt(view.row_weights)[:, None]
    G = X.T @ X + F @ F.T
    gram = G[np.ix_(others, others)] + np.diag(view.ridge[others])
    expected = np.linalg.solve(gram, G[others, i])
    assert 16 <= len(around) <= 40
    assert np.abs(-view.column(i)[others] / view.diagonal[i] - expected).max() < 1e-12


@pytest.mark.parametrize("rank", [0, 1000])
def test_a_large_model_survives_saving(bank, constants, monkeypatch, tmp_path, rank):
    limits(monkeypatch, products=10, rank=rank)
    model = fit(bank.dataset, bank.texts, constants, seed=1)
    save(model, tmp_path)
    rows = np.arange(len(bank.dataset.clients))
    assert np.array_equal(load(tmp_path, bank.dataset, model.constants).scores(rows), model.scores(rows))
    other = planted(seed=3, products=60)
    with pytest.raises(ModelFileError, match="does not fit"):
        load(tmp_path, other.dataset, model.constants)


def test_blocks_rank_as_well_as_the_whole(monkeypatch):
    """A large catalogue loses less than half a percent of NDCG against the dense solution."""
    bank = planted(seed=1, clients=1500, products=400, per_client=12)
    split = split_by_client(bank.dataset, 0)
    known = ~split.test
    evidence = Evidence.of(bank.dataset.take(known), bank.texts.take(known), Switches())
    targets = bank.dataset.take(split.test).matrix()
    rows = np.flatnonzero(np.diff(targets.indptr))
    constants = ClosedFormConstants(ridge=100.0)

    def ndcg():
        scores = solve(evidence, constants).scores(profiles(evidence, constants)[rows])
        return rank_metrics(scores, targets[rows], evidence.held[rows], (20,))["ndcg@20"].mean()

    whole = ndcg()
    limits(monkeypatch, products=10, rank=0, members=32, around=200)
    assert abs(ndcg() / whole - 1) < 0.005


def test_constants_of_a_large_catalogue_are_chosen_on_some_of_its_products(bank, monkeypatch):
    limits(monkeypatch, products=10, rank=0)
    split = split_by_client(bank.dataset, 0)
    switches = Switches(network=False)
    chosen = choose(bank.dataset, bank.texts, split, switches=switches, seed=0).constants
    fitted = fit(bank.dataset, bank.texts, chosen, seed=0)
    assert isinstance(fitted.view("closed_form").form.inverse, blocks.Blocks)
    assert np.isfinite(fitted.scores(np.arange(len(bank.dataset.clients)))).all()
