"""The alternatives: what a client could take instead of a product, the best of the client's list first."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from finrec_core.advice.suitability import Suitability
from finrec_core.dataset import Dataset
from finrec_core.ranking import Ranking
from finrec_core.terms import wording

MOST = 3
Alike = Literal["category", "rules", "list"]  # what the alternatives have in common with the product


@dataclass(frozen=True)
class Alternatives:
    """Product rows by rank, what makes them alternatives, and why there are none where there are none.

    "category": they are of the product's own; "rules": some are only under the same set of rules; "list":
    the data has no categories, so that all of the list stands to choose from.
    """

    rows: tuple[int, ...]
    alike: Alike
    none: str = ""

    def __post_init__(self) -> None:
        if bool(self.rows) == bool(self.none):
            raise ValueError("there are alternatives, or it is said why there are none.")

    @classmethod
    def of(
        cls,
        dataset: Dataset,
        ranking: Ranking,
        suitability: Suitability | None,
        product: int,
        most: int = MOST,
    ) -> "Alternatives":
        """Return the alternatives to a product, given by its row, on the list of a client.

        They are of the same category, and after those of the same set of rules; where suitability can be
        told they pass the client's rules.
        """
        others = ranking.order[ranking.order != product]
        if not len(others):
            return cls((), "list", "No other product is offered to this client.")
        fits = others if suitability is None else others[suitability.kinds[others] == "fits"]
        categories = np.array(dataset.products["category"].to_pylist(), dtype=object)
        own = categories[product]
        if own is None and all(one is None for one in categories):
            none = "" if len(fits) else "No other product on the list fits."
            return cls(_first(fits, most), "list", none)
        same = fits[categories[fits] == own] if own is not None else fits[:0]
        near = fits[:0]
        if len(same) < most and suitability is not None:
            rules = suitability.rules
            alike = [rules.set_of(categories[row]) == rules.set_of(own) for row in fits]
            near = fits[np.array(alike, dtype=bool) & ~np.isin(fits, same)]
        rows = _first(np.concatenate([same, near]), most)
        kind: Alike = "rules" if len(rows) > len(same) else "category"
        return cls(rows, kind, "" if rows else _none(own, checked=suitability is not None))


def _none(category: str | None, *, checked: bool) -> str:
    """Return why there is no alternative; the category stands as in the data, not escaped."""
    of = f" of the category {wording.name(category, longest=60)}" if category else " without a category"
    if not checked:
        return f"No other product{of} is on this client's list."
    return f"No other product{of}, and none under the same rules, passes this client's rules."


def _first(rows: np.ndarray, most: int) -> tuple[int, ...]:
    return tuple(int(row) for row in rows[:most])
