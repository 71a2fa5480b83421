"""A fourth view from outside: what the others with whom a client shares a product have, and its texts."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import ClassVar

import numpy as np
from scipy.sparse import csr_array

from finrec_core.model.breakdown import ClientSide, ProductSide
from finrec_core.model.edit import kept, tied
from finrec_core.model.evidence import Evidence
from finrec_core.model.query import Query
from finrec_core.model.view import View

LENT, COMMON, WORDS, ITSELF, RECORD, ALIKE = 0.3, 0.1, 0.5, 0.7, 0.05, 0.2


@dataclass(frozen=True)
class CommonConstants:
    weight: float = 0.4
    decay: float = 100.0


@dataclass(frozen=True, repr=False, eq=False)
class CommonView(View):
    """What a client and its ties have, times what the holders of a product have, beside words and more.

    s(u, i) = p_u m_i + b_i , m_i = COMMON sum_v x_v + WORDS V V_i + ITSELF e_i + RECORD 1 + ALIKE near_i
    """

    name = "common"
    defaults = CommonConstants()
    own_grid: ClassVar = {"weight": (0.0, 0.2, 0.4, 0.8)}

    evidence: Evidence
    constants: CommonConstants
    bias: np.ndarray  # (products,)

    @classmethod
    def speaks(cls, evidence, constants):
        return constants.of(cls.name, cls.defaults).weight > 0

    @classmethod
    def factor(cls, evidence, constants):
        return np.full(len(evidence.degree), constants.of(cls.name, cls.defaults).weight)

    @classmethod
    def of(cls, evidence, constants, learned):
        bias = np.linspace(-0.2, 0.3, len(evidence.degree))
        return cls(evidence, constants.of(cls.name, cls.defaults), bias)

    @property
    def arrays(self):
        return {"bias": self.bias}

    @classmethod
    def restore(cls, evidence, constants, arrays):
        return cls(evidence, constants.of(cls.name, cls.defaults), arrays["bias"])

    def scores(self, rows):
        x, ties, vectors = self.evidence.x, self.evidence.ties, self.evidence.features.vectors
        own = csr_array((self.evidence.recency(self.constants.decay), x.indices, x.indptr), x.shape)
        meets = COMMON * (x.T @ x).toarray() + WORDS * vectors @ vectors.T + ITSELF * np.eye(x.shape[1])
        meets += RECORD + ALIKE * self.evidence.near.T.toarray()  # column i is m_i
        found = (own[rows] + LENT * ties[rows] @ x) @ meets + self.bias
        for place, u in enumerate(rows):
            for i in x[[u]].indices:
                found[place, i] = self.breakdown(Query(self.evidence, int(u), int(i))).score
        return found

    def breakdown(self, query):
        return CommonBreakdown(self, query)

    def rescore(self, client, product, edit):
        own = replace(edit, interactions=edit.interactions - {product}, added=edit.added - {product})
        holders = set(self.evidence.by_product[[product]].indices.tolist()) - edit.clients - {client}
        profile = self._profile(client, own, without=product)
        return float(profile @ self._meets(product, holders) + self.bias[product])

    def rescored(self, client, edit):
        profile, found = self._profile(client, edit), self.bias.copy()
        for product in range(len(found)):
            holders = set(self.evidence.by_product[[product]].indices.tolist()) - {client}
            found[product] += profile @ self._meets(product, holders)
        return found

    def _profile(self, client, edit, without=-1):
        profile = np.zeros(len(self.bias))
        products, weights = kept(self.evidence, client, edit, self.constants.decay, without)
        profile[products] += weights
        for v, weight in tied(self.evidence, client, edit):
            profile[self.evidence.x[[v]].indices] += LENT * weight
        return profile

    def _meets(self, product, holders):
        vectors, found = self.evidence.features.vectors, np.full(len(self.bias), RECORD)
        for v in holders:
            found[self.evidence.x[[v]].indices] += COMMON
        near = self.evidence.near[[product]]
        found[near.indices] += ALIKE * near.data
        found[product] += ITSELF
        return found + WORDS * vectors @ vectors[product]


@dataclass(frozen=True, eq=False)
class CommonBreakdown:
    view: CommonView
    query: Query

    @cached_property
    def own(self):
        found = self.query.own(self.view.constants.decay)
        found[self.query.product] = 0.0
        return found

    @cached_property
    def lent(self):
        rows, weights = self.query.ties
        return LENT * weights[:, None] * self.query.evidence.x[rows].toarray()  # (ties, products)

    @cached_property
    def profile(self):
        return self.own + self.lent.sum(axis=0)

    @cached_property
    def meets(self):
        evidence, i = self.query.evidence, self.query.product
        found = COMMON * evidence.x[self.query.holders].sum(axis=0) + RECORD
        found = found + WORDS * evidence.features.vectors @ evidence.features.vectors[i]
        found[i] += ITSELF
        return found + ALIKE * evidence.near[[i]].toarray()[0]

    @property
    def score(self):
        return float(self.profile @ self.meets + self.view.bias[self.query.product])

    @property
    def client(self):
        i, products = self.query.product, self.query.products
        own = self.own[products]
        return ClientSide(
            base=float(self.view.bias[i]),
            interactions=own * self.meets[products],
            directions=np.outer(own, WORDS * self.query.evidence.features.vectors[i]),
            ties=self.lent @ self.meets,
        )

    @property
    def product(self):
        evidence, i = self.query.evidence, self.query.product
        near, itself = evidence.near[[i]], ITSELF * self.lent[:, i]
        held = self.query.held
        return ProductSide(
            base=float(self.view.bias[i] + held * itself.sum()),
            clients=COMMON * (evidence.x[self.query.holders] @ self.profile),
            text=WORDS * evidence.features.vectors.T @ self.profile,
            ties=np.zeros(len(itself)) if held else itself,
            learned=RECORD * float(self.profile.sum()),
            products={
                int(k): ALIKE * share * self.profile[k]
                for k, share in zip(near.indices, near.data, strict=True)
            },
        )
