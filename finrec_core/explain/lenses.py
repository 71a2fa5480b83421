"""Both lenses of a score: base and parts, read off the arithmetic that made it (design 5).

The client lens moves what the client has and is tied to; the product lens what reaches the
product. Each is an exact sum of the same score in float64; texts are opened elsewhere, from the
direction that each text part keeps.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from finrec_core.explain.explanation import Kind
from finrec_core.explain.pair import Pair, SolvedPair
from finrec_core.model.closed_form import tie_fade

ALIKE = "what the product gets from every client alike"
NEW = "where a product that nobody has yet starts"


@dataclass(frozen=True, repr=False, eq=False)
class TextDirection:
    """What a unit of a product's text features adds to the score: `values` (k,), own words first."""

    product: int
    values: np.ndarray


@dataclass(frozen=True, repr=False, eq=False)
class Reason:
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
    reasons: tuple[Reason, ...]

    def __repr__(self) -> str:
        return f"Sum({len(self.reasons)} reasons)"


def client_lens(pair: Pair) -> Sum:
    """Return the score as base + one reason for each interaction and each tie of the client."""
    base = pair.level
    if pair.network:
        base += pair.network_factor * float(pair.network.bias[pair.product])
    if pair.held:
        base += sum(float(s.own[pair.product] * s.weights[pair.product]) for s in pair.solved)
    reasons = [*_interactions(pair), *_ties(pair)]
    note = NEW if pair.cold else ALIKE
    return Sum(base, note + (", the link to this client left out" if pair.held else ""), tuple(reasons))


def _interactions(pair: Pair) -> Iterator[Reason]:
    network, evidence = pair.network, pair.model.evidence
    for j, carried in zip(pair.products, pair.carried, strict=True):
        value, direction = 0.0, np.zeros(evidence.features.width)
        if network:
            weight = pair.network_factor * carried
            value += weight * float(network.messages[j] @ pair.target)
            direction += weight * network.factors * (network.text_in @ pair.target)
        for solved in pair.solved:
            value += solved.own[j] * solved.weights[j]
            direction += solved.own[j] * solved.source_direction(j)
        yield Reason("interaction", int(j), float(value), TextDirection(int(j), direction))


def _ties(pair: Pair) -> Iterator[Reason]:
    network, model = pair.network, pair.model
    count = model.evidence.counts[pair.client]
    for v, weight in zip(*pair.ties, strict=True):
        value = 0.0
        if network:
            sent = network.has[[v]] @ network.messages  # (1, D)
            carried = pair.network_factor * network.fade[pair.client] * weight
            value += carried * float((network.beta * sent[0]) @ pair.target)
        theirs = model.evidence.x[[v]].indices
        for solved in pair.solved:
            carried = solved.view.constants.tie_share * float(tie_fade(count)) * weight
            value += carried * float(solved.weights[theirs].sum())
        yield Reason("tie", int(v), float(value))


def product_lens(pair: Pair) -> Sum:
    """Return the score as base + a reason for each similar client, similar product, review and text.

    What single clients cannot be named for stands as `learned`. Where the client has the product,
    the base also holds the client's own row of the closed form.
    """
    base, note = float(pair.model.leaning[pair.product]), NEW if pair.cold else ALIKE
    if pair.cold:
        base += pair.model.constants.cold.level
    if pair.network:
        base += pair.network_factor * float(pair.network.bias[pair.product])
    if pair.held:
        base += sum(
            s.profile[pair.product] * s.self_weight + s.dual * _row_share(pair, s, pair.client)
            for s in pair.solved
        )
        note += ", and this client's own row in the weights"
    reasons = [*_learned(pair), *_clients(pair), *_texts(pair)]
    if not pair.held:
        reasons += _tied_holders(pair)
    return Sum(base, note, tuple(reasons))


def _row_share(pair: Pair, solved: SolvedPair, client: int) -> float:
    """r_v (p_u P x_v') of one client, the dual factor left out."""
    theirs = pair.model.evidence.x[[client]].indices
    return float(solved.view.row_weights[client] * solved.row[theirs].sum())


def _learned(pair: Pair) -> Iterator[Reason]:
    network = pair.network
    if not network:
        return
    if not pair.cold:
        learned = pair.network_factor * float(pair.h @ network.learned[pair.product])
        yield Reason("learned", pair.product, learned)
    near = pair.model.evidence.near[[pair.product]]
    for k, share in zip(near.indices, near.data, strict=True):
        value = pair.network_factor * share * float(pair.h @ network.similar[k])
        yield Reason("product", int(k), value)


def _clients(pair: Pair) -> Iterator[Reason]:
    rows = pair.holders
    values = np.zeros(len(rows))
    x = pair.model.evidence.x[rows]
    if pair.network:
        links = pair.network.adjacency[rows][:, [pair.product]].toarray()[:, 0]
        values += pair.network_factor * links * (pair.network.echo[rows] @ pair.h)
    for solved in pair.solved:
        values += solved.dual * solved.view.row_weights[rows] * (x @ solved.row)
    for v, value in zip(rows, values, strict=True):
        yield Reason("client", int(v), float(value))


def _texts(pair: Pair) -> Iterator[Reason]:
    features = pair.model.evidence.features
    direction = pair.model.cold.direction.copy() if pair.cold else np.zeros(features.width)
    if pair.network:
        network = pair.network
        carried = (network.ridge_out + network.gates[pair.product] * network.text_out) @ pair.h  # (k,)
        direction += pair.network_factor * network.factors * carried
    for solved in pair.solved:
        direction += solved.target_direction()
    told = TextDirection(pair.product, direction)
    own, reviews = features.parts_of(pair.product, direction)
    if features.own[pair.product].any():
        yield Reason("description", pair.product, own, told)
    for number, value in reviews:
        yield Reason("review", number, value, told)


def _tied_holders(pair: Pair) -> Iterator[Reason]:
    """What p_ui itself adds, which only ties that have the product can make: their own part.

    It stays where such a tie is left out as a similar client: p_ui is on the client's side.
    """
    count = pair.model.evidence.counts[pair.client]
    holders = set(pair.model.evidence.by_product[[pair.product]].indices.tolist())
    for v, weight in zip(*pair.ties, strict=True):
        if int(v) in holders:
            shares = (s.view.constants.tie_share * s.self_weight for s in pair.solved)
            yield Reason("tie", int(v), float(tie_fade(count)) * float(weight) * sum(shares))
