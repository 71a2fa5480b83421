"""A small planted bank without words: tastes decide who has what, what texts say and who is tied."""

import numpy as np
import pytest

from finrec_core.model import ClosedFormConstants, Constants, NetworkConstants, fit
from tests.planted import planted


@pytest.fixture(scope="session")
def bank():
    return planted(seed=3)


@pytest.fixture(scope="session")
def constants():
    return Constants(
        network=NetworkConstants(dim=16, text_dim=8, seeds=2, steps=(12, 6), decay=200.0),
        closed_form=ClosedFormConstants(ridge=20.0, score_exponent=0.2, tie_share=0.3, decay=200.0),
        tail=ClosedFormConstants(ridge=1.0, ridge_degree=0.05, tie_share=0.2),
        share=0.3,
        kappa=20.0,
        gamma=0.2,
    )


@pytest.fixture(scope="session")
def model(bank, constants):
    return fit(bank.dataset, bank.texts, constants, seed=1)


@pytest.fixture
def rng():
    return np.random.default_rng(0)
