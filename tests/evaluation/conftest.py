"""One planted bank for all arms, small enough that each of them is tuned on it within seconds."""

import pytest

from finrec_core.dataset import split_by_client
from finrec_core.evaluation.arm import Task
from finrec_core.evaluation.holdout import Holdout
from tests.planted import planted


@pytest.fixture(scope="session")
def bank():
    return planted(seed=3, clients=90, products=40, per_client=8)


@pytest.fixture(scope="session")
def split(bank):
    return split_by_client(bank.dataset, seed=0)


@pytest.fixture(scope="session")
def task(bank, split):
    return Task.without_test(bank.dataset, bank.texts, split, seed=0)


@pytest.fixture(scope="session")
def holdout(bank, split):
    return Holdout.of(bank.dataset, known=split.train | split.validation, asked=split.test)
