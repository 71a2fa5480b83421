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


@dataclass(frozen=True, repr=False, eq=False)
class Asked:
    """All that a verdict takes from the products: their facts, rule sets, and what is still offered."""

    facts: np.ndarray  # (facts, products), NaN where unknown
    sets: np.ndarray  # (products,), rows of RULE_SETS
    offered: np.ndarray  # (products,), bool

    @classmethod
    def of(cls, dataset: Dataset, rules: Rules) -> Self:
        """Return what the products of a dataset ask for under the rules."""
        coded = dataset.products["category"].unify_dictionaries().combine_chunks()
        coded = coded.dictionary_encode(null_encoding="encode")
        sets = [RULE_SETS.index(rules.set_of(category)) for category in coded.dictionary.to_pylist()]
        rows = coded.indices.to_numpy()
        return cls(asked(dataset.products), np.array(sets, dtype=np.int64)[rows], dataset.available)

    def __repr__(self) -> str:
        return f"Asked({len(self.sets):,} products)"

    def take(self, rows: np.ndarray) -> "Asked":
        """Return some of the products."""
        return Asked(self.facts[:, rows], self.sets[rows], self.offered[rows])


@dataclass(frozen=True, repr=False, eq=False)
class Allowed:
    """All that a verdict takes from the clients: their facts, and whose profile is young enough."""

    facts: np.ndarray  # (facts, clients), NaN where unknown
    fresh: np.ndarray  # (clients,), bool

    @classmethod
    def of(cls, dataset: Dataset, rules: Rules, today: date, row: int | None = None) -> Self:
        """Return what the profiles of all clients, or of one, allow; a date still to come is no date."""
        clients = dataset.clients if row is None else dataset.clients.slice(row, 1)
        fresh = np.ones(len(clients), dtype=bool)
        if PROFILE_AGE in rules.checks:
            dates, now = profile_dates(clients), np.datetime64(today)
            fresh = (dates <= now) & (now <= last_days(dates, rules.profile_months))
        return cls(allowed(clients), fresh)

    def __repr__(self) -> str:
        return f"Allowed({len(self.fresh):,} clients)"

    def take(self, rows: np.ndarray) -> "Allowed":
        """Return some of the clients."""
        return Allowed(self.facts[:, rows], self.fresh[rows])


def verdicts(products: Asked, clients: Allowed, rules: Rules) -> np.ndarray:
    """Return the verdict on every product for every client, int8 (clients, products), rows of `KINDS`."""
    investment = products.sets == RULE_SETS.index("investment")
    failed = np.broadcast_to(~products.offered, (len(clients.fresh), len(products.sets)))
    unclear = np.isin(products.sets, ASSESSED) | (investment & ~clients.fresh[:, None])
    for fact, asks, allows in zip(FACTS, products.facts, clients.facts[:, :, None], strict=True):
        if fact.check in rules.checks:
            failed = failed | (investment & (asks > allows))
            unclear = unclear | (investment & (np.isnan(asks) | np.isnan(allows)))
    return np.where(failed, DOES_NOT_FIT, np.where(unclear, CHECK, FITS)).astype(np.int8)
