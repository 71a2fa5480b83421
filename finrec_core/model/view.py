"""The view: one summand of the fused score, and everything that the others ask of it.

    s(u, i) = base_i + sum over views of factor_i * s_view(u, i)      (docs/model.md, "The sum")

A view scores clients, takes each of its scores apart in two exact ways, and works a score out again from
edited evidence by other code: the tests hold the one against the other. All numbers are float64 and in
units of the view's own score; the factor comes later. What lies between evidence and score is linear, or
the parts do not add up.

To add a view, write a subclass in a module of its own and put it at the end of `VIEWS` in
`finrec_core/model/fused.py`. Without more it scores, is explained in both lenses down to words, is saved,
loaded, and has its factor chosen.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, ClassVar, Protocol, Self

import numpy as np

from finrec_core.model.constants import Constants
from finrec_core.model.coordinate_search import Grid
from finrec_core.model.edit import Edit
from finrec_core.model.evidence import Evidence
from finrec_core.model.query import Query
from finrec_core.model.validation import Search
from finrec_core.terms.progress import Progress

Arrays = Mapping[str, np.ndarray]
Learned = tuple[Arrays, ...]  # what training gave, by seed; empty for a view that is solved at once


@dataclass(frozen=True)
class Selection:
    """What a view chose: all constants with its own among them, and what it learned on the way.

    `curve` holds step and validation NDCG@20 of a training, for the screen.
    """

    constants: Constants
    learned: Learned = ()
    curve: tuple[tuple[int, float], ...] = ()


@dataclass(frozen=True, eq=False)
class ClientSide:
    """A score as base + interactions + ties: what moves is the client's own evidence.

    With k the width of `features.vectors`, `directions[j] @ vectors[products[j]]` is what of
    `interactions[j]` goes through the texts of that product.
    """

    base: float  # what no interaction and no tie of the client brings
    interactions: np.ndarray  # (n,) what each of `query.products` adds
    directions: np.ndarray  # (n, k) what a unit of the text features of each adds
    ties: np.ndarray  # (ties,) what each of `query.ties` adds


@dataclass(frozen=True, eq=False)
class ProductSide:
    """The same score as base + clients + text + ties + learned + products: what moves is on its side.

    `text @ vectors[product]` is what the product's own words and its reviews add.
    """

    base: float  # what nothing that reaches the product brings
    clients: np.ndarray  # (holders,) what each of `query.holders` adds
    text: np.ndarray  # (k,) what a unit of the product's own text features adds
    ties: np.ndarray  # (ties,) what a tie that has the product adds beside `clients`; else, or where held, 0
    learned: float | None = None  # its record with all clients, not traceable to single ones
    products: Mapping[int, float] | None = None  # what each similar product adds, by product row


class Breakdown(Protocol):
    """A view's score of one query, and its two exact sums; worked out when asked for."""

    @property
    def score(self) -> float:
        """The view's score of the pair, from its own arithmetic."""
        ...

    @property
    def client(self) -> ClientSide:
        """The score in the client lens (docs/explanations.md, "Client lens")."""
        ...

    @property
    def product(self) -> ProductSide:
        """The score in the product lens (docs/explanations.md, "Product lens")."""
        ...


@dataclass(frozen=True, eq=False)
class Totals:
    """Both lenses of many scores, each kind of evidence as one sum, all (cells,) but `text` (cells, k)."""

    client_base: np.ndarray
    interactions: np.ndarray
    words: np.ndarray  # what of `interactions` goes through texts
    ties: np.ndarray
    product_base: np.ndarray
    clients: np.ndarray
    text: np.ndarray  # what a unit of the product's own text features adds
    tied: np.ndarray  # `ProductSide.ties`
    learned: np.ndarray
    products: np.ndarray

    def times(self, factor: np.ndarray) -> "Totals":
        """Return the totals with each cell multiplied by its factor (cells,)."""
        return Totals(*((getattr(self, one.name).T * factor).T for one in fields(self)))

    def take(self, cells: np.ndarray) -> "Totals":
        """Return the totals of some cells, in their order."""
        return Totals(*(getattr(self, one.name)[cells] for one in fields(self)))

    def __add__(self, other: "Totals") -> "Totals":
        return Totals(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))


class View(ABC):
    """One summand of the score. A subclass is a frozen dataclass over one `evidence`.

    `name` is what constants, stored arrays and `FusedModel.view` call it. `trained` views come last in the
    choice of constants, for they start from what the solved ones chose; `effort` is how long that takes,
    beside the others' (0.25 for the closed form). `defaults` are the view's own constants where `Constants`
    has no field of its name, a frozen dataclass of numbers, read with `Constants.of`; `own_grid` are those
    of them that set its factor, with the values to try.
    """

    name: ClassVar[str]
    trained: ClassVar[bool] = False
    effort: ClassVar[float] = 0.05
    defaults: ClassVar[Any] = None
    own_grid: ClassVar[Grid] = {}
    evidence: Evidence

    @classmethod
    @abstractmethod
    def speaks(cls, evidence: Evidence, constants: Constants) -> bool:
        """Return whether the view is switched on and has anything to say; without that it is not fitted."""

    @classmethod
    @abstractmethod
    def factor(cls, evidence: Evidence, constants: Constants) -> np.ndarray:
        """Return what the score, in units of its spread, is multiplied with in the sum, (products,)."""

    @classmethod
    def sum_grid(cls, constants: Constants) -> Grid:
        """Return the fields of `Constants` that set the factor, with the values to try."""
        return {}

    @classmethod
    def choose(cls, search: Search, constants: Constants, progress: Progress) -> Selection:
        """Choose the view's own constants, judged by its own scores.

        Args:
            search: Training rows, validation and how hard to try.
            constants: All constants as they stand, those of the views before this one chosen.
            progress: Told the share of the work that is done.

        Returns:
            The constants with the view's own in place, and what it learned, if it trains.
        """
        return Selection(constants)

    @classmethod
    def learn(
        cls, evidence: Evidence, constants: Constants, *, seed: int, device: str, progress: Progress
    ) -> Learned:
        """Train on all rows of the evidence; a view that is solved at once has nothing to learn.

        Raises:
            FloatingPointError: Where the training does not end in numbers.
        """
        return ()

    @classmethod
    @abstractmethod
    def of(cls, evidence: Evidence, constants: Constants, learned: Learned) -> Self:
        """Fit the view to its evidence.

        Args:
            evidence: Interactions, ties and texts; it may be less than `learned` was trained on.
            constants: All constants; spreads need not be known.
            learned: What `learn` or `choose` gave.

        Raises:
            FloatingPointError: Where the view cannot be solved.
        """

    @property
    def learned(self) -> Learned:
        """What `of` was given: it survives where the evidence is cut."""
        return ()

    @property
    def arrays(self) -> dict[str, np.ndarray]:
        """What the model file keeps, under the view's name; nothing where all follows from the evidence."""
        return {}

    @classmethod
    def restore(cls, evidence: Evidence, constants: Constants, arrays: Arrays) -> Self:
        """Return the view that gave `arrays`.

        Raises:
            KeyError, IndexError, ValueError: Where they are not whole or do not fit the evidence.
        """
        return cls.of(evidence, constants, ())

    @abstractmethod
    def scores(self, rows: np.ndarray) -> np.ndarray:
        """Return the scores of client rows for all products, (rows, products).

        For a product that the client has, the link between the two is left out.
        """

    @abstractmethod
    def breakdown(self, query: Query) -> Breakdown:
        """Return the score of a client and a product, and both lenses of it."""

    @abstractmethod
    def rescore(self, client: int, product: int, edit: Edit) -> float:
        """Return a score worked out again from what an edit leaves, apart from all that `breakdown` uses.

        What docs/explanations.md, "What stays frozen", names stays as it was fitted. `edit.clients` lose
        their link to the product.
        """

    @abstractmethod
    def rescored(self, client: int, edit: Edit) -> np.ndarray:
        """Return the same for all products, (products,), `edit.clients` not read.

        Scores of products that the client has keep the link to them: these are not ranked.
        """

    @property
    def in_bulk(self) -> bool:
        """Whether `totals` takes scores apart together, hundreds of times faster than one by one."""
        return False

    def totals(self, clients: np.ndarray, products: np.ndarray) -> Totals:
        """Return both lenses of the scores of these clients for these products, one by one.

        `clients` and `products` are rows, (cells,) each; no client has its product.
        """
        vectors, cells = self.evidence.features.vectors, []
        for client, product in zip(clients.tolist(), products.tolist(), strict=True):
            query = Query(self.evidence, client, product)
            found = self.breakdown(query)
            mine, its = found.client, found.product
            told = (mine.directions * vectors[query.products]).sum()
            client_lens = mine.base, mine.interactions.sum(), told, mine.ties.sum()
            others = its.learned or 0.0, sum((its.products or {}).values())
            cells.append((*client_lens, its.base, its.clients.sum(), its.text, its.ties.sum(), *others))
        return Totals(*(np.array(column) for column in zip(*cells, strict=True)))

    def effects(self, query: Query, columns: np.ndarray) -> np.ndarray:
        """Return what each of the query's products, then each tie, adds to some scores, (pieces, columns).

        `columns` are rows of products that the client does not have.
        """
        edit, whole = query.edit, self.rescored(query.client, query.edit)
        without = [
            replace(edit, interactions=edit.interactions | {j}, added=edit.added - {j})
            for j in query.products.tolist()
        ]
        without += [replace(edit, ties=edit.ties | {v}) for v in query.ties[0].tolist()]
        left = np.array([self.rescored(query.client, one) for one in without])
        return (whole - left.reshape(-1, len(whole)))[:, columns]

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.evidence})"
