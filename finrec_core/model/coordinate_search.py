"""Coordinate search: constants from small ordered grids, one after another, judged on validation rows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from operator import gt
from typing import Any, TypeVar

import numpy as np

from finrec_core.terms.progress import Progress, silent

CAUTION = 0.5  # standard errors a paired gain must exceed before a constant is moved

C = TypeVar("C")
V = TypeVar("V", float, np.ndarray)  # a figure, or one for each client
Grid = Mapping[str, Sequence[Any]]


def coordinate_search(
    grid: Grid,
    start: Mapping[str, Any],
    value: Callable[[dict[str, Any]], V],
    *,
    better: Callable[[V, V], bool] = gt,
    sweeps: int = 2,
    progress: Progress = silent,
) -> dict[str, Any]:
    """Return the best constants found by walking along one coordinate after the other, `sweeps` times.

    From the best value so far the walk goes up the grid as long as that is `better`, and down only where
    up did not help at all. A value that is not on the grid starts from the nearest one. No point is judged
    twice, and nothing is tried where the start has no figure, as without validation rows.
    """
    best, judged = dict(start), {}

    def judge(constants: dict[str, Any]) -> V:
        key = tuple(constants[name] for name in grid)
        if key not in judged:
            judged[key] = value(constants)
        return judged[key]

    highest = judge(best)
    if np.isnan(highest).all():
        return best
    for sweep in range(sweeps):
        before = best
        for number, (name, values) in enumerate(grid.items()):
            progress("Choosing constants", (sweep + number / len(grid)) / sweeps)
            origin, at = best[name], int(np.argmin([abs(one - best[name]) for one in values]))
            for way in (values[at + 1 :], values[:at][::-1]):
                for candidate in way:
                    tried = {**best, name: candidate}
                    if not better(judge(tried), highest):
                        break
                    best, highest = tried, judge(tried)
                if best[name] != origin:
                    break
        if best == before:
            break
    progress("Choosing constants", 1.0)
    return best


def cautious_search(
    objective: Callable[[C], np.ndarray],
    start: C,
    grid: Grid,
    *,
    sweeps: int,
    progress: Progress = silent,
) -> C:
    """Search the fields of frozen constants by figures of each client, (clients,).

    A step is taken only where its gain is more than noise: on a few hundred clients most small gains are.
    """
    values = {name: getattr(start, name) for name in grid}

    def figures(tried: dict[str, Any]) -> np.ndarray:
        return objective(replace(start, **tried))  # type: ignore[type-var]

    found = coordinate_search(grid, values, figures, better=beyond_noise, sweeps=sweeps, progress=progress)
    return replace(start, **found)  # type: ignore[type-var]


def beyond_noise(trial: np.ndarray, figures: np.ndarray) -> bool:
    """Whether the paired gain of a trial, client by client, exceeds `CAUTION` standard errors."""
    gain = trial - figures
    return bool(gain.mean() > CAUTION * gain.std() / max(1, len(gain)) ** 0.5)
