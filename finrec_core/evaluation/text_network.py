"""The text-only network: a learned linear map over the products' text vectors, no ids at all."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from scipy.sparse import csr_array

from finrec_core.dataset import Dataset
from finrec_core.dataset.progress import Progress, silent
from finrec_core.evaluation.arm import Task
from finrec_core.evaluation.descent import CELLS, checks, descend, descend_while_better, softmax_gradient
from finrec_core.evaluation.product_texts import ProductTexts
from finrec_core.evaluation.scorer import DotProducts
from finrec_core.evaluation.search import coordinate_search
from finrec_core.metrics import cell_rows
from finrec_core.text.table import TextTable

GRIDS = {
    "power": (0.25, 0.5, 0.75, 1.0),
    "client_exponent": (0.5, 0.75, 1.0),
    "weight_decay": (1e-6, 1e-5, 1e-4, 1e-3, 1e-2),
    "dim": (32, 64, 128),
    "rate": (0.005, 0.02, 0.05),
}
START = {"power": 0.5, "client_exponent": 1.0, "weight_decay": 1e-5, "dim": 64, "rate": 0.02}
STEPS = 60  # where there are no validation rows to stop by
LEAST, MOST = 0.1, 0.9  # share of the edges that a step hides
START_SPREAD = 1.0  # standard deviation of the start scores between two products
SHRINK = 0.1  # of the mean eigenvalue, added to the texts' Gram matrix


class TextNetwork:
    """h_u = n_u^-e * sum_j W z_j over what the client has, g_i = W' z_i, score = <h_u, g_i>.

    e = 1 is the mean. Each step hides a random share of the edges, together with their reviews,
    and predicts them from the rest by a softmax over the products that the client does not
    visibly have.
    """

    name = "text-network"
    seeded = True
    reads_text = True

    def choose(self, task: Task, progress: Progress = silent) -> dict[str, Any]:
        """Choose the spectrum power, the client exponent, weight decay, dimension and rate."""
        train, texts = task.training
        told = ProductTexts.of(train, texts)
        tried: list[tuple[float, dict[str, Any]]] = []

        def value(constants: dict[str, Any]) -> float:
            training = _Training(train.matrix(), told, constants, task.seed)
            steps, figure = descend_while_better(
                training.maps,
                training.step,
                rate=constants["rate"],
                check=lambda: task.validation.ndcg(training.scorer()),
                every=checks(*training.held.shape),
            )
            tried.append((figure, {**constants, "steps": steps}))
            return figure

        if not len(task.validation.rows):
            return {**START, "steps": STEPS}
        coordinate_search(GRIDS, START, value, rounds=1, progress=progress)
        return max(tried, key=lambda one: -1.0 if math.isnan(one[0]) else one[0])[1]

    def fit(
        self,
        dataset: Dataset,
        texts: TextTable | None,
        constants: Mapping[str, Any],
        seed: int,
        progress: Progress = silent,
    ) -> DotProducts:
        """Train the two maps for the chosen number of steps."""
        training = _Training(dataset.matrix(), ProductTexts.of(dataset, texts), constants, seed)
        descend(
            training.maps,
            training.step,
            rate=constants["rate"],
            steps=constants["steps"],
            progress=progress,
        )
        return training.scorer()


class _Training:
    """One training: the interactions, the text vectors and the two maps."""

    def __init__(self, held: csr_array, told: ProductTexts, constants: Mapping[str, Any], seed: int) -> None:
        self.held, self.told, self.constants = held, told, constants
        self.random = np.random.default_rng(seed)
        self.rows, self.columns = cell_rows(held), held.indices  # (edges,)
        start = _ridge_start(held, told.vectors(constants["power"]), constants["dim"])
        self.maps = [torch.tensor(side, dtype=torch.float32).requires_grad_() for side in start]

    def step(self) -> None:
        """Leave the gradient of predicting a random share of the edges in the maps."""
        clients, products = self.held.shape
        asked = self.random.random(clients) < CELLS / (clients * products)  # all, or a batch of them
        hidden = self.random.random(len(self.rows)) < self.random.uniform(LEAST, MOST)  # (edges,)
        wanted = hidden & asked[self.rows]
        z = self.told.vectors(self.constants["power"], ~hidden)
        profiles = self._profiles(~hidden)[asked] @ z  # (batch, k)
        place = np.cumsum(asked) - 1  # (clients,) row in the batch
        visible = asked[self.rows] & ~hidden
        told = [torch.tensor(part, dtype=torch.float32) for part in (profiles, z)]
        sides = [part @ one for part, one in zip(told, self.maps, strict=True)]
        pairs = [
            (torch.from_numpy(place[self.rows[part]]), torch.from_numpy(self.columns[part].astype(np.int64)))
            for part in (wanted, visible)
        ]
        pulls = softmax_gradient(sides[0].detach(), sides[1].detach(), *pairs)
        penalty = 0.5 * self.constants["weight_decay"] * sum(one.square().sum() for one in self.maps)
        torch.autograd.backward([*sides, penalty], [*pulls, torch.ones(())])

    def _profiles(self, visible: np.ndarray) -> csr_array:
        """Return the visible edges weighed n_u^-e, (clients, products)."""
        count = np.bincount(self.rows[visible], minlength=self.held.shape[0])
        values = visible * np.maximum(1, count)[self.rows] ** -self.constants["client_exponent"]
        return csr_array((values, self.columns, self.held.indptr), shape=self.held.shape)

    def scorer(self) -> DotProducts:
        """Return the vectors of clients and products as the maps are now, all edges visible."""
        z = self.told.vectors(self.constants["power"])
        profiles = self._profiles(np.ones(len(self.rows), dtype=bool)) @ z
        clients, products = (
            part @ one.detach().numpy() for part, one in zip((profiles, z), self.maps, strict=True)
        )
        return DotProducts(clients.astype(np.float32), products.astype(np.float32))


def _ridge_start(held: csr_array, z: np.ndarray, dim: int) -> tuple[np.ndarray, np.ndarray]:
    """Return two maps (k, dim) whose product tells best from text which products are held together.

    M = (Z'Z + rho I)^-1 Z' C Z (Z'Z + rho I)^-1 is the ridge regression of the normalised
    co-occurrence C, without its diagonal, on pairs of texts; its `dim` strongest eigenvectors are
    shared out between both sides.
    """
    degree = np.bincount(held.indices, minlength=held.shape[1])
    scaled = z / np.sqrt(np.maximum(1, degree))[:, None]  # (products, k)
    seen = held @ scaled  # (clients, k)
    together = seen.T @ seen - (scaled * degree[:, None]).T @ scaled  # (k, k) Z' C Z
    gram = z.T @ z
    gram[np.diag_indices_from(gram)] += SHRINK * np.trace(gram) / len(gram)
    half = np.linalg.solve(gram, together)
    values, vectors = np.linalg.eigh(np.linalg.solve(gram, half.T))
    strongest = np.argsort(-np.abs(values), kind="stable")[:dim]
    sides = vectors[:, strongest] * np.sqrt(np.abs(values[strongest]))
    other = sides * np.sign(values[strongest])
    spread = max(1e-12, float(np.std((z[:256] @ sides) @ (z @ other).T)))
    factor = np.sqrt(START_SPREAD / spread)
    return factor * sides, factor * other
