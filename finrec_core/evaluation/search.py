"""Coordinate search: constants from small ordered grids, one after another, judged on validation."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from finrec_core.terms.progress import Progress, silent


def coordinate_search(
    grids: Mapping[str, Sequence[Any]],
    start: Mapping[str, Any],
    value: Callable[[dict[str, Any]], float],
    *,
    rounds: int = 2,
    progress: Progress = silent,
) -> dict[str, Any]:
    """Return the best constants found by walking along one grid after the other, `rounds` times.

    From the best value so far the walk goes up the grid as long as that helps, and down only where up
    did not help at all. Every grid must hold its start value. A value that is not a number never
    wins, so without validation rows the start is returned. No point is judged twice.
    """
    best, judged = dict(start), {}

    def judge(constants: dict[str, Any]) -> float:
        key = tuple(constants[name] for name in grids)
        if key not in judged:
            judged[key] = value(constants)
        return judged[key]

    highest = judge(best)
    if math.isnan(highest):
        return best
    for turn in range(rounds):
        before = dict(best)
        for place, (name, grid) in enumerate(grids.items()):
            progress("choosing constants", (turn * len(grids) + place) / (rounds * len(grids)))
            origin = list(grid).index(best[name])
            for way in (grid[origin + 1 :], grid[:origin][::-1]):
                for candidate in way:
                    tried = {**best, name: candidate}
                    if not judge(tried) > highest:
                        break
                    best, highest = tried, judge(tried)
                if best[name] != grid[origin]:
                    break
        if best == before:
            break
    progress("choosing constants", 1.0)
    return best
