"""The pair: one client and one product before the model, with the numbers that both lenses read off it."""

from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array

from finrec_core.explain.edit import Edit
from finrec_core.model.closed_form import ClosedForm, tie_fade
from finrec_core.model.evidence import Evidence
from finrec_core.model.fused import FusedModel
from finrec_core.model.network_view import NetworkView


@dataclass(frozen=True, repr=False, eq=False)
class SolvedPair:
    """A closed-form view (B or C) seen from a pair; everything carries the view's factor in the sum.

    `profile` (products,) is p_u with its entry at the product, `own` the part of it that is the
    client's own; `holders` are the client rows whose links to the product count.
    """

    view: ClosedForm
    evidence: Evidence
    factor: float
    product: int
    profile: np.ndarray
    own: np.ndarray
    holders: np.ndarray
    all_there: bool

    @cached_property
    def row(self) -> np.ndarray:
        """p_u P as the product sees it, (products,)."""
        return self.view.times_at(self.profile, self.product)

    @cached_property
    def column(self) -> np.ndarray:
        """P_:i, (products,)."""
        return self.view.column(self.product)

    @property
    def pivot(self) -> float:
        """P_ii."""
        return float(self.view.diagonal[self.product])

    @property
    def scale(self) -> float:
        """The factor times d_i^e."""
        return self.factor * float(self.view.lift[self.product])

    @cached_property
    def weights(self) -> np.ndarray:
        """What one unit of each product in the profile adds to the score, (products,).

        With every link in place this is -P_ji / P_ii, zero at i; with clients left out of column i
        of G the same by duality.
        """
        if self.all_there:
            weights = self.column * (-self.scale / self.pivot)
            weights[self.product] = 0.0
            return weights
        text = self.view.text * self.view.factors
        gram = text @ text[self.product]  # (products,) column i of G
        rows = self.evidence.x[self.holders]
        gram = gram + rows.T @ self.view.row_weights[self.holders]
        weights = self.dual * self.view.times_at(gram, self.product)
        weights[self.product] += self.self_weight
        return weights

    @property
    def dual(self) -> float:
        """d_i^e / (L_i P_ii): what stands before the product lens's sums (design 5)."""
        return self.scale / (float(self.view.ridge[self.product]) * self.pivot)

    @property
    def self_weight(self) -> float:
        """d_i^e (1 - 1 / (L_i P_ii)): what p_ui itself adds in the product lens (design 5)."""
        return self.scale - self.dual

    def source_direction(self, source: int) -> np.ndarray:
        """What one unit of product `source` in the profile adds per unit of its text features, (k,).

        By the symmetry of P, -P_ji L_j = G_j P_:i, and the text's share of that is F_j F'P_:i.
        """
        if not self.column[source]:  # the product is not solved over this source
            return np.zeros(len(self.view.factors))
        reach = self.scale / (self.pivot * float(self.view.ridge[source]))
        return self.view.factors**2 * (self.view.text.T @ self.column) * reach

    def target_direction(self) -> np.ndarray:
        """What the product's own text features add to the score per unit, (k,)."""
        return self.view.factors**2 * (self.view.text.T @ self.row) * self.dual


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
    def held(self) -> bool:
        """Whether the client has the product as a positive interaction."""
        return self.product in self.model.evidence.x[[self.client]].indices

    @cached_property
    def places(self) -> np.ndarray:
        """The edges of the client that count: not the product's own, none left out, (n,)."""
        x = self.model.evidence.x
        places = np.arange(x.indptr[self.client], x.indptr[self.client + 1])
        gone = [*self.edit.interactions, self.product]
        return places[~np.isin(x.indices[places], gone)]

    @cached_property
    def added(self) -> np.ndarray:
        """Product rows that count as if the client had them too, not the product's own, (added,)."""
        return np.array(sorted(self.edit.added - {self.product}), dtype=np.int64)

    @cached_property
    def products(self) -> np.ndarray:
        """Product rows of those edges, then the added ones, (n,)."""
        return np.append(self.model.evidence.x.indices[self.places], self.added)

    @cached_property
    def carried(self) -> np.ndarray:
        """n_u^-1/2 w_uj of each of these products in the network, (n,); an added one is as new as can be."""
        if self.network is None:
            return np.zeros(len(self.products))
        fresh = max(1.0, self.model.evidence.counts[self.client]) ** -0.5
        return np.append(self.network.has.data[self.places], np.full(len(self.added), fresh))

    @cached_property
    def ties(self) -> tuple[np.ndarray, np.ndarray]:
        """Client rows tied to the client that count, and their row-normalised weights, (ties,) each."""
        row = self.model.evidence.ties[[self.client]]
        kept = ~np.isin(row.indices, list(self.edit.ties))
        return row.indices[kept], row.data[kept]

    @cached_property
    def holders(self) -> np.ndarray:
        """Client rows whose link to the product counts, without the client itself, (holders,)."""
        rows = self.model.evidence.by_product[[self.product]].indices
        return rows[~np.isin(rows, [*self.edit.clients, self.client])]

    @property
    def network(self) -> NetworkView | None:
        """View A, None where it is switched off."""
        return self.model.network

    @property
    def cold(self) -> bool:
        """Whether the product is one that nobody has, scored by its words."""
        return bool(self.model.cold.rows[self.product])

    @property
    def level(self) -> float:
        """What a product that nobody has starts from, zero for all others."""
        return float(self.model.cold.level[self.product] + self.model.leaning[self.product])

    @property
    def network_factor(self) -> float:
        """What view A's score is multiplied with in the sum."""
        return float(self.model.factors[0][self.product])

    @cached_property
    def h(self) -> np.ndarray:
        """What reaches the client in the network, the product's own message left out, (D,)."""
        if self.network is None:
            return np.zeros(0)
        h = self.carried @ self.network.messages[self.products]
        rows, weights = self.ties
        if len(rows):
            fade = self.network.fade[self.client]
            sent = (weights @ self.network.has[rows]) @ self.network.messages
            h = h + self.network.beta * fade * sent
        return h

    @cached_property
    def target(self) -> np.ndarray:
        """The product's target vector in the network from the links that count, (D,)."""
        network = self.network
        if network is None:
            return np.zeros(0)
        gone = [*self.edit.clients, *([self.client] if self.held else [])]
        links = network.adjacency[gone][:, [self.product]].toarray()[:, 0] if gone else np.zeros(0)
        return network.targets[self.product] - links @ network.echo[gone]

    @cached_property
    def solved(self) -> tuple[SolvedPair, ...]:
        """The closed-form views that are switched on, B before C, with the client's profile in each."""
        model, evidence = self.model, self.model.evidence
        factors = (model.factors[1], model.factors[2])
        holders = np.append(self.holders, self.client) if self.held else self.holders
        found = []
        for view, factor in zip((model.closed_form, model.tail), factors, strict=True):
            if view is None:
                continue
            recency = evidence.recency(view.constants.decay)
            own = np.zeros(len(view.ridge))
            places = self.places
            if self.held:
                start = evidence.x.indptr[self.client]
                mine = evidence.x[[self.client]].indices
                places = np.append(places, start + np.flatnonzero(mine == self.product))
            own[evidence.x.indices[places]] = recency[places]
            own[self.added] = 1.0
            rows, weights = self.ties
            fade = view.constants.tie_share * float(tie_fade(evidence.counts[self.client]))
            profile = own + fade * (weights @ evidence.x[rows]) if len(rows) else own
            found.append(
                SolvedPair(
                    view,
                    evidence,
                    float(factor[self.product]),
                    self.product,
                    profile,
                    own,
                    holders,
                    not self.edit.clients,
                )
            )
        return tuple(found)

    def score(self) -> float:
        """Return the score of the pair from the model's own arithmetic, float64."""
        if self.model.silent[self.client]:
            return float(self.model.popularity[self.product])
        score = self.level
        if self.network:
            score += self.network_factor * float(self.h @ self.target + self.network.bias[self.product])
        return score + sum(float(solved.profile @ solved.weights) for solved in self.solved)

    def scores(self) -> np.ndarray:
        """Return the client's scores of all products with its own evidence edited, (products,).

        `edit.clients` concerns the product alone and is not read; for products the client has, the
        link to them is not left out, for these are not ranked.
        """
        model = self.model
        if model.silent[self.client]:
            return model.popularity
        scores = model.cold.level + model.leaning
        # No product has row -1, so nothing of the client's is left out for it.
        mine = Pair(model, self.client, -1, replace(self.edit, clients=frozenset()))
        if model.network:
            scores += model.factors[0] * (model.network.targets @ mine.h + model.network.bias)
        for solved, factor in zip(self.solved, self._solved_factors(), strict=True):
            scores += factor * solved.view.scores(csr_array(solved.profile[None, :]))[0]
        return scores

    def _solved_factors(self) -> list[np.ndarray]:
        views = (self.model.closed_form, self.model.tail)
        return [f for view, f in zip(views, self.model.factors[1:], strict=True) if view is not None]

    def __repr__(self) -> str:
        return f"Pair(client {self.client}, product {self.product}, {len(self.products)} products)"
