"""The pair: one client and one product before the model, and what each view says of the two."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from finrec_core.model.breakdown import Breakdown
from finrec_core.model.edit import Edit
from finrec_core.model.fused import FusedModel
from finrec_core.model.query import Query


@dataclass(frozen=True, repr=False, eq=False)
class Pair:
    """One client row and one product row before a model, with some evidence left out or added.

    Where the client has the product, the link between the two is left out of the score.
    """

    model: FusedModel
    client: int
    product: int
    edit: Edit = field(default_factory=Edit)

    @cached_property
    def query(self) -> Query:
        """The evidence that counts."""
        return Query(self.model.evidence, self.client, self.product, self.edit)

    @cached_property
    def views(self) -> tuple[tuple[float, Breakdown], ...]:
        """Each view's factor in the sum and its score of the pair."""
        pairs = zip(self.model.views, self.model.factors, strict=True)
        return tuple((float(factor[self.product]), view.breakdown(self.query)) for view, factor in pairs)

    def total(self, of: Callable[[Breakdown], Any]) -> Any:  # noqa: ANN401 - a number or an array
        """Return the sum of something over all views, each by its factor."""
        return sum(factor * of(view) for factor, view in self.views)

    @property
    def cold(self) -> bool:
        """Whether the product is one that nobody has, scored by its words."""
        return bool(self.model.cold.rows[self.product])

    @property
    def level(self) -> float:
        """What the product starts from whatever the views say."""
        return float(self.model.cold.level[self.product] + self.model.leaning[self.product])

    def score(self) -> float:
        """Return the score of the pair from the model's own arithmetic, float64."""
        if self.model.silent[self.client]:
            return float(self.model.popularity[self.product])
        return float(self.level + self.total(lambda view: view.score))

    def __repr__(self) -> str:
        return f"Pair({self.query})"
