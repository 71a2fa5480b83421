"""Intervals: paired bootstrap over clients, and those of shares that are counted."""

import numpy as np

DRAWS = 10_000
CELLS = 8_000_000  # weights held at once, 64 MB


def resampled_means(values: np.ndarray, *, seed: int = 0, draws: int = DRAWS) -> np.ndarray:
    """Return the column means of `draws` samples of the rows with replacement, (draws, columns).

    `values` (clients, columns) hold what is compared; all columns share the clients of a draw, so
    differences and ratios of columns are paired. Clients weigh as often as they are drawn.
    """
    clients = len(values)
    if not clients:
        raise ValueError("There are no clients to draw from.")
    random = np.random.default_rng(seed)
    found = np.empty((draws, values.shape[1]))
    step = max(1, CELLS // clients)
    for low in range(0, draws, step):
        block = min(step, draws - low)
        drawn = random.integers(0, clients, (block, clients), dtype=np.int32)
        cells = (drawn + clients * np.arange(block, dtype=np.int64)[:, None]).ravel()
        weights = np.bincount(cells, minlength=block * clients).reshape(block, clients)
        found[low : low + block] = weights @ values / clients
    return found


def interval(sample: np.ndarray) -> tuple[float, float]:
    """Return the 2.5 % and the 97.5 % quantile of a bootstrap sample (draws,)."""
    low, high = np.quantile(sample, (0.025, 0.975))
    return float(low), float(high)


def relative(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return a / b - 1 draw by draw, (draws,); NaN where b is zero."""
    with np.errstate(divide="ignore", invalid="ignore"):
        found = a / b - 1.0
    return np.where(b == 0, np.nan, found)


def wilson(count: int, of: int) -> tuple[float, float]:
    """Return the 95 % interval of a share `count` / `of` by Wilson's score; (0, 1) of nothing."""
    if not of:
        return 0.0, 1.0
    share, z = count / of, 1.959964
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    half = z * ((share * (1 - share) + z * z / (4 * of)) / of) ** 0.5 / (1 + z * z / of)
    return max(0.0, middle - half), min(1.0, middle + half)


def share_difference(a: int, of_a: int, b: int, of_b: int) -> tuple[float, float, float]:
    """Return a / of_a - b / of_b with its 95 % interval, Newcombe's from both shares' own."""
    one, other = a / of_a, b / of_b
    (low_a, high_a), (low_b, high_b) = wilson(a, of_a), wilson(b, of_b)
    gap = one - other
    low = gap - ((one - low_a) ** 2 + (high_b - other) ** 2) ** 0.5
    high = gap + ((high_a - one) ** 2 + (other - low_b) ** 2) ** 0.5
    return gap, low, high
