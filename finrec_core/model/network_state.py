"""The network as it serves: the trained seeds side by side, in float64, with every map written out.

The seeds' vectors stand beside each other and are averaged by their scale, so a sum over seeds is one
dot product and stays linear. `Network` trains; this module only reads what it learned.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array, diags_array

from finrec_core.model.closed_form import tie_fade
from finrec_core.model.constants import NetworkConstants
from finrec_core.model.evidence import Evidence
from finrec_core.model.text_map import product_z, ridge_inverse, z_factors

Parameters = Mapping[str, np.ndarray]


@dataclass(frozen=True, repr=False, eq=False)
class NetworkState:
    """The network's frozen state over one evidence; D is the width of all seeds together.

    `messages` (products, D) are d_j^-a m_j; `plain` (products, D) the scaled targets before the hop
    and `targets` (products, D) after it; `echo` (clients, D) is `A plain` times alpha, so that client
    v adds `adjacency_vi echo_v` to target i. `text_in` and `text_out` (k, D) carry z into messages
    and into `plain` (with the gate in `gates`, (products, D)); `ridge_out` (k, D) is a_r R^T.
    """

    evidence: Evidence
    constants: NetworkConstants
    messages: np.ndarray
    learned: np.ndarray  # (products, D) tau q'_i alone
    similar: np.ndarray  # (products, D) what product k gives each product that reads like it, undivided
    plain: np.ndarray
    targets: np.ndarray
    echo: np.ndarray
    text_in: np.ndarray
    text_out: np.ndarray
    ridge_out: np.ndarray
    gates: np.ndarray
    factors: np.ndarray  # (k,) what text features are multiplied with to give z
    beta: np.ndarray  # (D,)
    bias: np.ndarray  # (products,)

    @classmethod
    def of(
        cls, evidence: Evidence, constants: NetworkConstants, seeds: Sequence[Parameters]
    ) -> "NetworkState":
        """Write out the trained seeds over an evidence."""
        blocks = [_block(evidence, constants, seed, 1.0 / len(seeds)) for seed in seeds]
        joined = {name: np.concatenate([block[name] for block in blocks], axis=-1) for name in blocks[0]}
        bias = np.stack([seed["bias"] for seed in seeds]).mean(axis=0, dtype=np.float64)
        bias[evidence.cold] = 0.0
        factors = z_factors(evidence, constants.power)
        return cls(evidence=evidence, constants=constants, factors=factors, bias=bias, **joined)

    @cached_property
    def has(self) -> csr_array:
        """w_uj n_u^-1/2 at every edge, in the places of x (clients, products)."""
        evidence = self.evidence
        per_client = np.maximum(1.0, evidence.counts) ** -0.5
        values = evidence.recency(self.constants.decay) * np.repeat(per_client, np.diff(evidence.x.indptr))
        return csr_array((values, evidence.x.indices, evidence.x.indptr), evidence.x.shape)

    @cached_property
    def adjacency(self) -> csr_array:
        """The normalised adjacency A, n_u^-1/2 d_i^-1/2 at every edge, (clients, products)."""
        return adjacency(self.evidence)

    @cached_property
    def fade(self) -> np.ndarray:
        """k2 / (k2 + n_u), (clients,)."""
        return tie_fade(self.evidence.counts, self.constants.tie_half)

    @cached_property
    def sources(self) -> csr_array:
        """What each client's ties carry: fade_u S has, (clients, products); times beta and messages."""
        return csr_array(diags_array(self.fade) @ (self.evidence.ties @ self.has))

    def clients(self, rows: np.ndarray) -> np.ndarray:
        """Return h of the given clients, (rows, D)."""
        own = self.has[rows] @ self.messages
        if not self.evidence.ties.nnz:
            return own
        return own + self.beta * (self.sources[rows] @ self.messages)

    def scores(self, rows: np.ndarray) -> np.ndarray:
        """Return the scores of the given clients for all products, float64 (rows, products).

        For a product the client has, the link between the two is left out on both sides.
        """
        h = self.clients(rows)
        scores = h @ self.targets.T + self.bias
        held = self.evidence.x[rows].tocoo()
        if held.nnz:
            u, i = held.coords
            without_h = h[u] - np.asarray(self.has[rows][u, i]).reshape(-1, 1) * self.messages[i]
            link = np.asarray(self.adjacency[rows][u, i]).reshape(-1, 1)
            without_g = self.targets[i] - link * self.echo[rows[u]]
            scores[u, i] = np.einsum("ed,ed->e", without_h, without_g) + self.bias[i]
        return scores

    def __repr__(self) -> str:
        return f"NetworkState({len(self.bias):,} products, {len(self.beta)} dimensions)"


def adjacency(evidence: Evidence) -> csr_array:
    """Return the interactions normalised by both degrees, (clients, products)."""
    left = diags_array(np.maximum(1.0, evidence.counts) ** -0.5)
    return csr_array(left @ evidence.x @ diags_array(evidence.holders**-0.5))


def _block(
    evidence: Evidence, constants: NetworkConstants, seed: Parameters, share: float
) -> dict[str, np.ndarray]:
    """Write out one seed, its targets scaled by tau and by its share of the average."""
    value = {name: np.asarray(array, dtype=np.float64) for name, array in seed.items()}
    unknown = evidence.cold[:, None]
    value |= {name: np.where(unknown, 0.0, value[name]) for name in ("q_in", "q_out")}
    scale = value["tau"] * share
    z = product_z(evidence, constants.power)  # (products, k)
    products, k = z.shape
    dim, text = value["q_in"].shape[1], value["w_in"].shape[1]
    none = np.zeros((k, dim))
    gate = constants.gate_half / (constants.gate_half + evidence.degree)  # (products,)
    learned = _beside(value["q_out"], np.zeros((products, text))) * scale
    text_in = _beside(none, value["w_in"])
    text_out = _beside(none, value["w_out"]) * (value["t"] * scale)
    ridge = _beside(ridge_inverse(z, evidence.degree).T @ value["q_out"], np.zeros((k, text)))
    ridge_out = ridge * (value["a_r"] * scale)
    similar = learned * value["a_s"]
    gates = np.concatenate([np.zeros((products, dim)), np.repeat(gate[:, None], text, axis=1)], axis=1)
    alike = evidence.passed("reads_like", evidence.near, similar)
    plain = learned + alike + z @ ridge_out + gates * (z @ text_out)
    normalised = adjacency(evidence)
    echo = value["alpha"] * evidence.passed("has", normalised, plain)  # (clients, D)
    sent = evidence.holders[:, None] ** -constants.degree_exponent * value["q_in"]
    return {
        "messages": _beside(sent, np.zeros((products, text))) + z @ text_in,
        "learned": learned,
        "similar": similar,
        "plain": plain,
        "targets": plain + evidence.passed("had_by", normalised, echo),
        "echo": echo,
        "text_in": text_in,
        "text_out": text_out,
        "ridge_out": ridge_out,
        "gates": gates,
        "beta": np.full(dim + text, value["beta"]),
    }


def _beside(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Return two blocks of columns side by side."""
    return np.concatenate([left, right], axis=1)
