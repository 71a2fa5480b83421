"""View A: the network as a view, trained once and linear when it serves.

    s(u, i) = <h_u, g_i> + b_i ,   h_u = sum_j h_uj + sum_v h_uv ,   g_i = learned + near + texts + sum_v g_vi

g carries tau. The client lens splits h with g_i fixed, the product lens g_i with h_u fixed
(docs/model.md, "View A: the network"; docs/explanations.md).
"""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

import numpy as np

from finrec_core.dataset.progress import Progress, part
from finrec_core.model.breakdown import ClientSide, ProductSide, Totals
from finrec_core.model.constants import Constants
from finrec_core.model.edit import Edit, kept, tied
from finrec_core.model.evidence import Evidence
from finrec_core.model.network import NetworkInputs
from finrec_core.model.network_choice import choose_network
from finrec_core.model.network_state import NetworkState
from finrec_core.model.query import Query
from finrec_core.model.training import place, train
from finrec_core.model.validation import Search
from finrec_core.model.view import Arrays, Learned, Selection, View

SCALARS = ("a_s", "a_r", "t", "alpha", "beta", "tau")  # parameters stored as arrays of one


@dataclass(frozen=True, repr=False, eq=False)
class NetworkView(View):
    """The trained parameters of each seed, and their state written out over the evidence."""

    name = "network"
    trained = True
    effort = 0.6

    evidence: Evidence
    seeds: Learned
    state: NetworkState

    @classmethod
    def speaks(cls, evidence: Evidence, constants: Constants) -> bool:
        """Whether it is switched on."""
        return constants.switches.network

    @classmethod
    def factor(cls, evidence: Evidence, constants: Constants) -> np.ndarray:
        """1 - w, for every product."""
        return np.full(len(evidence.degree), 1.0 - constants.closed_share)

    @classmethod
    def choose(cls, search: Search, constants: Constants, progress: Progress) -> Selection:
        """Choose by trial trainings, then train all seeds with early stop."""
        network, trained = choose_network(search, constants, progress)
        learned = tuple(one.parameters for one in trained)
        return Selection(replace(constants, network=network), learned, trained[0].curve)

    @classmethod
    def learn(
        cls, evidence: Evidence, constants: Constants, *, seed: int, device: str, progress: Progress
    ) -> Learned:
        """Train all seeds for the steps that were chosen."""
        own, learned = constants.network, []
        inputs = NetworkInputs(evidence, own, place(device))
        for number in range(own.seeds):
            report = part(progress, *((number + k) / own.seeds for k in (0, 1)))
            trained = train(evidence, own, seed=seed + number, inputs=inputs, progress=report)
            learned.append(trained.parameters)
        return tuple(learned)

    @classmethod
    def of(cls, evidence: Evidence, constants: Constants, learned: Learned) -> Self:
        """Write the trained seeds out over an evidence."""
        return cls(evidence, learned, NetworkState.of(evidence, constants.network, learned))

    @property
    def learned(self) -> Learned:
        """The parameters of each seed."""
        return self.seeds

    @property
    def arrays(self) -> dict[str, np.ndarray]:
        """The same, as "<seed>.<name>"."""
        return {
            f"{number}.{name}": np.atleast_1d(value)
            for number, seed in enumerate(self.seeds)
            for name, value in seed.items()
        }

    @classmethod
    def restore(cls, evidence: Evidence, constants: Constants, arrays: Arrays) -> Self:
        """Read what `arrays` gave."""
        seeds: dict[int, dict[str, np.ndarray]] = {}
        for key, array in arrays.items():
            number, name = key.split(".", 1)
            seeds.setdefault(int(number), {})[name] = array[0] if name in SCALARS else array
        return cls.of(evidence, constants, tuple(seeds[number] for number in sorted(seeds)))

    def scores(self, rows: np.ndarray) -> np.ndarray:
        """Return the scores of client rows for all products, (rows, products)."""
        return self.state.scores(rows)

    def breakdown(self, query: Query) -> "NetworkBreakdown":
        """Return the score of a client and a product, and both lenses of it."""
        return NetworkBreakdown(self.state, query)

    def rescore(self, client: int, product: int, edit: Edit) -> float:
        """<h_u, g_i> + b_i from the clients and products that are left."""
        evidence, state = self.evidence, self.state
        n, d = np.maximum(1.0, evidence.counts), max(1.0, evidence.degree[product])
        holders = evidence.by_product[[product]].indices
        holders = holders[~np.isin(holders, [*edit.clients, client])]
        g = state.plain[product] + (n[holders] * d) ** -0.5 @ state.echo[holders]
        return float(self._reached(client, edit, without=product) @ g + state.bias[product])

    def rescored(self, client: int, edit: Edit) -> np.ndarray:
        """The same for all products, with g as it is, (products,)."""
        return self.state.targets @ self._reached(client, edit) + self.state.bias

    def _reached(self, client: int, edit: Edit, without: int = -1) -> np.ndarray:
        """h_u from its formula and what is left, (D,)."""
        evidence, state, constants = self.evidence, self.state, self.state.constants
        n, recency = np.maximum(1.0, evidence.counts), evidence.recency(constants.decay)
        products, weights = kept(evidence, client, edit, constants.decay, without)
        h = n[client] ** -0.5 * (weights @ state.messages[products])
        fade = constants.tie_half / (constants.tie_half + evidence.counts[client])
        for v, weight in tied(evidence, client, edit):
            place = slice(evidence.x.indptr[v], evidence.x.indptr[v + 1])
            sent = recency[place] @ state.messages[evidence.x.indices[place]] * n[v] ** -0.5
            h = h + state.beta * fade * weight * sent
        return h

    @property
    def in_bulk(self) -> bool:
        """Always."""
        return True

    def totals(self, clients: np.ndarray, products: np.ndarray) -> Totals:
        """Return both lenses of many scores, (cells,) each."""
        state, evidence, i = self.state, self.evidence, products
        rows, at = np.unique(clients, return_inverse=True)
        own = state.has[rows]
        told = own @ ((evidence.features.vectors * state.factors) @ state.text_in)  # (rows, D) through words
        lent = state.beta * (state.sources[rows] @ state.messages)  # (rows, D) by ties
        mine = own @ state.messages
        h = (mine + lent)[at]  # (cells, D)

        def met(reached: np.ndarray, targets: np.ndarray) -> np.ndarray:
            return np.einsum("cd,cd->c", reached, targets[i])

        carried = h @ state.ridge_out.T + (state.gates[i] * h) @ state.text_out.T  # (cells, k)
        return Totals(
            client_base=state.bias[i],
            interactions=met(mine[at], state.targets),
            words=met(told[at], state.targets),
            ties=met(lent[at], state.targets),
            product_base=state.bias[i],
            clients=met(h, state.adjacency.T @ state.echo),
            text=state.factors * carried,
            tied=np.zeros(len(i)),
            learned=met(h, state.learned),
            products=met(h, evidence.near @ state.similar),
        )

    def effects(self, query: Query, columns: np.ndarray) -> np.ndarray:
        """Return what each piece sends times the targets, (pieces, columns)."""
        found = self.breakdown(query)
        return np.concatenate([found.sent, found.lent]) @ self.state.targets[columns].T


@dataclass(frozen=True, repr=False, eq=False)
class NetworkBreakdown:
    """The score of one client and one product by the network, from either side."""

    state: NetworkState
    query: Query

    @cached_property
    def carried(self) -> np.ndarray:
        """n_u^-1/2 w_uj of each product of the client, (n,)."""
        count = max(1.0, self.query.evidence.counts[self.query.client])
        return self.query.recency(self.state.constants.decay) * count**-0.5

    @cached_property
    def sent(self) -> np.ndarray:
        """What each product sends to the client, (n, D)."""
        return self.carried[:, None] * self.state.messages[self.query.products]

    @cached_property
    def lent(self) -> np.ndarray:
        """What each tie sends to the client, (ties, D)."""
        state, (rows, weights) = self.state, self.query.ties
        faded = state.fade[self.query.client] * weights[:, None]
        return faded * (state.beta * (state.has[rows] @ state.messages))

    @cached_property
    def h(self) -> np.ndarray:
        """What reaches the client, the product's own message left out, (D,)."""
        return self.sent.sum(axis=0) + self.lent.sum(axis=0)

    @cached_property
    def target(self) -> np.ndarray:
        """g_i from the links that count, (D,)."""
        state, query = self.state, self.query
        gone = [*query.edit.clients, *([query.client] if query.held else [])]
        links = state.adjacency[gone][:, [query.product]].toarray()[:, 0] if gone else np.zeros(0)
        return state.targets[query.product] - links @ state.echo[gone]

    @cached_property
    def score(self) -> float:
        """<h_u, g_i> + b_i."""
        return float(self.h @ self.target + self.state.bias[self.query.product])

    @cached_property
    def client(self) -> ClientSide:
        """What each product and each tie sends, times g_i."""
        state = self.state
        return ClientSide(
            base=float(state.bias[self.query.product]),
            interactions=self.sent @ self.target,
            directions=np.outer(self.carried, state.factors * (state.text_in @ self.target)),
            ties=self.lent @ self.target,
        )

    @cached_property
    def product(self) -> ProductSide:
        """What reaches the product from each side, times h_u."""
        state, query, i = self.state, self.query, self.query.product
        links = state.adjacency[query.holders][:, [i]].toarray()[:, 0]
        near = query.evidence.near[[i]]
        similar = near.data * (state.similar[near.indices] @ self.h)
        return ProductSide(
            base=float(state.bias[i]),
            clients=links * (state.echo[query.holders] @ self.h),
            text=state.factors * ((state.ridge_out + state.gates[i] * state.text_out) @ self.h),
            ties=np.zeros(len(query.ties[0])),
            learned=None if query.evidence.cold[i] else float(self.h @ state.learned[i]),
            products=dict(zip(near.indices.tolist(), similar.tolist(), strict=True)),
        )
