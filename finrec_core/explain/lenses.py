"""Both lenses of a score: base and parts, read off the arithmetic that made it.

The client lens moves what the client has and is tied to; the product lens what reaches the product
(docs/explanations.md, "Client lens" and "Product lens"). Each is an exact sum of the same score in
float64 over all views; texts are opened elsewhere, from the direction that each text part keeps.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from finrec_core.explain.explanation import Kind
from finrec_core.explain.pair import Pair

ALIKE = "what the product gets from every client alike"
NEW = "where a product that nobody has yet starts"


@dataclass(frozen=True, repr=False, eq=False)
class TextDirection:
    """What a unit of a product's text features adds to the score: `values` (k,), own words first."""

    product: int
    values: np.ndarray


@dataclass(frozen=True, repr=False, eq=False)
class RowContribution:
    """A part before it has words and names: its kind, the row it comes from, its value.

    `row` is a product row (`interaction`, `product`, `description`, `learned`), a client row (`tie`,
    `client`) or a review number of the text features (`review`). `text` is the direction of what
    goes through text, None where nothing does.
    """

    kind: Kind
    row: int
    value: float
    text: TextDirection | None = None


@dataclass(frozen=True, repr=False, eq=False)
class Sum:
    """A lens before names: base, what the base holds, and its reasons."""

    base: float
    note: str
    contributions: tuple[RowContribution, ...]

    def __repr__(self) -> str:
        return f"Sum({len(self.contributions)} reasons)"


def client_lens(pair: Pair) -> Sum:
    """Return the score as base + one reason for each interaction and each tie of the client."""
    query = pair.query
    values = pair.total(lambda view: view.client.interactions)
    directions = pair.total(lambda view: view.client.directions)
    pieces = zip(query.products.tolist(), values, directions, strict=True)
    contributions = [
        RowContribution("interaction", j, float(value), TextDirection(j, told)) for j, value, told in pieces
    ]
    ties = zip(query.ties[0].tolist(), pair.total(lambda view: view.client.ties), strict=True)
    contributions += [RowContribution("tie", v, float(value)) for v, value in ties]
    base = pair.level + pair.total(lambda view: view.client.base)
    note = NEW if pair.cold else ALIKE
    return Sum(
        base, note + (", the link to this client left out" if query.held else ""), tuple(contributions)
    )


def product_lens(pair: Pair) -> Sum:
    """Return the score as base + a reason for each similar client, similar product, review and text.

    What single clients cannot be named for stands as `learned`. Where the client has the product,
    the base also holds the client's own row of the weights.
    """
    base, note = float(pair.model.leaning[pair.product]), NEW if pair.cold else ALIKE
    if pair.cold:
        base += pair.model.constants.cold.level
    if pair.query.held:
        note += ", and this client's own row in the weights"
    base += pair.total(lambda view: view.product.base)
    return Sum(base, note, (*_learned(pair), *_products(pair), *_clients(pair), *_texts(pair), *_ties(pair)))


def _learned(pair: Pair) -> Iterator[RowContribution]:
    values = [
        factor * view.product.learned for factor, view in pair.views if view.product.learned is not None
    ]
    if values:
        yield RowContribution("learned", pair.product, float(sum(values)))


def _products(pair: Pair) -> Iterator[RowContribution]:
    values: dict[int, float] = {}
    for factor, view in pair.views:
        for row, value in (view.product.products or {}).items():
            values[row] = values.get(row, 0.0) + factor * value
    return (RowContribution("product", row, value) for row, value in values.items())


def _clients(pair: Pair) -> Iterator[RowContribution]:
    values = pair.total(lambda view: view.product.clients)
    for v, value in zip(pair.query.holders.tolist(), values, strict=True):
        yield RowContribution("client", v, float(value))


def _texts(pair: Pair) -> Iterator[RowContribution]:
    features = pair.model.evidence.features
    direction = pair.total(lambda view: view.product.text)
    if pair.cold:
        direction = direction + pair.model.cold.direction
    told = TextDirection(pair.product, direction)
    own, reviews = features.parts_of(pair.product, direction)
    if features.own[pair.product].any():
        yield RowContribution("description", pair.product, own, told)
    for number, value in reviews:
        yield RowContribution("review", number, value, told)


def _ties(pair: Pair) -> Iterator[RowContribution]:
    """What ties that have the product add beside what they add as similar clients: their own part.

    It stays where such a tie is left out as a similar client: it is on the client's side.
    """
    if pair.query.held:
        return
    rows, values = pair.query.ties[0], pair.total(lambda view: view.product.ties)
    for place in np.flatnonzero(pair.query.tie_holds).tolist():
        yield RowContribution("tie", int(rows[place]), float(values[place]))
