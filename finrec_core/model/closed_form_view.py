"""Views B and C: the closed form as a view, solved on everything (B) or on text alone (C, the tail).

    s(u, i) = d_i^e sum_{j != i} p_uj (-P_ji / P_ii)
            = d_i^e / (L_i P_ii) [sum_v r_v (p_u P x_v') + (p_u P F) F_i'] + d_i^e (1 - 1 / (L_i P_ii)) p_ui

Above the client lens, below the product lens by duality, v over the holders of i (docs/explanations.md).
"""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import ClassVar, Self

import numpy as np
from scipy.sparse import csr_array, diags_array, vstack

from finrec_core.dataset.progress import Progress
from finrec_core.model.blocks import Blocks
from finrec_core.model.breakdown import ClientSide, ProductSide, Totals
from finrec_core.model.closed_form import TIE_HALF, ClosedForm, profiles, restore, solve, tie_fade
from finrec_core.model.closed_form_choice import choose_closed_form, choose_tail
from finrec_core.model.constants import Constants
from finrec_core.model.coordinate_search import Grid
from finrec_core.model.edit import Edit, kept, tied
from finrec_core.model.evidence import Evidence
from finrec_core.model.query import Query
from finrec_core.model.validation import Search
from finrec_core.model.view import Arrays, Learned, Selection, View

BLOCK = 1024  # pieces of evidence scored at once


@dataclass(frozen=True, repr=False, eq=False)
class ClosedFormView(View):
    """View B: weights solved on interactions and texts, applied to what each client brings."""

    name = "closed_form"
    effort = 0.25
    interactions: ClassVar[bool] = True  # whether clients are in the equations

    evidence: Evidence
    form: ClosedForm

    @classmethod
    def speaks(cls, evidence: Evidence, constants: Constants) -> bool:
        """Whether it is switched on."""
        return constants.switches.closed_form

    @classmethod
    def factor(cls, evidence: Evidence, constants: Constants) -> np.ndarray:
        """w; nothing for a product that nobody has."""
        return np.where(evidence.cold, 0.0, constants.closed_share)

    @classmethod
    def sum_grid(cls, constants: Constants) -> Grid:
        """w, where the network stands beside it."""
        share = {"share": (0.0, 0.05, 0.1, 0.2, 0.35, 0.5, 0.7, 1.0)}
        return share if constants.switches.network else {}

    @classmethod
    def choose(cls, search: Search, constants: Constants, progress: Progress) -> Selection:
        """Choose ridge, weights of the texts and the rest by the view's own NDCG."""
        return Selection(replace(constants, closed_form=choose_closed_form(search, progress)))

    @classmethod
    def of(cls, evidence: Evidence, constants: Constants, learned: Learned) -> Self:
        """Solve the view."""
        return cls(evidence, solve(evidence, getattr(constants, cls.name), interactions=cls.interactions))

    @property
    def arrays(self) -> dict[str, np.ndarray]:
        """P, in the form that it is kept in."""
        return self.form.inverse.arrays

    @classmethod
    def restore(cls, evidence: Evidence, constants: Constants, arrays: Arrays) -> Self:
        """Return the view whose P gave `arrays`."""
        own = getattr(constants, cls.name)
        return cls(evidence, restore(evidence, own, arrays, interactions=cls.interactions))

    @cached_property
    def profiles(self) -> csr_array:
        """p_u of every client, (clients, products)."""
        return profiles(self.evidence, self.form.constants)

    def scores(self, rows: np.ndarray) -> np.ndarray:
        """Return the scores of client rows for all products, (rows, products)."""
        return self.form.scores(self.profiles[rows])

    def breakdown(self, query: Query) -> "ClosedFormBreakdown":
        """Return the score of a client and a product, and both lenses of it."""
        return ClosedFormBreakdown(self.form, query)

    def rescore(self, client: int, product: int, edit: Edit) -> float:
        """The score from column i of G: solved weights stay, links of left-out clients go.

        s = d_i^e / (L_i P_ii) p_u P G_:i + d_i^e p_ui (1 - 1 / (L_i P_ii)); by duality p_ui drops out.
        """
        form, evidence = self.form, self.evidence
        own = Edit(edit.interactions - {product}, edit.ties, added=edit.added - {product})
        profile, f = self._profile(client, own), form.text * form.factors
        holders = evidence.by_product[[product]].indices
        holders = holders[~np.isin(holders, list(edit.clients))]
        column = f @ f[product] + evidence.x[holders].T @ form.row_weights[holders]  # G_:i, (products,)
        lift, pivot = form.lift[product], form.ridge[product] * form.diagonal[product]
        dual = lift / pivot
        return float(dual * (form.times_at(profile, product) @ column) + (lift - dual) * profile[product])

    def rescored(self, client: int, edit: Edit) -> np.ndarray:
        """The scores of the profile that an edit leaves, (products,)."""
        return self.form.scores(csr_array(self._profile(client, edit)[None, :]))[0]

    def _profile(self, client: int, edit: Edit) -> np.ndarray:
        """p_u from what is left, (products,)."""
        evidence, constants = self.evidence, self.form.constants
        profile = np.zeros(len(evidence.degree))
        products, weights = kept(evidence, client, edit, constants.decay)
        profile[products] = weights
        fade = TIE_HALF / (TIE_HALF + evidence.counts[client])
        for v, weight in tied(evidence, client, edit):
            profile[evidence.x[[v]].indices] += constants.tie_share * fade * weight
        return profile

    @property
    def in_bulk(self) -> bool:
        """Whether one P serves all products."""
        return not isinstance(self.form.inverse, Blocks)

    def totals(self, clients: np.ndarray, products: np.ndarray) -> Totals:
        """Return both lenses of many scores; in blocks one by one, those of a block after one another."""
        form, evidence, x, i = self.form, self.evidence, self.evidence.x, products
        if isinstance(form.inverse, Blocks):
            order = np.lexsort((i, form.inverse.block_of[i]))
            return super().totals(clients[order], i[order]).take(np.argsort(order))
        rows, at = np.unique(clients, return_inverse=True)
        own = csr_array((evidence.recency(form.constants.decay), x.indices, x.indptr), x.shape)[rows]
        fade = form.constants.tie_share * tie_fade(evidence.counts[rows])
        lent = csr_array(diags_array(fade) @ (evidence.ties[rows] @ x))  # by ties, (rows, products)
        lift, dual = form.lift[i], form.lift[i] / (form.ridge[i] * form.diagonal[i])
        met = form.inverse.times(csr_array(own + lent))  # p_u P, (rows, products)
        sent = (own @ diags_array(1.0 / form.ridge) @ form.text) * form.factors**2  # (rows, k)
        told = form.inverse.times(csr_array(sent @ form.text.T))  # (rows, products)
        none = np.zeros(len(i))
        return Totals(
            client_base=none,
            interactions=form.scores(own)[at, i],
            words=lift / form.diagonal[i] * told[at, i],
            ties=form.scores(lent)[at, i],
            product_base=none,
            clients=dual * (((met @ x.T) * form.row_weights) @ x)[at, i],
            text=dual[:, None] * ((met @ form.text) * form.factors**2)[at],
            tied=(lift - dual) * np.asarray(lent[at, i]).ravel(),
            learned=none,
            products=none,
        )

    def effects(self, query: Query, columns: np.ndarray) -> np.ndarray:
        """Return the scores of a profile of each piece alone, (pieces, columns)."""
        x, own = self.evidence.x, query.recency(self.form.constants.decay)
        each = csr_array((own, (np.arange(len(own)), query.products)), (len(own), x.shape[1]))
        lent = csr_array(x[query.ties[0]] * self.breakdown(query).lent[:, None])
        alone = csr_array(vstack([each, lent]))
        blocks = (alone[low : low + BLOCK] for low in range(0, alone.shape[0], BLOCK))
        none = np.zeros((0, len(columns)))
        return np.concatenate([none, *(self.form.scores(block)[:, columns] for block in blocks)])


@dataclass(frozen=True, repr=False, eq=False)
class TailView(ClosedFormView):
    """View C: the closed form of texts alone, which speaks for products that few or none have."""

    name = "tail"
    effort = 0.05
    interactions = False

    @classmethod
    def speaks(cls, evidence: Evidence, constants: Constants) -> bool:
        """Whether it is on, weighs something, and there are texts."""
        told = evidence.features.own.size + evidence.features.reviews.size
        return bool(constants.switches.tail and told and (constants.gamma or evidence.cold.any()))

    @classmethod
    def factor(cls, evidence: Evidence, constants: Constants) -> np.ndarray:
        """Gamma kappa / (kappa + d_i); a constant of its own for a product that nobody has."""
        rare = constants.gamma * constants.kappa / (constants.kappa + evidence.degree)
        return np.where(evidence.cold, constants.cold.tail, rare)

    @classmethod
    def sum_grid(cls, constants: Constants) -> Grid:
        """Gamma and kappa."""
        return {"gamma": (0.0, 0.05, 0.1, 0.2, 0.4), "kappa": (10.0, 30.0, 100.0, 300.0)}

    @classmethod
    def choose(cls, search: Search, constants: Constants, progress: Progress) -> Selection:
        """Choose by the view's own NDCG, with the recency of view B."""
        return Selection(replace(constants, tail=choose_tail(search, constants.closed_form.decay, progress)))


@dataclass(frozen=True, repr=False, eq=False)
class ClosedFormBreakdown:
    """The score of one client and one product by solved weights, from either side."""

    form: ClosedForm
    query: Query

    @cached_property
    def own(self) -> np.ndarray:
        """What of p_u is the client's own, the entry at the product included, (products,)."""
        return self.query.own(self.form.constants.decay)

    @cached_property
    def lent(self) -> np.ndarray:
        """What each product of a tie adds to p_u, (ties,)."""
        fade = tie_fade(self.query.evidence.counts[self.query.client])
        return self.form.constants.tie_share * float(fade) * self.query.ties[1]

    @cached_property
    def profile(self) -> np.ndarray:
        """p_u with its entry at the product, (products,)."""
        return self.own + self.lent @ self.query.evidence.x[self.query.ties[0]]

    @cached_property
    def row(self) -> np.ndarray:
        """p_u P as the product sees it, (products,)."""
        return self.form.times_at(self.profile, self.query.product)

    @cached_property
    def column(self) -> np.ndarray:
        """P_:i, (products,)."""
        return self.form.column(self.query.product)

    @property
    def scale(self) -> float:
        """d_i^e / P_ii."""
        return float(self.form.lift[self.query.product] / self.form.diagonal[self.query.product])

    @property
    def dual(self) -> float:
        """d_i^e / (L_i P_ii): what stands before the product lens's sums."""
        return self.scale / float(self.form.ridge[self.query.product])

    @property
    def rest(self) -> float:
        """d_i^e (1 - 1 / (L_i P_ii)): what stands before p_ui there."""
        return float(self.form.lift[self.query.product]) - self.dual

    @cached_property
    def weights(self) -> np.ndarray:
        """What one unit of each product in the profile adds to the score, (products,).

        With every link in place this is -d_i^e P_ji / P_ii, zero at i; with clients left out of column
        i of G the same by duality.
        """
        form, query = self.form, self.query
        if not query.edit.clients:
            weights = self.column * -self.scale
            weights[query.product] = 0.0
            return weights
        holders = np.append(query.holders, query.client) if query.held else query.holders
        text = form.text * form.factors
        rows = query.evidence.x[holders].T @ form.row_weights[holders]
        column = text @ text[query.product] + rows  # G_:i, (products,)
        weights = self.dual * form.times_at(column, query.product)
        weights[query.product] += self.rest
        return weights

    @cached_property
    def score(self) -> float:
        """p_u times the weights."""
        return float(self.profile @ self.weights)

    @cached_property
    def client(self) -> ClientSide:
        """p_uj times the weight of j for an interaction, what it lends times their weights for a tie.

        By the symmetry of P, -P_ji L_j = G_j P_:i, and the text's share of that is F_j F'P_:i; a product j
        that i is not solved over says nothing.
        """
        form, query, products = self.form, self.query, self.query.products
        reach = np.where(self.column[products] != 0, self.scale / form.ridge[products], 0.0)
        told = form.factors**2 * (form.text.T @ self.column)  # (k,)
        return ClientSide(
            base=float(self.own[query.product] * self.weights[query.product]),
            interactions=self.own[products] * self.weights[products],
            directions=np.outer(self.own[products] * reach, told),
            ties=self.lent * (query.evidence.x[query.ties[0]] @ self.weights),
        )

    @cached_property
    def product(self) -> ProductSide:
        """r_v (p_u P x_v') for a holder, (p_u P F) F_i' for the texts, and what p_ui itself adds for ties.

        Where the client has the product, its own row and all of p_ui are in the base.
        """
        form, query = self.form, self.query
        rows = np.append(query.holders, query.client)
        shares = self.dual * form.row_weights[rows] * (query.evidence.x[rows] @ self.row)
        base = float(self.profile[query.product] * self.rest + shares[-1]) if query.held else 0.0
        ties = self.rest * self.lent * query.tie_holds * (not query.held)
        text = form.factors**2 * (form.text.T @ self.row) * self.dual
        return ProductSide(base=base, clients=shares[:-1], text=text, ties=ties)
