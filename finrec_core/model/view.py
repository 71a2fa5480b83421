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
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

import numpy as np

from finrec_core.model.breakdown import Breakdown, Totals
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
        """Return whether the view is switched on and has anything to say; without that it is not fitted.

        Args:
            evidence: What there is to learn from.
            constants: All constants, the switches among them.

        Returns:
            Whether to fit it.
        """

    @classmethod
    @abstractmethod
    def factor(cls, evidence: Evidence, constants: Constants) -> np.ndarray:
        """Return what the score, in units of its spread, is multiplied with in the sum.

        Args:
            evidence: What the model is fitted on.
            constants: All constants.

        Returns:
            A factor for each product, (products,).
        """

    @classmethod
    def sum_grid(cls, constants: Constants) -> Grid:
        """Return the fields of `Constants` that set the factor, with the values to try.

        Args:
            constants: All constants as they stand.

        Returns:
            Values by field; none where `own_grid` says all.
        """
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

        Raises:
            FloatingPointError: Where a trial does not end in numbers.
        """
        return Selection(constants)

    @classmethod
    def learn(
        cls, evidence: Evidence, constants: Constants, *, seed: int, device: str, progress: Progress
    ) -> Learned:
        """Train on all rows of the evidence; a view that is solved at once has nothing to learn.

        Args:
            evidence: What to train on.
            constants: All constants, chosen.
            seed: The same seed learns the same.
            device: A name that `place` of `finrec_core/model/training.py` knows.
            progress: Told the share of the work that is done.

        Returns:
            The learned arrays by name, one mapping for each seed.

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

        Returns:
            The view, ready to score.

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

        Args:
            evidence: The evidence it was fitted to, read again.
            constants: All constants it was fitted with.
            arrays: What `arrays` gave, by the same names.

        Returns:
            The view, ready to score.

        Raises:
            KeyError, IndexError, ValueError: Where they are not whole or do not fit the evidence.
        """
        return cls.of(evidence, constants, ())

    @abstractmethod
    def scores(self, rows: np.ndarray) -> np.ndarray:
        """Score all products for some clients.

        Args:
            rows: Client rows, (rows,).

        Returns:
            Scores, (rows, products). For a product that a client has, the link between the two is left out.
        """

    @abstractmethod
    def breakdown(self, query: Query) -> Breakdown:
        """Score one client and one product, and take the score apart.

        Args:
            query: The two rows, and the evidence that counts.

        Returns:
            The score and both lenses of it. Without an edit the score is that of `scores`.
        """

    @abstractmethod
    def rescore(self, client: int, product: int, edit: Edit) -> float:
        """Work a score out again from what an edit leaves, apart from all that `breakdown` uses.

        What docs/explanations.md, "What stays frozen", names stays as it was fitted.

        Args:
            client: Client row.
            product: Product row.
            edit: Evidence left out or added on both sides; `edit.clients` lose their link to the product.

        Returns:
            The score. Of a part that is taken away alone it falls by exactly that part.
        """

    @abstractmethod
    def rescored(self, client: int, edit: Edit) -> np.ndarray:
        """Work the scores of all products out again for one client.

        Args:
            client: Client row.
            edit: Evidence left out or added on the client's side; `edit.clients` is not read.

        Returns:
            Scores, (products,). Those of products that the client has keep the link to them: these are
            not ranked.
        """

    @property
    def in_bulk(self) -> bool:
        """Whether `totals` takes scores apart together, hundreds of times faster than one by one."""
        return False

    def totals(self, clients: np.ndarray, products: np.ndarray) -> Totals:
        """Take many scores apart, here one by one; write it out anew where that is too slow.

        Args:
            clients: Client rows, (cells,), at least one cell.
            products: Product rows, (cells,); no client has its product.

        Returns:
            Both lenses of each score, each kind of evidence summed.
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
        """Tell what each piece of a client's evidence adds to some scores; here by leaving each out.

        Args:
            query: The client; its products, then its ties are the pieces. Its product is not read.
            columns: Rows of products that the client does not have, (columns,).

        Returns:
            What the client lens says of each piece, (pieces, columns).
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
