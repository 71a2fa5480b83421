"""Descent keeps its best step; the softmax gradient written out is autograd's."""

import math

import pytest
import torch

from finrec_core.evaluation import descent
from finrec_core.evaluation.descent import checks, descend, descend_while_better, softmax_gradient


def parabola(at):
    x = torch.tensor([at], requires_grad=True)
    return x, lambda: (x**2).sum().backward()


def test_it_takes_that_many_steps():
    x, step = parabola(1.0)
    told = []
    descend([x], step, rate=0.1, steps=3, progress=lambda stage, share: told.append(share))
    assert told == pytest.approx([1 / 3, 2 / 3, 1.0])
    assert float(x) == pytest.approx(0.7, abs=0.01)


def test_it_ends_at_its_best_check():
    x, step = parabola(1.0)  # each step of Adam takes about 0.1 off, so the fourth is nearest to 0.6
    steps, figure = descend_while_better([x], step, rate=0.1, check=lambda: -abs(float(x) - 0.6))
    assert steps == 4
    assert float(x) == pytest.approx(0.6, abs=0.02)
    assert figure == pytest.approx(-abs(float(x) - 0.6))


def test_it_checks_every_few_steps_and_stops_in_time(monkeypatch):
    monkeypatch.setattr(descent, "PATIENCE", 6)
    x, step = parabola(1.0)
    figures = iter([0.2, 0.3, 0.1, 0.1, 0.9])
    steps, figure = descend_while_better([x], step, rate=0.01, check=lambda: next(figures), every=3)
    assert (steps, figure) == (6, 0.3)


def test_checks_and_patience_count_passes(monkeypatch):
    monkeypatch.setattr(descent, "PATIENCE", 2)
    x, step = parabola(1.0)
    figures = iter([0.2, 0.1, 0.3, 0.1, 0.1, 0.9])
    steps, figure = descend_while_better([x], step, rate=0.01, check=lambda: next(figures), steps_a_pass=3)
    assert (steps, figure) == (9, 0.3)


def test_numbers_that_run_away_end_the_descent():
    x, _ = parabola(1.0)

    def step():
        x.grad = torch.full_like(x, float("nan"))

    steps, figure = descend_while_better([x], step, rate=0.1, check=lambda: 1.0)
    assert steps == 0
    assert math.isnan(figure)
    assert float(x) == 1.0


def test_the_softmax_gradient_is_autograds():
    torch.manual_seed(0)
    clients = torch.randn(5, 3, dtype=torch.float64, requires_grad=True)
    products = torch.randn(7, 3, dtype=torch.float64, requires_grad=True)
    wanted = (torch.tensor([0, 0, 2, 4]), torch.tensor([1, 3, 6, 0]))
    hidden = (torch.tensor([0, 1, 2, 4]), torch.tensor([0, 0, 2, 5]))
    scores = clients @ products.T
    scores[hidden] = -torch.inf
    loss = -torch.log_softmax(scores, dim=1)[wanted].mean()
    expected = torch.autograd.grad(loss, (clients, products))
    found = softmax_gradient(clients, products, wanted, hidden)
    for one, other in zip(found, expected, strict=True):
        assert torch.allclose(one, other, atol=1e-12)


def test_a_small_bank_is_checked_at_every_step():
    assert checks(1000, 100) == 1
    assert checks(2000, 3000) > 1
