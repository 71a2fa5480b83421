"""The grid: the verdicts of many clients on many products at once, from the facts that decide them."""

from dataclasses import dataclass
from datetime import date
from typing import Self

import numpy as np
from scipy.sparse import csr_array

from finrec_core.advice.facts import FACTS, PROFILE_AGE, allowed, asked, last_days, profile_dates
from finrec_core.advice.rules import RULE_SETS, Rules
from finrec_core.dataset import Dataset

FITS, CHECK, DOES_NOT_FIT = range(3)  # rows of KINDS
ASSESSED = [RULE_SETS.index("insurance"), RULE_SETS.index("credit")]


Rows = np.ndarray | slice
ALL = slice(None)


@dataclass(frozen=True, repr=False, eq=False)
class Grid:
    """All that verdicts rest on under some rules: what products ask for, and what clients' profiles allow."""

    rules: Rules
    asks: np.ndarray  # (facts, products), NaN where unknown
    sets: np.ndarray  # (products,), rows of RULE_SETS
    offered: np.ndarray  # (products,), bool
    allows: np.ndarray  # (facts, clients), NaN where unknown
    fresh: np.ndarray  # (clients,), bool: whose profile is young enough
    former: csr_array | None = None  # (clients, products), what was given up and fits no more

    @classmethod
    def of(cls, dataset: Dataset, rules: Rules, today: date, row: int | None = None) -> Self:
        """Return the grid of all clients, or of one; a profile's date still to come is no date."""
        coded = dataset.products["category"].unify_dictionaries().combine_chunks()
        coded = coded.dictionary_encode(null_encoding="encode")
        sets = [RULE_SETS.index(rules.set_of(category)) for category in coded.dictionary.to_pylist()]
        sets_of = np.array(sets, dtype=np.int64)[coded.indices.to_numpy()]
        clients = dataset.clients if row is None else dataset.clients.slice(row, 1)
        fresh = np.ones(len(clients), dtype=bool)
        if PROFILE_AGE in rules.checks:
            dates, now = profile_dates(clients), np.datetime64(today)
            fresh = (dates <= now) & (now <= last_days(dates, rules.profile_months))
        asks, allows = asked(dataset.products), allowed(clients)
        former = None if rules.former_fits else _former(dataset, row)
        return cls(rules, asks, sets_of, dataset.available, allows, fresh, former)

    def __repr__(self) -> str:
        return f"Grid({len(self.fresh):,} clients x {len(self.sets):,} products)"

    def verdicts(self, clients: Rows = ALL, products: Rows = ALL) -> np.ndarray:
        """Return the verdicts of some clients on some products, int8 (clients, products), rows of `KINDS`."""
        found = self._told(self.fresh[clients][:, None], self.allows[:, clients][..., None], products)
        if self.former is not None:
            found[self.former[clients][:, products].toarray() > 0] = DOES_NOT_FIT
        return found

    def anyway(self, clients: np.ndarray, products: np.ndarray) -> np.ndarray:
        """Return the verdicts on some pairs, rows of each (pairs,), as if nothing had been given up."""
        return self._told(self.fresh[clients], self.allows[:, clients], products)

    def _told(self, fresh: np.ndarray, allows: np.ndarray, products: Rows) -> np.ndarray:
        """Return the verdicts of clients, as columns or one for each product, on products."""
        sets = self.sets[products]
        investment = sets == RULE_SETS.index("investment")
        failed = ~self.offered[products] & np.ones_like(fresh)
        unclear = np.isin(sets, ASSESSED) | (investment & ~fresh)
        for fact, ask, allow in zip(FACTS, self.asks, allows, strict=True):
            if fact.check in self.rules.checks:
                asks = ask[products]
                failed = failed | (investment & (asks > allow))
                unclear = unclear | (investment & (np.isnan(asks) | np.isnan(allow)))
        return np.where(failed, DOES_NOT_FIT, np.where(unclear, CHECK, FITS)).astype(np.int8)


def _former(dataset: Dataset, row: int | None) -> csr_array:
    """Return what all clients, or one, gave up, (clients, products)."""
    given_up = dataset.pairs.former
    clients, products = dataset.pair_clients[given_up], dataset.pair_products[given_up]
    shape = (len(dataset.clients), len(dataset.products))
    found = csr_array((np.ones(len(clients), dtype=np.int8), (clients, products)), shape=shape)
    return found if row is None else found[[row]]
