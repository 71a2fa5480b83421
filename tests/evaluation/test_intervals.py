"""The bootstrap draws clients, all columns together, and its quantiles are those of the mean."""

import numpy as np
import pytest

from finrec_core.evaluation import intervals as module
from finrec_core.evaluation.intervals import (
    interval,
    relative,
    resampled_means,
    share_difference,
    wilson,
)


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


@pytest.mark.parametrize(
    ("count", "of", "expected"),
    [(0, 10, (0.0, 0.2775)), (5, 10, (0.2366, 0.7634)), (81, 263, (0.2553, 0.3662)), (10, 10, (0.7225, 1.0))],
)
def test_the_interval_of_a_share_is_wilsons(count, of, expected):
    """Newcombe (1998), table I, method 3, for 81 of 263; the others by the formula."""
    assert wilson(count, of) == pytest.approx(expected, abs=1e-4)


def test_a_share_of_nothing_can_be_anything():
    assert wilson(0, 0) == (0.0, 1.0)


def test_the_difference_of_two_shares_is_newcombes():
    """Newcombe (1998), table II, method 10: 56 of 70 against 48 of 80."""
    gap, low, high = share_difference(56, 70, 48, 80)
    assert (gap, low, high) == pytest.approx((0.2, 0.0524, 0.3339), abs=1e-4)
    assert share_difference(48, 80, 56, 70)[1:] == pytest.approx((-high, -low))
