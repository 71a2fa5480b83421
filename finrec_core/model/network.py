"""View A: the fused message-passing network (docs/model.md, View A: the network).

    h_u = n_u^-1/2 sum_j w_uj d_j^-a m_j  +  beta k2/(k2+n_u) sum_v S_uv h_v^own
    g_i = (q'_i + a_s mean_near q'_k + a_r R z_i) (+) t k1/(k1+d_i) W' z_i ;  g <- g + alpha A^T A g
    s   = tau <h_u, g_i> + b_i ,   m_j = q_j (+) W z_j ,   R = Q'^T D Z (Z^T D Z + rho I)^-1

Everything between evidence and score is linear; learning sits in q, q', b, W, W' and six scalars.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from finrec_core.model.constants import NetworkConstants
from finrec_core.model.evidence import Evidence
from finrec_core.model.features import SHRINK
from finrec_core.model.graph import Graph, spmm
from finrec_core.model.text_map import ridge_inverse


@dataclass(frozen=True, repr=False, eq=False)
class Step:
    """What one pass sees: the edge values and texts left after masking; all float32 tensors."""

    has: torch.Tensor  # (edges,) w_uj n_u^-1/2, zero where masked
    adjacency: torch.Tensor  # (edges,) n_u^-1/2 d_i^-1/2, zero where masked
    fade: torch.Tensor  # (clients, 1) k2 / (k2 + n_u)
    z: torch.Tensor  # (products, k)


class NetworkInputs:
    """The frozen tensors of one training: graph, degrees, text features, on one device."""

    def __init__(self, evidence: Evidence, constants: NetworkConstants, device: torch.device) -> None:
        self.constants = constants
        self.graph: Graph = evidence.graph.to(device)
        self.row = self.graph.has.row  # (edges,)
        self.col = self.graph.has.col  # (edges,)

        def as_tensor(values: np.ndarray) -> torch.Tensor:
            return torch.as_tensor(values, dtype=torch.float32, device=device)

        self.recency = as_tensor(evidence.recency(constants.decay))  # (edges,)
        self.tied = as_tensor(evidence.tie_values)  # (ties,)
        self.near = as_tensor(evidence.near_values)  # (near,)
        self.holders = as_tensor(evidence.holders)  # (products,) floored at 1
        self.cold = torch.as_tensor(evidence.cold, device=device)  # (products,) never asked nor offered
        self.sent = self.holders[:, None] ** -constants.degree_exponent  # (products, 1)
        self.gate = constants.gate_half / (constants.gate_half + as_tensor(evidence.degree)[:, None])
        features = evidence.features
        self.own = as_tensor(features.own * features.own_power(constants.power)) / 2**0.5  # (products, k1)
        self.review_factors = as_tensor(features.review_power(constants.power)) / 2**0.5  # (k2,)
        self.reviews = as_tensor(features.reviews)  # (reviews, k2)
        self.mentions = evidence.mentions.to(device)  # products x reviews
        self.review_edge = torch.as_tensor(evidence.review_edge, device=device)  # (reviews,) -1: no edge
        self.everything = self.step(torch.ones_like(self.recency))
        inverse = ridge_inverse(self.everything.z.cpu().double().numpy(), evidence.degree)
        self.ridge_inverse = as_tensor(inverse)  # (products, k)

    def step(self, kept: torch.Tensor) -> Step:
        """Return what is visible when only the edges with `kept` = 1 are in the graph, with their reviews."""
        clients, products = self.graph.has.rows, self.graph.has.cols
        n = torch.zeros(clients, device=kept.device).index_add_(0, self.row, kept)  # (clients,)
        d = torch.zeros(products, device=kept.device).index_add_(0, self.col, kept)  # (products,)
        per_client = n.clamp(min=1)[self.row] ** -0.5
        adjacency = kept * per_client * d.clamp(min=1)[self.col] ** -0.5
        half = self.constants.tie_half
        return Step(
            has=kept * self.recency * per_client,
            adjacency=adjacency,
            fade=(half / (half + n))[:, None],
            z=self._texts(kept),
        )

    def _texts(self, kept: torch.Tensor) -> torch.Tensor:
        """Return z of the visible texts, (products, k): own words beside the shrunk mean of reviews."""
        if not self.reviews.numel():
            return self.own
        seen = torch.cat([kept, kept.new_ones(1)])[self.review_edge]  # (reviews,) -1 reads the last
        mentions = self.mentions
        count = torch.zeros(mentions.rows, device=kept.device).index_add_(0, mentions.row, seen[mentions.col])
        shares = seen[mentions.col] / (count + SHRINK)[mentions.row]
        means = spmm(mentions, shares, self.reviews)  # (products, k2)
        return torch.cat([self.own, means * self.review_factors], dim=1)


class Network(nn.Module):
    """The learned part of view A for one seed; `forward` gives all clients' and products' vectors."""

    def __init__(self, inputs: NetworkInputs, start: torch.Tensor) -> None:
        super().__init__()
        products, k = inputs.everything.z.shape
        constants = inputs.constants
        self.q_in = nn.Parameter(start.clone())  # (products, dim)
        self.q_out = nn.Parameter(start.clone())  # (products, dim)
        self.bias = nn.Parameter(torch.zeros(products, device=start.device))
        self.w_in = nn.Parameter(torch.zeros(k, constants.text_dim, device=start.device))
        self.w_out = nn.Parameter(torch.zeros(k, constants.text_dim, device=start.device))
        scalars = {"a_s": 0.3, "a_r": 0.3, "t": 0.3, "alpha": 0.5, "beta": 0.5, "tau": 1.0}
        self.scalars = nn.ParameterDict(
            {name: nn.Parameter(torch.tensor(value, device=start.device)) for name, value in scalars.items()}
        )
        self.text_block = False

    def start_text_block(self, inputs: NetworkInputs) -> None:
        """Open the text block where texts alone already predict what stage 1 learned (the ridge start).

        The ridge maps of q and q' from text give a product-product matrix Z B Z^T; its leading
        singular directions, in the metric of Z, are where W and W' begin.
        """
        self.text_block = True
        z, inverse = inputs.everything.z.double(), inputs.ridge_inverse.double()
        with torch.no_grad():
            left = inverse.T @ (inputs.sent * self.q_in).double()  # (k, dim)
            right = inverse.T @ self.q_out.double()  # (k, dim)
            roots = torch.linalg.qr(z, mode="r").R  # (k', k)
            u, s, v = torch.linalg.svd((roots @ left) @ (roots @ right).T)
            rank = min(self.w_in.shape[1], len(s))
            back = torch.linalg.pinv(roots)  # (k, k')
            size = s[:rank].sqrt()
            self.w_in[:, :rank] = (back @ u[:, :rank] * size).float()
            self.w_out[:, :rank] = (back @ v[:rank].T * size).float()

    def messages(self, inputs: NetworkInputs, step: Step) -> torch.Tensor:
        """Return d_j^-a q_j beside W z_j for every product, (products, dim [+ text_dim])."""
        m = inputs.sent * self.q_in
        return torch.cat([m, step.z @ self.w_in], dim=1) if self.text_block else m

    def targets(self, inputs: NetworkInputs, step: Step) -> torch.Tensor:
        """Return g_i before the hop for every product, (products, dim [+ text_dim])."""
        scalar, z = self.scalars, step.z
        g: torch.Tensor = self.q_out
        if inputs.near.numel():
            g = g + scalar["a_s"] * inputs.graph.gather("reads_like", inputs.near, self.q_out)
        if z.shape[1]:
            g = g + scalar["a_r"] * (z @ (inputs.ridge_inverse.T @ self.q_out))
        if self.text_block:
            g = torch.cat([g, scalar["t"] * inputs.gate * (z @ self.w_out)], dim=1)
        return g

    def forward(
        self, inputs: NetworkInputs, step: Step, clients: torch.Tensor | None = None
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Return h (clients, dim) and tau g (products, dim) after all messages have passed.

        With `clients`, distinct rows, only theirs: what does not reach them is not worked out. The
        hop behind g goes over the whole graph, which costs less than the softmax of a batch.
        """
        graph, scalar = inputs.graph, self.scalars
        messages = self.messages(inputs, step)
        if clients is None or len(clients) == graph.has.rows:
            h = self._clients(inputs, step, messages)
            h = h if clients is None else h[clients]
        else:
            h = self._some_clients(inputs, step, messages, clients)
        g = self.targets(inputs, step)
        echo = graph.gather("had_by", step.adjacency, graph.gather("has", step.adjacency, g))
        return h, scalar["tau"] * (g + scalar["alpha"] * echo)

    def _clients(self, inputs: NetworkInputs, step: Step, messages: torch.Tensor) -> torch.Tensor:
        own = inputs.graph.gather("has", step.has, messages)  # (clients, dim)
        if not inputs.tied.numel():
            return own
        return own + self.scalars["beta"] * step.fade * inputs.graph.gather("tied", inputs.tied, own)

    def _some_clients(
        self, inputs: NetworkInputs, step: Step, messages: torch.Tensor, clients: torch.Tensor
    ) -> torch.Tensor:
        """Return h of some clients from their own edges and those of whom they are tied to."""
        tied, ends = inputs.graph.part("tied", clients)
        others, place = torch.unique(tied.col, return_inverse=True)
        has, edges = inputs.graph.part("has", torch.cat([clients, others]))
        own = spmm(has, step.has[edges], messages)  # (clients + others, dim)
        own, sent = own[: len(clients)], own[len(clients) :]
        if not len(others):
            return own
        # Few messages, from the others alone: added up without a relation, whatever multiplies elsewhere.
        carried = inputs.tied[ends][:, None] * sent[place]  # (ends, dim)
        reached = torch.zeros_like(own).index_add(0, tied.row, carried)
        return own + self.scalars["beta"] * step.fade[clients] * reached
