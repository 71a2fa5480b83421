"""A fitted model over the planted bank, small enough to hold every part against a recomputation."""

import pytest

from finrec_core.model import ClosedFormConstants, Constants, NetworkConstants, fit
from finrec_core.model.constants import ColdConstants
from tests.planted import planted


@pytest.fixture(scope="session")
def planted_bank():
    return planted(seed=11)


@pytest.fixture(scope="session")
def planted_model(planted_bank):
    constants = Constants(
        network=NetworkConstants(dim=16, text_dim=8, seeds=2, steps=(10, 5), decay=150.0),
        closed_form=ClosedFormConstants(ridge=15.0, score_exponent=0.25, tie_share=0.3, decay=150.0),
        tail=ClosedFormConstants(ridge=1.0, ridge_degree=0.05, score_exponent=0.3, tie_share=0.2),
        cold=ColdConstants(tail=0.4, slope=0.5, level=0.7),
        share=0.3,
        kappa=20.0,
        gamma=0.3,
        popular=0.2,
    )
    return fit(planted_bank.dataset, planted_bank.texts, constants, seed=4)
