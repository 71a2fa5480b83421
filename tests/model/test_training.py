"""Training: the masked softmax, and banks of which a client has every product."""

import numpy as np
import pytest
import torch

from finrec_core import FusedRecommender, from_frames
from finrec_core.model import Switches, batches
from finrec_core.model.batches import Hidden
from finrec_core.model.training import _MaskedSoftmax, place


def hidden(rows, cols, seen_rows, seen_cols):
    weight = torch.full((len(rows),), 1.0 / max(1, len(rows)))
    return Hidden(*map(torch.tensor, (rows, cols)), weight, *map(torch.tensor, (seen_rows, seen_cols)))


def test_a_client_that_visibly_has_everything_is_asked_nothing():
    """Guards −inf less −inf, which made every parameter no number one step later."""
    scores = torch.randn(2, 3, generator=torch.Generator().manual_seed(0), requires_grad=True)
    loss = _MaskedSoftmax.apply(scores, hidden([0], [1], [1, 1, 1], [0, 1, 2]))
    loss.backward()
    expected = torch.softmax(scores.detach()[0], 0) - torch.tensor([0.0, 1.0, 0.0])
    assert torch.allclose(scores.grad[0], expected, atol=1e-6)
    assert scores.grad[1].tolist() == [0.0, 0.0, 0.0]
    assert float(loss.detach()) == pytest.approx(
        float(-torch.log_softmax(scores.detach()[0], 0)[1]), rel=1e-6
    )


def bank(clients, products, full):
    random = np.random.default_rng(0)
    pairs = [
        (f"c{client}", f"p{product}")
        for client in range(clients)
        for product in random.choice(products, random.integers(1, min(products, 5) + 1), replace=False)
    ]
    pairs += [(f"all{client}", f"p{product}") for client in range(full) for product in range(products)]
    return pairs


@pytest.mark.parametrize(
    "pairs",
    [
        bank(60, 8, 1),
        bank(40, 15, 3),
        [("a", "p1"), ("b", "p2"), ("c", "p1"), ("c", "p2")],
        [("a", "p1"), ("b", "p1")],
        [("a", "p1")],
    ],
)
def test_a_bank_is_learned_whose_client_has_every_product(pairs):
    clients, products = zip(*pairs, strict=True)
    dataset = from_frames({"client_id": list(clients), "product_id": list(products)})
    model = FusedRecommender(seed=0, compare=False, switches=Switches(closed_form=False)).fit(dataset)
    assert np.isfinite(model.model.scores(np.arange(len(dataset.clients)))).all()


@pytest.mark.parametrize("name", ["MOST_RANKED", "STEP_CELLS"])
def test_so_is_one_whose_products_are_sampled_or_whose_clients_take_turns(monkeypatch, name):
    monkeypatch.setattr(batches, name, 1)
    monkeypatch.setattr(batches, "LEAST_CLIENTS", 8)
    monkeypatch.setattr(batches, "SAMPLE", 4)
    clients, products = zip(*bank(60, 8, 3), strict=True)
    dataset = from_frames({"client_id": list(clients), "product_id": list(products)})
    model = FusedRecommender(seed=0, compare=False, switches=Switches(closed_form=False)).fit(dataset)
    assert np.isfinite(model.model.scores(np.arange(len(dataset.clients)))).all()


@pytest.mark.parametrize("device", ["cuda:99", "gpu", "meta", "", None])
def test_a_device_that_is_not_there_is_refused_before_anything_is_read(device):
    with pytest.raises(ValueError, match="this machine cannot train on the device"):
        FusedRecommender(device=device)


def test_auto_takes_what_is_there():
    assert place("auto").type == ("cuda" if torch.cuda.is_available() else "cpu")
