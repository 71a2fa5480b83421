"""LightGCN (He et al. 2020): free embeddings, smoothed over the client-product graph, in plain torch."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import torch
from scipy.sparse import csr_array

from finrec_core.dataset import Dataset
from finrec_core.evaluation.arm import Task
from finrec_core.evaluation.descent import CELLS, checks, descend, descend_while_better, softmax_gradient
from finrec_core.evaluation.scorer import DotProducts
from finrec_core.model.coordinate_search import coordinate_search
from finrec_core.model.graph import Relation, spmm
from finrec_core.terms.progress import Progress, part, silent
from finrec_core.text.table import TextTable

SEARCHES: tuple[tuple[dict[str, Sequence[Any]], dict[str, Any]], ...] = (
    (
        {
            "weight_decay": (1e-4, 1e-3, 1e-2, 3e-2, 1e-1, 3e-1),
            "layers": (1, 2, 3, 4),
            "dim": (16, 32, 64, 128),
            "rate": (0.005, 0.01, 0.02, 0.05, 0.1),
        },
        {"loss": "softmax", "weight_decay": 3e-2, "layers": 2, "dim": 64, "rate": 0.1},
    ),
    (
        {"weight_decay": (1e-4, 3e-4, 1e-3, 3e-3, 1e-2), "layers": (2, 3), "rate": (0.005, 0.02, 0.05)},
        {"loss": "bpr", "weight_decay": 3e-3, "layers": 2, "dim": 64, "rate": 0.05},
    ),
)  # the two losses want weight decays an order of magnitude apart
STEPS = 60  # where there are no validation rows to stop by
SPREAD = 0.1  # standard deviation of the start, as published


class LightGcn:
    """E = mean over layers of A^l E_0, A the symmetrically normalised graph; score = dot product.

    Loss: BPR with one uniform negative for each edge, or softmax over the catalogue; both with the
    published L2 penalty on the E_0 of the pairs in the batch. A step takes all clients, or a random
    batch of them where clients x products is large.
    """

    name = "lightgcn"
    seeded = True
    reads_text = False

    def choose(self, task: Task, progress: Progress = silent) -> dict[str, Any]:
        """Choose loss, weight decay, layers, dimension and rate; each try stops early."""
        held = task.training[0].matrix()
        tried: list[tuple[float, dict[str, Any]]] = []

        def value(constants: dict[str, Any]) -> float:
            training = _Training(held, constants, task.seed)
            steps, figure = descend_while_better(
                training.embeddings,
                training.step,
                rate=constants["rate"],
                check=lambda: task.validation.ndcg(training.scorer()),
                every=checks(*held.shape),
            )
            tried.append((figure, {**constants, "steps": steps}))
            return figure

        if not len(task.validation.rows):
            return {**SEARCHES[0][1], "steps": STEPS}
        dear = checks(*held.shape) > 1  # BPR takes many steps, so there only its weight decay is tuned
        for place, (grids, start) in enumerate(SEARCHES):
            tuned = {"weight_decay"} if dear and start["loss"] == "bpr" else set(grids)
            walked = {name: grid for name, grid in grids.items() if name in tuned}
            share = part(progress, place / len(SEARCHES), (place + 1) / len(SEARCHES))
            coordinate_search(walked, start, value, sweeps=1, progress=share)
        return max(tried, key=lambda one: -1.0 if math.isnan(one[0]) else one[0])[1]

    def fit(
        self,
        dataset: Dataset,
        texts: TextTable | None,
        constants: Mapping[str, Any],
        seed: int,
        progress: Progress = silent,
    ) -> DotProducts:
        """Train for the chosen number of steps."""
        training = _Training(dataset.matrix(), constants, seed)
        descend(
            training.embeddings,
            training.step,
            rate=constants["rate"],
            steps=constants["steps"],
            progress=progress,
        )
        return training.scorer()


class _Training:
    """One training: the graph, the embeddings and the steps that move them."""

    def __init__(self, held: csr_array, constants: Mapping[str, Any], seed: int) -> None:
        self.constants = constants
        self.random = torch.Generator().manual_seed(seed)
        self.relation = Relation.of(held)
        self.back = self.relation.transposed
        self.rows, self.columns = self.relation.row, self.relation.col  # (edges,)
        counts = torch.bincount(self.rows, minlength=held.shape[0]).clamp(min=1).float()
        holders = torch.bincount(self.columns, minlength=held.shape[1]).clamp(min=1).float()
        self.values = (counts[self.rows] * holders[self.columns]) ** -0.5
        start = SPREAD * torch.randn(sum(held.shape), constants["dim"], generator=self.random)
        self.embeddings = [part.clone().requires_grad_() for part in start.split(held.shape)]

    def vectors(self) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the smoothed vectors of clients and products, (clients, dim) and (products, dim)."""
        clients, products = self.embeddings
        total = [clients, products]
        for _ in range(self.constants["layers"]):
            clients, products = (
                spmm(self.relation, self.values, products),
                spmm(self.back, self.values, clients),
            )
            total = [total[0] + clients, total[1] + products]
        return total[0] / (1 + self.constants["layers"]), total[1] / (1 + self.constants["layers"])

    def step(self) -> None:
        """Leave the gradient of the loss over one batch in the embeddings."""
        clients, products = self.vectors()
        rows, columns = self._batch(len(clients), len(products))
        if self.constants["loss"] == "bpr":
            others = torch.randint(len(products), (len(rows),), generator=self.random)
            gap = (clients[rows] * (products[columns] - products[others])).sum(dim=1)
            loss = torch.nn.functional.softplus(-gap).mean()
            (loss + self._penalty(rows, torch.cat([columns, others]))).backward()
            return
        present, place = torch.unique(rows, return_inverse=True)
        batch = clients[present]
        pulls = softmax_gradient(batch, products, (place, columns))
        penalty = self._penalty(rows, columns)
        torch.autograd.backward([batch, products, penalty], [*pulls, torch.ones(())])

    def _batch(self, clients: int, products: int) -> tuple[torch.Tensor, torch.Tensor]:
        most = max(1, CELLS // products)
        if most >= clients:
            return self.rows, self.columns
        drawn = torch.zeros(clients, dtype=torch.bool)
        drawn[torch.randperm(clients, generator=self.random)[:most]] = True
        inside = drawn[self.rows]
        return self.rows[inside], self.columns[inside]

    def _penalty(self, rows: torch.Tensor, columns: torch.Tensor) -> torch.Tensor:
        """Return weight decay / 2 times the mean squared length of the batch's start embeddings."""
        clients, products = self.embeddings
        by_client = torch.bincount(rows, minlength=len(clients)).float() / len(rows)
        by_product = torch.bincount(columns, minlength=len(products)).float() / len(rows)
        lengths = by_client @ clients.square().sum(dim=1) + by_product @ products.square().sum(dim=1)
        return 0.5 * self.constants["weight_decay"] * lengths

    def scorer(self) -> DotProducts:
        """Return the vectors as they are now."""
        with torch.no_grad():
            clients, products = self.vectors()
        return DotProducts(clients.numpy(), products.numpy())
