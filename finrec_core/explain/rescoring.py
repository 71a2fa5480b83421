"""Rescoring: a client's scores worked out again from edited evidence, by its own code.

Nothing here reads the parts. What design 5 freezes stays: degrees, `n_u`, tie weights, recency
dates, solved weights and text vectors, and the branch the client started in. It serves what-if,
and the tests that hold every part against it.
"""

import numpy as np

from finrec_core.explain.pair import Edit
from finrec_core.model.closed_form import TIE_HALF, ClosedForm
from finrec_core.model.fused import FusedModel
from finrec_core.model.network_view import NetworkView


def rescore(model: FusedModel, client: int, product: int, edit: Edit) -> float:
    """Return the score of one product with the evidence in `edit` left out on both sides."""
    if model.silent[client]:
        return float(model.popularity[product])
    a, b, c = (float(factor[product]) for factor in model.factors)
    score = float(model.leaning[product])
    if model.cold.rows[product]:
        own, reviews = model.evidence.features.parts_of(product, model.cold.direction)
        score += model.constants.cold.level + own + sum(value for _, value in reviews)
    if model.network:
        score += a * _network(model, model.network, client, product, edit)
    if model.closed_form:
        score += b * _solved(model, model.closed_form, client, product, edit)
    if model.tail:
        score += c * _solved(model, model.tail, client, product, edit)
    return score


def _kept(model: FusedModel, client: int, product: int, edit: Edit) -> list[int]:
    x = model.evidence.x
    own = x.indices[x.indptr[client] : x.indptr[client + 1]].tolist()
    return [j for j in own if j != product and j not in edit.interactions]


def _tied(model: FusedModel, client: int, edit: Edit) -> list[tuple[int, float]]:
    row = model.evidence.ties[[client]]
    pairs = zip(row.indices.tolist(), row.data.tolist(), strict=True)
    return [(v, weight) for v, weight in pairs if v not in edit.ties]


def _network(model: FusedModel, view: NetworkView, client: int, product: int, edit: Edit) -> float:
    """View A from its formula: h_u from what is left, g_i from the clients that are left."""
    evidence = model.evidence
    n, recency = np.maximum(1.0, evidence.counts), evidence.recency(view.constants.decay)
    start = evidence.x.indptr[client]
    places = {int(j): start + k for k, j in enumerate(evidence.x[[client]].indices)}
    h = np.zeros(view.messages.shape[1])
    for j in _kept(model, client, product, edit):
        h += n[client] ** -0.5 * recency[places[j]] * view.messages[j]
    fade = view.constants.tie_half / (view.constants.tie_half + evidence.counts[client])
    for v, weight in _tied(model, client, edit):
        place = slice(evidence.x.indptr[v], evidence.x.indptr[v + 1])
        sent = recency[place] @ view.messages[evidence.x.indices[place]] * n[v] ** -0.5
        h += view.beta * fade * weight * sent
    target = view.plain[product].copy()
    d = max(1.0, evidence.degree[product])
    for v in evidence.by_product[[product]].indices:
        if v not in edit.clients and v != client:
            target += (n[v] * d) ** -0.5 * view.echo[v]
    return float(h @ target + view.bias[product])


def _solved(model: FusedModel, view: ClosedForm, client: int, product: int, edit: Edit) -> float:
    """Views B and C from the column of G: solved weights stay, links of left-out clients go.

    s = d_i^e / (L_i P_ii) p_u P G_:i + d_i^e p_ui (1 - 1 / (L_i P_ii)); by duality p_ui drops out.
    """
    evidence = model.evidence
    profile = np.zeros(len(evidence.degree))
    own = evidence.x[[client]].indices
    recency = evidence.recency(view.constants.decay)
    start = evidence.x.indptr[client]
    for k, j in enumerate(own):
        if j not in edit.interactions or j == product:
            profile[j] += recency[start + k]
    fade = TIE_HALF / (TIE_HALF + evidence.counts[client])
    for v, weight in _tied(model, client, edit):
        profile[evidence.x[[v]].indices] += view.constants.tie_share * fade * weight
    solved = view.times_at(profile, product)  # (products,)
    f = view.text * view.factors
    column = f @ f[product]  # (products,) G_:i
    for v in evidence.by_product[[product]].indices:
        if v not in edit.clients:
            column[evidence.x[[v]].indices] += view.row_weights[v]
    pivot, lift = view.diagonal[product], view.lift[product]
    dual = lift / (view.ridge[product] * pivot)
    return float(dual * (solved @ column) + (lift - dual) * profile[product])
