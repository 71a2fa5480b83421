"""Rescoring: a client's scores worked out again from edited evidence, by its own code.

Nothing here reads the parts. What design 5 freezes stays: degrees, `n_u`, tie weights, recency
dates, solved weights and text vectors, and the branch the client started in. It serves what-if,
and the tests that hold every part against it.
"""

import numpy as np
from scipy.sparse import csr_array

from finrec_core.explain.edit import Edit
from finrec_core.model.closed_form import TIE_HALF, ClosedForm
from finrec_core.model.fused import FusedModel
from finrec_core.model.network_view import NetworkView


def rescore(model: FusedModel, client: int, product: int, edit: Edit) -> float:
    """Return the score of one product with the evidence in `edit` left out, or added, on both sides."""
    if model.silent[client]:
        return float(model.popularity[product])
    a, b, c = (float(factor[product]) for factor in model.factors)
    score = float(model.leaning[product])
    if model.cold.rows[product]:
        own, reviews = model.evidence.features.parts_of(product, model.cold.direction)
        score += model.constants.cold.level + own + sum(value for _, value in reviews)
    if model.network:
        h = _reached(model, model.network, client, edit, without=product)
        target = _target(model, model.network, client, product, edit)
        score += a * float(h @ target + model.network.bias[product])
    if model.closed_form:
        score += b * _solved(model, model.closed_form, client, product, edit)
    if model.tail:
        score += c * _solved(model, model.tail, client, product, edit)
    return score


def rescored(model: FusedModel, client: int, edit: Edit) -> np.ndarray:
    """Return the scores of all products with the client's side edited, float64 (products,).

    `edit.clients` concerns one product and is not read. The scores of products that the client has
    keep the link to them: these are not ranked.
    """
    if model.silent[client]:
        return model.popularity
    scores = model.cold.level + model.leaning
    a, *factors = model.factors
    if model.network:
        h = _reached(model, model.network, client, edit)
        scores += a * (model.network.targets @ h + model.network.bias)
    for view, factor in zip((model.closed_form, model.tail), factors, strict=True):
        if view is not None:
            profile = csr_array(_profile(model, view, client, edit)[None, :])
            scores += factor * view.scores(profile)[0]
    return scores


def _kept(
    model: FusedModel, client: int, edit: Edit, decay: float, without: int = -1
) -> tuple[np.ndarray, np.ndarray]:
    """Return the products that count, `without` left out, and their recency weights, (n,) each."""
    x = model.evidence.x
    place = slice(x.indptr[client], x.indptr[client + 1])
    own, recency = x.indices[place], model.evidence.recency(decay)[place]
    keep = ~np.isin(own, [*edit.interactions, without])
    added = sorted(edit.added - {without})
    return np.append(own[keep], np.array(added, dtype=own.dtype)), np.append(
        recency[keep], np.ones(len(added))
    )


def _tied(model: FusedModel, client: int, edit: Edit) -> list[tuple[int, float]]:
    row = model.evidence.ties[[client]]
    pairs = zip(row.indices.tolist(), row.data.tolist(), strict=True)
    return [(v, weight) for v, weight in pairs if v not in edit.ties]


def _reached(model: FusedModel, view: NetworkView, client: int, edit: Edit, without: int = -1) -> np.ndarray:
    """h_u of view A from its formula and what is left, (D,)."""
    evidence = model.evidence
    n, recency = np.maximum(1.0, evidence.counts), evidence.recency(view.constants.decay)
    products, weights = _kept(model, client, edit, view.constants.decay, without)
    h = n[client] ** -0.5 * (weights @ view.messages[products])
    fade = view.constants.tie_half / (view.constants.tie_half + evidence.counts[client])
    for v, weight in _tied(model, client, edit):
        place = slice(evidence.x.indptr[v], evidence.x.indptr[v + 1])
        sent = recency[place] @ view.messages[evidence.x.indices[place]] * n[v] ** -0.5
        h = h + view.beta * fade * weight * sent
    return h


def _target(model: FusedModel, view: NetworkView, client: int, product: int, edit: Edit) -> np.ndarray:
    """g_i of view A from the clients that are left, (D,)."""
    evidence = model.evidence
    n, d = np.maximum(1.0, evidence.counts), max(1.0, evidence.degree[product])
    holders = evidence.by_product[[product]].indices
    holders = holders[~np.isin(holders, [*edit.clients, client])]
    return view.plain[product] + (n[holders] * d) ** -0.5 @ view.echo[holders]


def _profile(model: FusedModel, view: ClosedForm, client: int, edit: Edit) -> np.ndarray:
    """p_u from what is left, (products,)."""
    evidence = model.evidence
    profile = np.zeros(len(evidence.degree))
    products, weights = _kept(model, client, edit, view.constants.decay)
    profile[products] = weights
    fade = TIE_HALF / (TIE_HALF + evidence.counts[client])
    for v, weight in _tied(model, client, edit):
        profile[evidence.x[[v]].indices] += view.constants.tie_share * fade * weight
    return profile


def _solved(model: FusedModel, view: ClosedForm, client: int, product: int, edit: Edit) -> float:
    """Views B and C from the column of G: solved weights stay, links of left-out clients go.

    s = d_i^e / (L_i P_ii) p_u P G_:i + d_i^e p_ui (1 - 1 / (L_i P_ii)); by duality p_ui drops out.
    """
    evidence = model.evidence
    own = Edit(edit.interactions - {product}, edit.ties, added=edit.added - {product})
    profile = _profile(model, view, client, own)
    solved = view.times_at(profile, product)  # (products,)
    f = view.text * view.factors
    column = f @ f[product]  # (products,) G_:i
    holders = evidence.by_product[[product]].indices
    holders = holders[~np.isin(holders, list(edit.clients))]
    column += evidence.x[holders].T @ view.row_weights[holders]
    pivot, lift = view.diagonal[product], view.lift[product]
    dual = lift / (view.ridge[product] * pivot)
    return float(dual * (solved @ column) + (lift - dual) * profile[product])
