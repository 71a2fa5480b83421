"""The kinds of evidence in many scores at once: both lenses of each score as a sum for each kind.

The arithmetic is that of the lenses, written out for many clients together: base + kinds = score in
float64, for each score on its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from scipy.sparse import csr_array

from finrec_core.explain.explanation import Kind
from finrec_core.explain.lenses import Sum, client_lens, product_lens
from finrec_core.explain.opening import through_text
from finrec_core.explain.pair import Pair
from finrec_core.explain.solved_cells import SolvedCells
from finrec_core.model.blocks import Blocks
from finrec_core.model.fused import FusedModel

CLIENT_KINDS: tuple[Kind, ...] = ("interaction", "tie")
PRODUCT_KINDS: tuple[Kind, ...] = ("client", "product", "learned", "review", "description", "tie")
WORDS_OF_CLIENT: tuple[Kind, ...] = ("interaction",)  # the kinds of which some goes through words
WORDS_OF_PRODUCT: tuple[Kind, ...] = ("description", "review")  # and those of which all does


@dataclass(frozen=True, repr=False, eq=False)
class LensKinds:
    """One lens of some scores: `base` and each of `kinds` (cells,), and of a kind what goes through words.

    `told` (cells,) holds that part of the kinds that have any; they are kept apart, since in one score
    the words of one kind may take what those of another add.
    """

    base: np.ndarray
    kinds: Mapping[Kind, np.ndarray]
    told: Mapping[Kind, np.ndarray]

    @property
    def text(self) -> np.ndarray:
        """What goes through words in each score, of all kinds together (cells,)."""
        return np.sum([*self.told.values()], axis=0)

    def __repr__(self) -> str:
        return f"LensKinds({len(self.base):,} scores: {', '.join(self.kinds)})"

    def error(self, scores: np.ndarray) -> float:
        """Return by how much base + kinds miss the scores (cells,) at most."""
        return float(np.abs(self.base + sum(self.kinds.values()) - scores).max(initial=0.0))


class Cells(Protocol):
    """Some scores, each of a client and a product that it does not have."""

    @property
    def client(self) -> LensKinds:
        """The client lens of each."""
        ...

    @property
    def product(self) -> LensKinds:
        """The product lens of each."""
        ...

    def directions(self, weights: np.ndarray) -> np.ndarray:
        """Return what a unit of each product's text adds to the weighted scores, (products, k)."""
        ...


def cells(model: FusedModel, clients: np.ndarray, products: np.ndarray) -> Cells:
    """Return the scores of these client rows for these product rows, (cells,) each, to be taken apart.

    Nothing must be of a client for whom nothing speaks, nor of a product that the client has. Where P is kept
    in blocks, each score is taken apart on its own, which takes some hundred times as long.
    """
    views = (model.closed_form, model.tail)
    if any(view is not None and isinstance(view.inverse, Blocks) for view in views):
        return EachCell(model, clients, products)
    return ManyCells(model, clients, products)


@dataclass(frozen=True, repr=False, eq=False)
class ManyCells:
    """Scores taken apart together, where one P serves all products."""

    model: FusedModel
    clients: np.ndarray  # (cells,)
    products: np.ndarray  # (cells,)

    @cached_property
    def _rows(self) -> tuple[np.ndarray, np.ndarray]:
        """The clients once each (rows,), and the place of each cell's among them (cells,)."""
        rows, at = np.unique(self.clients, return_inverse=True)
        return rows, at

    @cached_property
    def _reached(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """What reaches each client in the network: its own, that through words, its ties', (rows, D) each."""
        network, rows = self.model.network, self._rows[0]
        if network is None:
            none = np.zeros((len(rows), 0))
            return none, none, none
        own = network.has[rows]
        told = (_texts(self.model) * network.factors) @ network.text_in  # (products, D)
        tied = network.sources[rows] @ network.messages if self.model.evidence.ties.nnz else 0.0
        return own @ network.messages, own @ told, network.beta * tied + np.zeros((len(rows), 1))

    @cached_property
    def _solved(self) -> tuple[SolvedCells, ...]:
        views = zip((self.model.closed_form, self.model.tail), self.model.factors[1:], strict=True)
        return tuple(
            SolvedCells(self.model, view, factor, *self._rows, self.products)
            for view, factor in views
            if view is not None
        )

    def _through(self, reached: np.ndarray, targets: np.ndarray) -> np.ndarray:
        """Return what the clients (rows, D) and the products (products, D) come to in each cell, (cells,)."""
        at, i = self._rows[1], self.products
        return self.model.factors[0][i] * np.einsum("cd,cd->c", reached[at], targets[i])

    @cached_property
    def client(self) -> LensKinds:
        """The client lens of each score."""
        model, i = self.model, self.products
        base = (model.cold.level + model.leaning)[i]
        own, told, tied = (np.zeros(len(i)) for _ in range(3))
        if model.network:
            base = base + model.factors[0][i] * model.network.bias[i]
            own, told, tied = (self._through(part, model.network.targets) for part in self._reached)
        for solved in self._solved:
            own, told, tied = own + solved.own, told + solved.told, tied + solved.tied
        return LensKinds(base, {"interaction": own, "tie": tied}, {"interaction": told})

    @cached_property
    def product(self) -> LensKinds:
        """The product lens of each score."""
        model, i = self.model, self.products
        texts, width = _texts(model), model.evidence.features.own.shape[1]
        base = model.leaning[i] + np.where(model.cold.rows[i], model.constants.cold.level, 0.0)
        found: dict[Kind, np.ndarray] = {kind: np.zeros(len(i)) for kind in PRODUCT_KINDS}
        direction = np.where(model.cold.rows[i, None], model.cold.direction, 0.0)  # (cells, k)
        if network := model.network:
            base = base + model.factors[0][i] * network.bias[i]
            own, _, tied = self._reached
            h, z = own + tied, texts * network.factors
            found["learned"] = self._through(h, network.learned)
            found["product"] = self._through(h, model.evidence.near @ network.similar)
            found["client"] = self._through(h, network.adjacency.T @ network.echo)
            for kind, part in (("description", slice(0, width)), ("review", slice(width, None))):
                carried = z[:, part] @ network.ridge_out[part]
                carried = carried + network.gates * (z[:, part] @ network.text_out[part])
                found[kind] = self._through(h, carried)  # type: ignore[index]
        for solved in self._solved:
            found["client"] = found["client"] + solved.holders
            found["tie"] = found["tie"] + solved.tied_holders
            direction = direction + solved.directions
        told = direction * texts[i]
        found["description"] = found["description"] + told[:, :width].sum(axis=1)
        found["review"] = found["review"] + told[:, width:].sum(axis=1)
        return LensKinds(base, found, {kind: found[kind] for kind in WORDS_OF_PRODUCT})

    def directions(self, weights: np.ndarray) -> np.ndarray:
        """Return what a unit of each product's text adds to the weighted scores, (products, k)."""
        model, i = self.model, self.products
        size = (len(model.evidence.degree), len(weights))
        gather = csr_array((weights, (i, np.arange(len(i)))), shape=size)
        found = gather @ np.where(model.cold.rows[i, None], model.cold.direction, 0.0)
        if network := model.network:
            own, _, tied = self._reached
            h = gather @ ((own + tied)[self._rows[1]] * model.factors[0][i, None])  # (products, D)
            found = found + network.factors * (
                h @ network.ridge_out.T + (network.gates * h) @ network.text_out.T
            )
        return found + sum(gather @ solved.directions for solved in self._solved)

    def __repr__(self) -> str:
        return f"ManyCells({len(self.clients):,} scores)"


@dataclass(frozen=True, repr=False, eq=False)
class EachCell:
    """Scores taken apart one by one, those of a product together: its block of P is solved once."""

    model: FusedModel
    clients: np.ndarray  # (cells,)
    products: np.ndarray  # (cells,)

    @cached_property
    def _sums(self) -> tuple[tuple[Sum, Sum], ...]:
        view = self.model.closed_form or self.model.tail
        block = view.inverse.block_of if view and isinstance(view.inverse, Blocks) else self.products
        found: dict[int, tuple[Sum, Sum]] = {}
        for cell in np.lexsort((self.products, block[self.products])).tolist():
            pair = Pair(self.model, int(self.clients[cell]), int(self.products[cell]))
            found[cell] = client_lens(pair), product_lens(pair)
        return tuple(found[cell] for cell in range(len(found)))

    @property
    def client(self) -> LensKinds:
        """The client lens of each score."""
        return self._lens([one for one, _ in self._sums], CLIENT_KINDS, WORDS_OF_CLIENT)

    @property
    def product(self) -> LensKinds:
        """The product lens of each score."""
        return self._lens([one for _, one in self._sums], PRODUCT_KINDS, WORDS_OF_PRODUCT)

    def _lens(self, sums: list[Sum], kinds: tuple[Kind, ...], worded: tuple[Kind, ...]) -> LensKinds:
        features = self.model.evidence.features
        found = {kind: np.zeros(len(sums)) for kind in kinds}
        told = {kind: np.zeros(len(sums)) for kind in worded}
        for cell, one in enumerate(sums):
            for reason in one.reasons:
                found[reason.kind][cell] += reason.value
                if reason.kind in told:
                    told[reason.kind][cell] += through_text(reason, features)
        return LensKinds(np.array([one.base for one in sums]), found, told)

    def directions(self, weights: np.ndarray) -> np.ndarray:
        """Return what a unit of each product's text adds to the weighted scores, (products, k)."""
        found = np.zeros((len(self.model.evidence.degree), self.model.evidence.features.width))
        for product, weight, (_, one) in zip(self.products, weights, self._sums, strict=True):
            text = next((reason.text for reason in one.reasons if reason.text is not None), None)
            if text is not None:
                found[product] += weight * text.values
        return found

    def __repr__(self) -> str:
        return f"EachCell({len(self.clients):,} scores)"


def _texts(model: FusedModel) -> np.ndarray:
    """Return the text features of every product, own words beside reviews, (products, k)."""
    features = model.evidence.features
    return np.concatenate([features.own, features.product_reviews], axis=1)
