"""Levels over time are told as changes."""

import numpy as np
import pytest

from finrec_core.intake.level import changes


@pytest.mark.parametrize("seed", range(4))
def test_changes_add_up_to_the_level_whatever_the_order(seed: int) -> None:
    draw = np.random.default_rng(seed)
    pairs, times = np.divmod(draw.permutation(60), 12)
    levels = draw.integers(0, 4, 60).astype(float)
    does, change = changes(pairs, times, levels)
    for pair in range(5):
        rows = np.flatnonzero(pairs == pair)
        rows = rows[np.argsort(times[rows])]
        assert np.cumsum(change[rows]).tolist() == levels[rows].tolist()
    assert set(does[change == 0]) <= {"neither"}
    assert set(does[change > 0]) <= {"takes"}
    assert set(does[change < 0]) <= {"gives_up"}


def test_of_no_levels_there_are_none() -> None:
    does, change = changes(np.zeros(0, int), np.zeros(0), np.zeros(0))
    assert len(does) == len(change) == 0
