"""A trial chooses once, asks the test once per seed, and goes on where it was broken off."""

import numpy as np
import pytest

from finrec_core.evaluation.ledger import Ledger
from finrec_core.evaluation.scorer import SameForAll
from finrec_core.evaluation.trial import run_arm

KEY = ("all", "")


class Noise:
    """An arm of random scores that counts what it is asked to do, and may be killed at a fit."""

    name, seeded = "noise", True

    def __init__(self, products, dies_at=None):
        self.products, self.dies_at = products, dies_at
        self.choices, self.fits = 0, []

    def choose(self, task, progress):
        self.choices += 1
        return {"size": 2.0}

    def fit(self, dataset, texts, constants, seed, progress):
        if seed == self.dies_at:
            raise KeyboardInterrupt
        self.fits.append(seed)
        return SameForAll(constants["size"] * np.random.default_rng(seed).normal(size=self.products))


def test_seeds_are_averaged_client_by_client(task, holdout):
    arm = Noise(holdout.products)
    both = run_arm(arm, task, holdout, (0, 1)).measured.values[KEY]["mrr"]
    each = [run_arm(arm, task, holdout, (seed,)).measured.values[KEY]["mrr"] for seed in (0, 1)]
    assert np.allclose(both, np.mean(each, axis=0))
    assert arm.fits == [0, 1, 0, 1]


def test_an_arm_without_seeds_is_fitted_once(task, holdout):
    arm = Noise(holdout.products)
    arm.seeded = False
    run_arm(arm, task, holdout, (0, 1))
    assert arm.fits == [0]


def test_given_constants_are_not_chosen(task, holdout):
    arm = Noise(holdout.products)
    assert run_arm(arm, task, holdout, (0,), constants={"size": 3.0}).constants == {"size": 3.0}
    assert arm.choices == 0


def test_it_goes_on_where_it_was_broken_off(task, holdout, tmp_path):
    with pytest.raises(KeyboardInterrupt):
        run_arm(Noise(holdout.products, dies_at=1), task, holdout, (0, 1, 2), ledger=Ledger(tmp_path))
    arm = Noise(holdout.products)
    trial = run_arm(arm, task, holdout, (0, 1, 2), ledger=Ledger(tmp_path))
    assert (arm.choices, arm.fits) == (0, [1, 2])
    straight = run_arm(Noise(holdout.products), task, holdout, (0, 1, 2))
    assert np.array_equal(trial.measured.values[KEY]["mrr"], straight.measured.values[KEY]["mrr"])


def test_other_rows_are_another_trial(task, holdout, bank, split, tmp_path):
    from finrec_core.evaluation.arm import Task

    ledger, arm = Ledger(tmp_path), Noise(holdout.products)
    run_arm(arm, task, holdout, (0,), ledger=ledger)
    fewer = bank.dataset.take(np.arange(len(bank.dataset.interactions)) > 0)
    from finrec_core.dataset import split_by_client

    other = Task.without_test(fewer, None, split_by_client(fewer, 0), 0)
    run_arm(arm, other, holdout, (0,), ledger=ledger)
    assert (arm.choices, arm.fits) == (2, [0, 0])
