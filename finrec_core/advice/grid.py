"""The grid: the verdicts of many clients on many products at once, from the facts that decide them."""

from dataclasses import dataclass
from datetime import date
from typing import Self

import numpy as np

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
        return cls(rules, asked(dataset.products), sets_of, dataset.available, allowed(clients), fresh)

    def __repr__(self) -> str:
        return f"Grid({len(self.fresh):,} clients x {len(self.sets):,} products)"

    def verdicts(self, clients: Rows = ALL, products: Rows = ALL) -> np.ndarray:
        """Return the verdicts of some clients on some products, int8 (clients, products), rows of `KINDS`."""
        sets, fresh = self.sets[products], self.fresh[clients]
        investment = sets == RULE_SETS.index("investment")
        failed = np.broadcast_to(~self.offered[products], (len(fresh), len(sets)))
        unclear = np.isin(sets, ASSESSED) | (investment & ~fresh[:, None])
        for fact, ask, allow in zip(FACTS, self.asks, self.allows, strict=True):
            if fact.check in self.rules.checks:
                asks, allows = ask[products], allow[clients][:, None]
                failed = failed | (investment & (asks > allows))
                unclear = unclear | (investment & (np.isnan(asks) | np.isnan(allows)))
        return np.where(failed, DOES_NOT_FIT, np.where(unclear, CHECK, FITS)).astype(np.int8)
