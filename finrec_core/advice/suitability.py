"""Suitability: one client against the whole catalogue under the bank's rules, apart from any score."""

from dataclasses import dataclass
from datetime import date
from typing import Self

import numpy as np

from finrec_core.advice.checks import verdict
from finrec_core.advice.facts import FACTS
from finrec_core.advice.grid import Grid
from finrec_core.advice.rules import Rules
from finrec_core.advice.verdict import KINDS, Check, Outcome, Verdict, VerdictKind
from finrec_core.dataset import Dataset
from finrec_core.narrative.former import formers

NO_FACTS = "Suitability cannot be checked: this data set has no client profiles."
__all__ = [
    "KINDS",
    "NO_FACTS",
    "Check",
    "Outcome",
    "Suitability",
    "Verdict",
    "VerdictKind",
    "has_profiles",
    "judged",
]


def has_profiles(dataset: Dataset) -> bool:
    """Return whether any client of the dataset has a fact that a rule can compare."""
    return any(dataset.clients[fact.client].null_count < len(dataset.clients) for fact in FACTS)


def judged(dataset: Dataset, rules: Rules) -> bool:
    """Return whether the rules can tell anything of the dataset: it has profiles, or what they rule out."""
    return has_profiles(dataset) or (not rules.former_fits and bool(dataset.pairs.former.any()))


@dataclass(frozen=True, repr=False, eq=False)
class Suitability:
    """The verdicts on all products for one client; their sentences are made when asked for.

    Args:
        dataset: Where the facts stand.
        client: Client id.
        rules: What the bank allows.
        today: The day on which the age of the profile counts.
        kinds: A `VerdictKind` for each product, (products,), as `of` works them out.

    >>> from datetime import date
    >>> from finrec_core import Rules, Suitability
    >>> client = bank.clients["client_id"][0].as_py()
    >>> suits = Suitability.of(bank, client, Rules.proposed(bank), date(2026, 3, 1))
    >>> len(suits.kinds) == len(bank.products)
    True
    """

    dataset: Dataset
    client: str
    rules: Rules
    today: date
    kinds: np.ndarray  # (products,), a VerdictKind each

    @classmethod
    def of(cls, dataset: Dataset, client: str, rules: Rules, today: date) -> Self | None:
        """Return the suitability of all products for a client.

        Args:
            dataset: Where the facts stand.
            client: Client id.
            rules: What the bank allows.
            today: The day on which the age of the profile counts.

        Returns:
            The verdicts, None where no client of the dataset has a profile and the rules leave aside what
            was given up.

        Raises:
            KeyError: For a client that there is not.
        """
        if not judged(dataset, rules):
            return None
        codes = Grid.of(dataset, rules, today, dataset.client_rows[client]).verdicts()
        return cls(dataset, client, rules, today, np.array(KINDS)[codes[0]])

    def __repr__(self) -> str:
        counts = ", ".join(f"{int((self.kinds == kind).sum()):,} {kind}" for kind in KINDS)
        return f"Suitability({self.client!r}: {counts})"

    def verdict(self, product_row: int) -> Verdict:
        """Return the verdict on one product with all its checks.

        Args:
            product_row: Product row.

        Returns:
            The verdict, with a sentence for each check.
        """
        product = self.dataset.products.slice(product_row, 1).to_pylist()[0]
        row = self.dataset.client_rows[self.client]
        client = self.dataset.clients.slice(row, 1).to_pylist()[0]
        former = formers(self.dataset, row).get(product_row, "")
        return verdict(product, client, self.rules, self.today, former)
