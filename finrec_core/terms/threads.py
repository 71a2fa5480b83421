"""The threads: how many a piece of work gets, by its size and never by how busy the machine is."""

import os

EACH = 200_000  # interactions for each further thread: fewer, and threads wait more than they help
MOST = 8


def threads(interactions: int, setting: int = 0) -> int:
    """Return how many threads work on a dataset of so many interactions; a `setting` above 0 counts instead.

    The same data gets the same number on machines with the same cores, so that sums are added in the same
    order and a training can be repeated.
    """
    return setting or min(1 + max(0, interactions) // EACH, MOST, os.cpu_count() or 1)
