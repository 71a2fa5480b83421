"""The bootstrap draws clients, all columns together, and its quantiles are those of the mean."""

import numpy as np
import pytest

from finrec_core.evaluation import intervals as module
from finrec_core.evaluation.intervals import interval, relative, resampled_means


def test_the_interval_of_a_mean_is_nearly_the_normal_one():
    values = np.random.default_rng(0).normal(3.0, 2.0, size=(400, 1))
    low, high = interval(resampled_means(values)[:, 0])
    half = 1.96 * values.std() / 20
    assert low == pytest.approx(values.mean() - half, abs=0.03)
    assert high == pytest.approx(values.mean() + half, abs=0.03)


def test_columns_share_the_clients_of_a_draw():
    """A difference that is the same for every client has no spread, however noisy both columns are."""
    noisy = np.random.default_rng(1).normal(5.0, 3.0, size=200)
    sample = resampled_means(np.stack([noisy, noisy + 0.5, 2 * noisy], axis=1), draws=500)
    assert np.allclose(sample[:, 1] - sample[:, 0], 0.5)
    assert interval(relative(sample[:, 2], sample[:, 0])) == pytest.approx((1.0, 1.0))
    assert sample[:, 0].std() > 0.1


def test_every_draw_has_as_many_clients():
    assert (resampled_means(np.ones((37, 2)), draws=300) == 1.0).all()


def test_one_seed_one_sample_and_blocks_stay_within_memory(monkeypatch):
    values = np.random.default_rng(2).normal(size=(50, 2))
    whole = resampled_means(values, seed=3, draws=100)
    assert np.array_equal(whole, resampled_means(values, seed=3, draws=100))
    assert not np.array_equal(whole, resampled_means(values, seed=4, draws=100))
    monkeypatch.setattr(module, "CELLS", 50 * 7)
    assert np.allclose(whole, resampled_means(values, seed=3, draws=100))


def test_nobody_cannot_be_drawn():
    with pytest.raises(ValueError, match="no clients"):
        resampled_means(np.zeros((0, 1)))


def test_a_ratio_to_zero_is_no_number():
    found = relative(np.array([1.0, 2.0]), np.array([0.0, 4.0]))
    assert np.isnan(found[0])
    assert found[1] == -0.5


def test_every_client_is_drawn_equally_often():
    shares = resampled_means(np.eye(8), draws=4000).mean(axis=0)
    assert shares == pytest.approx(np.full(8, 1 / 8), abs=0.005)
