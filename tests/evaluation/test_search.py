"""The coordinate search walks while it helps, judges no point twice and gives up without figures."""

import math

from finrec_core.evaluation.search import coordinate_search

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


def test_one_round_is_one_round():
    table = {(1, 1): 1, (1, 2): 2, (2, 2): 3}
    grids = {"x": (0, 1, 2), "y": (0, 1, 2)}
    found = coordinate_search(grids, {"x": 1, "y": 1}, lambda c: table.get((c["x"], c["y"]), -1), rounds=1)
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
