"""The coordinate search walks while it helps, judges no point twice and gives up without figures."""

import math

import numpy as np

from finrec_core.model.constants import ClosedFormConstants
from finrec_core.model.coordinate_search import beyond_noise, cautious_search, coordinate_search

GRIDS = {"x": (0, 1, 2, 3, 4), "y": (0, 1, 2, 3)}


def test_it_finds_the_top_of_a_hill_and_judges_no_point_twice():
    seen = []

    def hill(constants):
        seen.append((constants["x"], constants["y"]))
        return -((constants["x"] - 4) ** 2) - (constants["y"] - 1) ** 2

    assert coordinate_search(GRIDS, {"x": 1, "y": 3}, hill) == {"x": 4, "y": 1}
    assert len(seen) == len(set(seen))


def test_it_comes_back_to_a_coordinate_that_another_one_moved():
    table = {(1, 1): 1, (2, 1): 0, (0, 1): 0, (1, 2): 2, (2, 2): 3}
    found = coordinate_search(GRIDS, {"x": 1, "y": 1}, lambda c: table.get((c["x"], c["y"]), -1))
    assert found == {"x": 2, "y": 2}


def test_one_sweep_is_one_sweep():
    table = {(1, 1): 1, (1, 2): 2, (2, 2): 3}
    grids = {"x": (0, 1, 2), "y": (0, 1, 2)}
    found = coordinate_search(grids, {"x": 1, "y": 1}, lambda c: table.get((c["x"], c["y"]), -1), sweeps=1)
    assert found == {"x": 1, "y": 2}


def test_no_figure_keeps_the_start():
    start = {"x": 1, "y": 1}
    assert coordinate_search(GRIDS, start, lambda c: math.nan) == start


def test_a_point_without_a_figure_never_wins():
    found = coordinate_search(GRIDS, {"x": 1, "y": 1}, lambda c: 1.0 if c["x"] == 1 else math.nan)
    assert found["x"] == 1


def test_constants_outside_the_grids_are_kept():
    found = coordinate_search({"x": (0, 1)}, {"x": 0, "loss": "bpr"}, lambda c: c["x"])
    assert found == {"x": 1, "loss": "bpr"}


def test_a_value_beside_the_grid_starts_from_the_nearest_one():
    seen = []

    def value(constants):
        seen.append(constants["x"])
        return -abs(constants["x"] - 2.7)

    assert coordinate_search({"x": (0, 1, 2, 3)}, {"x": 2.2}, value) == {"x": 3}
    assert seen == [2.2, 3, 2]


def test_fields_of_constants_are_searched_to_the_top_of_a_smooth_hill():
    goal = ClosedFormConstants(ridge=100.0, ridge_degree=2.0)

    def objective(c):
        return np.array([-(np.log(c.ridge / goal.ridge) ** 2) - (c.ridge_degree - 2) ** 2] * 4)

    grid = {"ridge": (1, 10, 100, 1000), "ridge_degree": (0, 1, 2, 3)}
    start = ClosedFormConstants(ridge=1.0, ridge_degree=0.0)
    best = cautious_search(objective, start, grid, sweeps=2)
    assert (best.ridge, best.ridge_degree, objective(best).mean()) == (100, 2, 0.0)
    assert cautious_search(lambda c: objective(c)[:0], start, grid, sweeps=2) == start


def test_noise_does_not_move_a_constant():
    rng = np.random.default_rng(0)
    base = rng.random(400)
    assert not beyond_noise(base + rng.normal(scale=0.3, size=400) * np.resize([1, -1], 400) * 0.0, base)
    noise = rng.normal(scale=0.3, size=400)
    assert not beyond_noise(base + noise - noise.mean() + 0.001, base)
    assert beyond_noise(base + 0.05, base)
    grid, start = {"ridge": (1.0, 2.0, 3.0)}, ClosedFormConstants(ridge=2.0)
    figures = {1.0: base + 0.05, 2.0: base, 3.0: base + noise - noise.mean() + 0.001}
    assert cautious_search(lambda c: figures[c.ridge], start, grid, sweeps=1).ridge == 1.0
