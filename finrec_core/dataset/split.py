"""Splits into training, validation and test rows, and seeded shares of a dataset."""

from dataclasses import dataclass, replace

import numpy as np
import pyarrow.compute as pc
from scipy.sparse import csr_array

from finrec_core.dataset.dataset import Dataset
from finrec_core.dataset.occasion import occasions
from finrec_core.dataset.pairs import gives_up

TEST_SHARE = 0.2
VALIDATION_SHARE = 0.15
FEWEST = 3  # products of a client that is tested


@dataclass(frozen=True, repr=False, eq=False)
class Split:
    """Which interactions train, validate and test: three bool masks (interactions,).

    No occasion is cut in two; what is asked of a part are the products that a client first takes there, as
    `Targets` has them. Raises `ValueError` where a row is in two of them.

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


@dataclass(frozen=True, repr=False, eq=False)
class Targets:
    """What a client is asked for: products it first takes in some rows, given what others say of it.

    `wanted`, `masked` and `known` are 0 and 1, (clients, products): the answers, what the client had before,
    given up or not, and the positive examples among it. What it is first seen giving up it had before, so
    that is no answer. `repeats` is the share of what is taken
    in the rows that had been taken before.

    >>> from finrec_core.dataset import Targets, split_by_client
    >>> split = split_by_client(bank, seed=0)
    >>> Targets.of(bank, known=split.train, asked=split.validation).repeats
    0.0
    """

    wanted: csr_array
    masked: csr_array
    known: csr_array
    repeats: float

    @classmethod
    def of(cls, dataset: Dataset, known: np.ndarray, asked: np.ndarray) -> "Targets":
        """Return what is asked in the rows that `asked` marks, given those of `known`, (interactions,)."""
        before, later = dataset.take(known), dataset.take(asked)
        masked = before.matrix("had")
        taken = later.pairs.taken & ~later.low
        width = max(1, len(dataset.products))
        again = np.isin(
            later.pair_clients * width + later.pair_products,
            np.repeat(np.arange(masked.shape[0]), np.diff(masked.indptr)) * width + masked.indices,
        )
        keep = taken & ~again
        wanted = csr_array(
            (np.ones(int(keep.sum())), (later.pair_clients[keep], later.pair_products[keep])), masked.shape
        )
        wanted.sort_indices()
        return cls(wanted, masked, before.matrix(), float((taken & again).sum() / max(1, taken.sum())))


def split_by_client(dataset: Dataset, seed: int) -> Split:
    """Return the split of docs/model.md, "Protocol": the last occasions of each client are held back.

    Of a client that took n >= 3 products, rated low ones not counted, the last occasions are tested until
    they hold `max(1, round(.2 n))` of these, each where it was first taken; and, where n >= 4, those before
    them validate until they hold `max(1, round(.15 n))`. The first occasion with a product always trains,
    and so does all of a client with fewer. Events of unknown time stand in a seeded shuffle before all
    others, one by one; those of them that hold no target train.

    >>> from finrec_core.dataset import split_by_client
    >>> split_by_client(bank, seed=0)
    Split(235 train, 59 validation, 67 test)
    """
    timeline = _Timeline.of(dataset, seed)
    n = np.bincount(dataset.event_clients[timeline.targets], minlength=len(dataset.clients))  # (clients,)
    n_test = np.where(n >= FEWEST, np.maximum(1, np.rint(TEST_SHARE * n)), 0)
    n_validation = np.where(n > FEWEST, np.maximum(1, np.rint(VALIDATION_SHARE * n)), 0)
    client = dataset.event_clients[timeline.first]  # (occasions,)
    order = np.lexsort((timeline.place, client))
    later, earlier = np.empty(len(order), dtype=np.int64), np.empty(len(order), dtype=np.int64)
    later[order] = _after(client[order], timeline.count[order])
    earlier[order] = n[client[order]] - later[order] - timeline.count[order]
    fit = (earlier > 0) | (timeline.count == 0)  # something is left to learn from
    test, n_tested = _asking((later < n_test[client]) & fit, client, timeline.count, len(n))
    validation = (later < (n_tested + n_validation)[client]) & fit & ~test & (n_tested > 0)[client]
    validation, _ = _asking(validation, client, timeline.count, len(n))
    return timeline.split(test=test, validation=validation)


def split_by_time(dataset: Dataset, seed: int) -> Split | None:
    """Return the split at one moment for all clients, None where fewer than two times are known.

    The last occasions, of all clients together, that hold 20 % of the dated products first taken lie after
    the cut, those before them that hold 15 % validate; occasions at equal times stand in a seeded shuffle;
    undated rows train. After the cut only clients are asked that took three products, one of them before
    it: the rows of others lie in none of the three masks, since training on them would look ahead.

    >>> from finrec_core.dataset import split_by_time
    >>> split_by_time(bank, seed=0)
    Split(234 train, 55 validation, 69 test)
    """
    timeline = _Timeline.of(dataset, seed)
    if len(np.unique(dataset.event_days[~np.isnan(dataset.event_days)])) < 2:
        return None
    rows = np.flatnonzero(timeline.dated)
    rows = rows[np.argsort(timeline.place[rows])]
    later = np.zeros(len(timeline.place))
    later[rows] = _after(np.zeros(len(rows), dtype=np.int64), timeline.count[rows])
    n = int(timeline.count[rows].sum())
    after = timeline.dated & (later < np.rint(TEST_SHARE * n))
    n_validation = timeline.count[after].sum() + np.rint(VALIDATION_SHARE * n)
    validation = timeline.dated & (later < n_validation) & ~after
    client = dataset.event_clients[timeline.first]  # (occasions,)
    known, n_client = (
        np.bincount(client[keep], timeline.count[keep], minlength=len(dataset.clients))
        for keep in (~after, np.ones(len(after), dtype=bool))
    )
    asked = (n_client >= FEWEST) & (known > 0)  # (clients,)
    found = timeline.split(test=after & asked[client], validation=validation)
    return replace(found, train=found.train & ~after[timeline.of_events])


@dataclass(frozen=True, eq=False)
class _Timeline:
    """The occasions of a dataset in time; arrays are (occasions,) unless said.

    `of_events` (interactions,) is the occasion of each event, `first` one event of each occasion; `place`
    orders them: those of unknown time first, equal times in a seeded shuffle; `targets` (products taken,) are
    the events that first take a product that is not rated low, `count` how many an occasion has.
    """

    of_events: np.ndarray
    first: np.ndarray
    place: np.ndarray
    dated: np.ndarray
    targets: np.ndarray
    count: np.ndarray

    @classmethod
    def of(cls, dataset: Dataset, seed: int) -> "_Timeline":
        found = occasions(dataset)
        size = int(found.max(initial=-1)) + 1
        times = np.nan_to_num(dataset.event_days, nan=-np.inf)  # (interactions,)
        when = np.full(size, -np.inf)
        np.maximum.at(when, found, times)
        draw = np.full(size, np.inf)
        np.minimum.at(draw, found, _shuffle(dataset, seed))
        place = np.empty(size, dtype=np.int64)
        place[np.lexsort((draw, when))] = np.arange(size)
        targets = _first_taken(dataset, place[found])
        return cls(
            of_events=found,
            first=np.unique(found, return_index=True)[1],
            place=place,
            dated=np.isfinite(when),
            targets=targets,
            count=np.bincount(found[targets], minlength=size),
        )

    def split(self, *, test: np.ndarray, validation: np.ndarray) -> Split:
        """Return the split that these occasions make; of undated ones only those with a target."""
        stays = ~self.dated & (self.count == 0)
        test, validation = ((part & ~stays)[self.of_events] for part in (test, validation))
        return Split(train=~test & ~validation, validation=validation, test=test)


def _asking(
    part: np.ndarray, client: np.ndarray, count: np.ndarray, clients: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return a part of the occasions without those of clients that it asks nothing, and targets by client."""
    held = np.bincount(client[part], count[part], minlength=clients)  # (clients,)
    return part & (held > 0)[client], held


def _first_taken(dataset: Dataset, place: np.ndarray) -> np.ndarray:
    """Return the event in which each product that a client was seen taking, and did not rate low, was taken.

    `place` (interactions,) orders the events.
    """
    pair = dataset.pairs.of_events
    takes = pc.fill_null(pc.equal(dataset.interactions["action"], "takes"), fill_value=True).to_numpy()
    takes &= ~gives_up(dataset.interactions)
    asked = dataset.pairs.taken & ~dataset.low  # (pairs,)
    rows = np.flatnonzero((pair >= 0) & takes)
    rows = rows[asked[pair[rows]]]
    rows = rows[np.lexsort((place[rows], pair[rows]))]
    return rows[np.unique(pair[rows], return_index=True)[1]]


def share_kept(dataset: Dataset, share: float, seed: int) -> np.ndarray:
    """Return which rows `keep_share` keeps, bool (interactions,); raises as it does.

    >>> from finrec_core.dataset import share_kept
    >>> bool(share_kept(bank, 1.0, seed=0).all())
    True
    """
    if not 0 <= share <= 1:
        raise ValueError(f"a share lies between 0 and 1, {share:g} does not.")
    clients = dataset.event_clients
    n = np.bincount(clients, minlength=len(dataset.clients))  # (clients,)
    order = np.lexsort((_shuffle(dataset, seed), clients))
    starts = np.cumsum(n) - n
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order)) - starts[clients[order]]
    return place < np.maximum(FEWEST, np.rint(share * n))[clients]


def keep_share(dataset: Dataset, share: float, seed: int) -> Dataset:
    """Return a dataset with a seeded share of each client's interactions, at least three of them.

    Clients, products and ties stay. Raises `ValueError` for a share outside 0 to 1.

    >>> from finrec_core.dataset import keep_share
    >>> len(keep_share(bank, 0.5, seed=0).interactions) < len(bank.interactions)
    True
    """
    return dataset.take(share_kept(dataset, share, seed))


def _shuffle(dataset: Dataset, seed: int) -> np.ndarray:
    """Return a seeded random number for each row, the same in whatever order the rows come."""
    draws = np.empty(len(dataset.interactions))
    draws[dataset.order] = np.random.default_rng(seed).random(len(draws))
    return draws


def _after(groups: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Return for each row the sum of the counts after it in its group; rows come group by group."""
    backwards = np.cumsum(counts[::-1])[::-1] - counts  # after the row, all groups
    ends = np.searchsorted(groups, groups, side="right")  # first row of the next group
    beyond = np.append(np.cumsum(counts[::-1])[::-1], 0)  # from a row on
    return backwards - beyond[ends]
