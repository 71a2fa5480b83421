"""Levels: how much of a product a client had at each of several times, told as what changed in between."""

import numpy as np


def changes(pairs: np.ndarray, times: np.ndarray, levels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return what each of some levels does, and the change since the one before.

    Args:
        pairs: The pair of a client and a product that each speaks of, int64 (rows,).
        times: When, any number that grows with time (rows,).
        levels: How much of it the client has, from 0 (rows,).

    Returns:
        `takes`, `gives_up` or `neither`, (rows,); and the change, 0 where there is none, (rows,).

    >>> import numpy as np
    >>> does, change = changes(np.zeros(4, int), np.arange(4), np.array([0, 5, 5, 0]))
    >>> does.tolist(), change.tolist()
    (['neither', 'takes', 'neither', 'gives_up'], [0.0, 5.0, 0.0, -5.0])
    """
    order = np.lexsort((levels, times, pairs))
    before = np.append(0.0, levels[order][:-1])[: len(order)]
    begins = np.append(True, np.diff(pairs[order]) != 0)[: len(order)]
    change = np.empty(len(order))
    change[order] = levels[order] - np.where(begins, 0.0, before)
    does = np.where(change > 0, "takes", np.where(change < 0, "gives_up", "neither"))
    return does, change
