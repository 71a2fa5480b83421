"""Splits into training, validation and test rows, and seeded shares of a dataset."""

from dataclasses import dataclass

import numpy as np

from finrec_core.dataset.dataset import Dataset

TEST_SHARE = 0.2
VALIDATION_SHARE = 0.15
FEWEST = 3  # positive interactions of a client that is tested


@dataclass(frozen=True, repr=False, eq=False)
class Split:
    """Which interactions train, validate and test: three bool masks (interactions,).

    No row is in two of them. Only positive rows are ever targets; a low-rated one stands where its
    time puts it, so that what a model may know does not run ahead of what it is asked. Raises
    `ValueError` otherwise.

    >>> from finrec_core.dataset import split_by_client
    >>> split = split_by_client(bank, seed=0)
    >>> bool((split.train & split.test).any())
    False
    """

    train: np.ndarray
    validation: np.ndarray
    test: np.ndarray

    def __post_init__(self) -> None:
        masks = (self.train, self.validation, self.test)
        if len({mask.shape for mask in masks}) > 1 or any(mask.dtype != bool for mask in masks):
            raise ValueError("the masks of a split must be bool and of one length.")
        if (np.sum(masks, axis=0) > 1).any():
            raise ValueError("the masks of a split overlap.")

    def __repr__(self) -> str:
        sizes = (int(mask.sum()) for mask in (self.train, self.validation, self.test))
        return "Split({:,} train, {:,} validation, {:,} test)".format(*sizes)


def split_by_client(dataset: Dataset, seed: int) -> Split:
    """Return the split of docs/model.md, "Protocol": the last interactions of each client are held back.

    A client with n >= 3 positive interactions gives its last `max(1, round(.2 n))` to the test and,
    where n >= 4, the `max(1, round(.15 n))` before them to validation; clients with fewer only
    train. Equal times stand in a seeded shuffle; unknown ones too, before all known ones.

    >>> from finrec_core.dataset import split_by_client
    >>> split_by_client(bank, seed=0)
    Split(235 train, 59 validation, 67 test)
    """
    n = np.bincount(dataset.pair_clients[dataset.positive], minlength=len(dataset.clients))  # (clients,)
    n_test = np.where(n >= FEWEST, np.maximum(1, np.rint(TEST_SHARE * n)), 0)
    n_validation = np.where(n > FEWEST, np.maximum(1, np.rint(VALIDATION_SHARE * n)), 0)
    times = np.nan_to_num(dataset.days, nan=-np.inf)
    order = np.lexsort((_shuffle(dataset, seed), times, dataset.pair_clients))
    later = np.empty(len(order), dtype=np.int64)
    later[order] = _positives_after(dataset.pair_clients[order], dataset.positive[order])
    test_size, validation_size = n_test[dataset.pair_clients], n_validation[dataset.pair_clients]
    dated = dataset.positive | ~np.isnan(dataset.days)
    test = (later < test_size) & dated
    validation = (later < test_size + validation_size) & dated & ~test
    return Split(train=~test & ~validation, validation=validation, test=test)


def split_by_time(dataset: Dataset, seed: int) -> Split | None:
    """Return the split at one moment for all clients, None where fewer than two times are known.

    The last 20 % of the dated positive interactions lie after the cut, the 15 % before them
    validate; equal times stand in a seeded shuffle; undated rows train. After the cut only clients
    are asked that have three positive interactions, one of them before it: the rows of others lie
    in none of the three masks, since training on them would look ahead.

    >>> from finrec_core.dataset import split_by_time
    >>> split_by_time(bank, seed=0)
    Split(234 train, 55 validation, 69 test)
    """
    dated = ~np.isnan(dataset.days)
    rows = np.flatnonzero(dated)
    if len(np.unique(dataset.days[rows])) < 2:
        return None
    rows = rows[np.lexsort((_shuffle(dataset, seed)[rows], dataset.days[rows]))]
    positive = dataset.positive[rows]
    later = np.zeros(len(dataset.interactions))
    later[rows] = _positives_after(np.zeros(len(rows), dtype=np.int64), positive)
    n = int(positive.sum())
    n_test, n_validation = np.rint(TEST_SHARE * n), np.rint(VALIDATION_SHARE * n)
    after = dated & (later < n_test)
    validation = dated & (later < n_test + n_validation) & ~after
    known = np.bincount(dataset.pair_clients[dataset.positive & ~after], minlength=len(dataset.clients))
    n_client = np.bincount(dataset.pair_clients[dataset.positive], minlength=len(dataset.clients))
    asked = (n_client >= FEWEST) & (known > 0)  # (clients,)
    test = after & asked[dataset.pair_clients]
    return Split(train=~after & ~validation, validation=validation, test=test)


def keep_share(dataset: Dataset, share: float, seed: int) -> Dataset:
    """Return a dataset with a seeded share of each client's interactions, at least three of them.

    Clients, products and ties stay. Raises `ValueError` for a share outside 0 to 1.

    >>> from finrec_core.dataset import keep_share
    >>> len(keep_share(bank, 0.5, seed=0).interactions) < len(bank.interactions)
    True
    """
    if not 0 <= share <= 1:
        raise ValueError(f"a share lies between 0 and 1, {share:g} does not.")
    clients = dataset.pair_clients
    n = np.bincount(clients, minlength=len(dataset.clients))  # (clients,)
    order = np.lexsort((_shuffle(dataset, seed), clients))
    starts = np.cumsum(n) - n
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order)) - starts[clients[order]]
    return dataset.take(place < np.maximum(FEWEST, np.rint(share * n))[clients])


def _shuffle(dataset: Dataset, seed: int) -> np.ndarray:
    """Return a seeded random number for each row, the same in whatever order the rows come."""
    draws = np.empty(len(dataset.interactions))
    draws[dataset.order] = np.random.default_rng(seed).random(len(draws))
    return draws


def _positives_after(groups: np.ndarray, positive: np.ndarray) -> np.ndarray:
    """Return for each row the number of positive rows after it in its group; rows come group by group."""
    backwards = np.cumsum(positive[::-1])[::-1] - positive  # positives after the row, all groups
    ends = np.searchsorted(groups, groups, side="right")  # first row of the next group
    beyond = np.append(np.cumsum(positive[::-1])[::-1], 0)  # positives from a row on
    return backwards - beyond[ends]
