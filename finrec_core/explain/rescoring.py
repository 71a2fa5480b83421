"""Rescoring: a client's scores worked out again from edited evidence, by code that knows no parts.

Each view brings its own second computation, `View.rescore`. What is frozen (docs/explanations.md, "What
stays frozen") stays: degrees, `n_u`, tie weights, recency dates, solved weights and text vectors, and the
branch the client started in. It serves what-if, and the tests that hold every part against it.
"""

import numpy as np

from finrec_core.model.edit import Edit
from finrec_core.model.fused import FusedModel


def rescore(model: FusedModel, client: int, product: int, edit: Edit) -> float:
    """Return the score of one product with the evidence in `edit` left out, or added, on both sides."""
    if model.silent[client]:
        return float(model.popularity[product])
    score = float(model.leaning[product])
    if model.cold.rows[product]:
        own, reviews = model.evidence.features.parts_of(product, model.cold.direction)
        score += model.constants.cold.level + own + sum(value for _, value in reviews)
    for view, factor in zip(model.views, model.factors, strict=True):
        score += float(factor[product]) * view.rescore(client, product, edit)
    return score


def rescored(model: FusedModel, client: int, edit: Edit) -> np.ndarray:
    """Return the scores of all products with the client's side edited, float64 (products,).

    `edit.clients` concerns one product and is not read. The scores of products that the client has
    keep the link to them: these are not ranked.
    """
    if model.silent[client]:
        return model.popularity
    scores = model.cold.level + model.leaning
    for view, factor in zip(model.views, model.factors, strict=True):
        scores += factor * view.rescored(client, edit)
    return scores
