"""Twenty kills at random moments: what was acknowledged is there, and the desk is whole."""

import random

import pytest

from tests import pairs
from tests.bench import faults

MOMENTS = random.Random(20261130)


@pytest.fixture(scope="module")
def source(tmp_path_factory, recommender):
    return pairs.made(tmp_path_factory.mktemp("faults") / "desk", recommender)


@pytest.mark.parametrize(
    ("subject", "moment"),
    [(subject, MOMENTS.uniform(0.0, faults.LONGEST)) for subject in faults.SUBJECTS for _ in range(4)],
)
def test_what_was_acknowledged_before_a_kill_is_there(source, tmp_path, subject, moment):
    outcome = faults.played(subject, source, tmp_path / "desk", moment)
    assert outcome.lost == ()
