"""Batches of clients and sampled products against a step that takes everything."""

import numpy as np
import pytest
import torch
from scipy.sparse import csr_array

from finrec_core.dataset.split import split_by_client
from finrec_core.metrics import rank_metrics
from finrec_core.model import NetworkConstants, Switches, batches
from finrec_core.model.batches import Hidden, Ranked
from finrec_core.model.evidence import Evidence
from finrec_core.model.graph import spmm
from finrec_core.model.network import Network, NetworkInputs
from finrec_core.model.training import place, score_all, start_embeddings, train
from tests.planted import planted


@pytest.fixture(scope="module")
def inputs(bank, constants):
    evidence = Evidence.of(bank.dataset, bank.texts, Switches())
    return NetworkInputs(evidence, constants.network, place("cpu"))


@pytest.fixture
def network(bank, constants, inputs):
    evidence = Evidence.of(bank.dataset, bank.texts, Switches())
    network = Network(inputs, start_embeddings(evidence, constants.network.dim, 0))
    network.start_text_block(inputs)
    return network


def test_some_clients_get_what_they_get_among_all(inputs, network):
    """Client 1 has nothing but ties, client 0 nothing at all."""
    some = torch.tensor([40, 1, 0, 7, 63, 12])
    found = []
    for rows in (None, some):
        network.zero_grad()
        h, g = network(inputs, inputs.everything, rows)
        h = h[some] if rows is None else h
        (h.square().sum() + g.square().sum()).backward()
        found.append((h.detach(), network.q_in.grad.clone(), network.scalars["beta"].grad.clone()))
    for whole, part in zip(*found, strict=True):
        assert (whole - part).abs().max() < 1e-5


def test_a_part_of_a_relation_has_its_transpose(inputs):
    rows = torch.tensor([5, 3, 70])
    part, edges = inputs.graph.part("has", rows)
    x = torch.randn(part.cols, 4, requires_grad=True)
    values = torch.rand(len(edges))
    dense = torch.zeros(3, part.cols)
    dense[part.row, part.col] = values
    assert torch.equal(inputs.graph.has.row[edges], rows[part.row])
    spmm(part, values, x).square().sum().backward()
    assert torch.allclose(x.grad, 2 * dense.T @ (dense @ x.detach()), atol=1e-5)


def test_a_sampled_softmax_has_the_right_sum_on_average(inputs, monkeypatch):
    monkeypatch.setattr(batches, "SAMPLE", 12)
    generator = torch.Generator().manual_seed(0)
    scores = torch.randn(64, generator=generator)
    hidden = Hidden.of(inputs, (torch.arange(len(inputs.row)) % 40 > 0).float(), torch.arange(80))
    held = torch.bincount(inputs.col, minlength=64) > 0
    sums = []
    for _ in range(4000):
        ranked = Ranked.drawn(inputs, hidden, generator)
        among = ranked.among(hidden, 64)
        assert torch.equal(ranked.products[among.col], hidden.col)
        sums.append(torch.exp(scores[ranked.products] + ranked.correction).sum())
    assert len(ranked.products) < 40
    assert abs(torch.stack(sums).mean() / scores[held].exp().sum() - 1) < 0.02


def test_batches_take_turns_by_cells_and_by_edges(inputs, monkeypatch):
    generator = torch.Generator().manual_seed(0)
    assert batches.size(inputs) == 80
    assert batches.turns(inputs) == 1
    assert torch.equal(batches.clients(inputs, generator), torch.arange(80))
    monkeypatch.setattr(batches, "LEAST_CLIENTS", 10)
    monkeypatch.setattr(batches, "MOST_EDGES", len(inputs.row) // 4)
    assert batches.size(inputs) in (19, 20)
    assert batches.turns(inputs) == 4
    assert len(torch.unique(batches.clients(inputs, generator))) == batches.size(inputs)


def test_batches_and_samples_learn_as_well_as_the_whole(monkeypatch):
    """Many edges and a large catalogue cost less than half a percent of NDCG.

    Asked for are the twenty products that each client is likeliest to take, as the planted bank knows them:
    against the few that it took next, two trainings differ by twice as much for chance alone.
    """
    bank = planted(seed=1, clients=2400, products=600, per_client=10)
    split = split_by_client(bank.dataset, 0)
    evidence = Evidence.of(bank.dataset.take(split.train), bank.texts.take(split.train), Switches())
    validation = bank.dataset.take(split.validation).matrix()
    likely = np.where(evidence.held.toarray() > 0, -1.0, bank.likely)
    best = np.argsort(-likely, axis=1, kind="stable")[:, :20]
    truth = np.zeros_like(likely)
    np.put_along_axis(truth, best, 1.0, axis=1)
    truth = csr_array(truth)
    inputs = NetworkInputs(evidence, NetworkConstants(dim=16, text_dim=8), place("cpu"))

    def ndcg(scores, targets):
        rows = np.flatnonzero(np.diff(targets.indptr))
        return rank_metrics(scores[rows], targets[rows], evidence.held[rows], (20,))["ndcg@20"]

    def trained():
        """NDCG of three seeds' scores summed, as a model sums them: single seeds differ by 2 %."""
        total = 0.0
        for seed in range(3):
            best = train(
                evidence, inputs.constants, seed=seed, inputs=inputs, validate=lambda s: ndcg(s, validation)
            )
            total = total + score_all(best.network, inputs)
        return ndcg(total, truth).mean()

    whole = trained()
    monkeypatch.setattr(batches, "LEAST_CLIENTS", 100)
    monkeypatch.setattr(batches, "MOST_EDGES", len(inputs.row) // 3)
    monkeypatch.setattr(batches, "MOST_RANKED", 10)
    monkeypatch.setattr(batches, "SAMPLE", 200)
    found = trained()
    assert found / whole > 1 - 0.005, (found, whole)
