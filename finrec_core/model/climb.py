"""The search: a walk along small grids that moves a constant only where the gain is more than noise."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np

from finrec_core.terms.progress import Progress, silent

CAUTION = 0.5  # standard errors a paired gain must exceed before a constant is moved

C = TypeVar("C")
Grid = Mapping[str, Sequence[Any]]


def climb(
    objective: Callable[[C], np.ndarray],
    start: C,
    grid: Grid,
    *,
    sweeps: int,
    progress: Progress = silent,
) -> tuple[C, float]:
    """Walk up and down each coordinate's grid while the objective rises; return the best and its mean.

    `objective` gives one figure per client. A step is taken only where its mean paired gain exceeds
    `CAUTION` standard errors: on a few hundred clients most small gains are noise. A value that is
    not on the grid starts from the nearest one.
    """
    best, figures = start, objective(start)
    seen: dict[C, np.ndarray] = {start: figures}
    for sweep in range(sweeps):
        before = best
        for number, (name, values) in enumerate(grid.items()):
            progress("Choosing constants", (sweep + number / len(grid)) / sweeps)
            at = int(np.argmin([abs(value - getattr(best, name)) for value in values]))
            for direction in (1, -1):
                k = at + direction
                while 0 <= k < len(values):
                    trial = replace(best, **{name: values[k]})  # type: ignore[type-var]
                    if trial not in seen:
                        seen[trial] = objective(trial)
                    if not better(seen[trial], figures):
                        break
                    best, figures, k = trial, seen[trial], k + direction
                if k != at + direction:
                    break
        if best == before:
            break
    return best, float(figures.mean())


def better(trial: np.ndarray, figures: np.ndarray) -> bool:
    """Whether the paired gain of a trial, client by client, is more than noise would give."""
    gain = trial - figures
    return bool(gain.mean() > CAUTION * gain.std() / max(1, len(gain)) ** 0.5)
