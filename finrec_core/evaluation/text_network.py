"""The text-only network: learned linear maps over the products' text vectors, no ids at all."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from scipy.sparse import csr_array

from finrec_core.dataset import Dataset
from finrec_core.evaluation.arm import Task
from finrec_core.evaluation.descent import checks, descend, descend_while_better, softmax_gradient
from finrec_core.evaluation.product_texts import ProductTexts
from finrec_core.evaluation.scorer import DotProducts
from finrec_core.metrics import cell_rows
from finrec_core.model.coordinate_search import coordinate_search
from finrec_core.terms.progress import Progress, silent
from finrec_core.text.table import TextTable

GRIDS = {
    "power": (0.25, 0.5, 0.75, 1.0),
    "client_exponent": (0.5, 0.75, 1.0),
    "weight_decay": (1e-6, 1e-5, 1e-4, 1e-3, 1e-2),
    "dim": (32, 64, 128),
    "rate": (0.005, 0.02, 0.05),
}
START = {"power": 0.5, "client_exponent": 1.0, "weight_decay": 1e-5, "dim": 64, "rate": 0.02}
DEAR = ("power", "client_exponent", "rate")  # what is tuned where a check of everybody is dear
CELLS = 1_300_000  # scores that a step computes at once: several steps a pass learn more than one
STEPS = 60  # where there are no validation rows to stop by
LEAST, MOST = 0.1, 0.9  # share of the edges that a step hides
START_SPREAD = 1.0  # standard deviation of the start scores between two products
SHRINK = 0.1  # of the mean eigenvalue, added to the texts' Gram matrix


class TextNetwork:
    """h_u = n_u^-e * sum_j W z_j over what u has, g_i = W' z_i, score = <h_u, g_i> + c log(1 + d_i).

    e = 1 is the mean. The one number c, learned, tells how much the count of holders d_i speaks: a
    product has no parameter of its own. Each step hides a random share of the edges, together with
    their reviews, and predicts them from the rest by a softmax over the products that the client
    does not visibly have.
    """

    name = "text-network"
    seeded = True
    reads_text = True

    def choose(self, task: Task, progress: Progress = silent) -> dict[str, Any]:
        """Choose the spectrum power, the client exponent, weight decay, dimension and rate.

        Where a check of everybody is dear, weight decay and dimension stay at their start.
        """
        train, texts = task.training
        told = ProductTexts.of(train, texts)
        tried: list[tuple[float, dict[str, Any]]] = []

        def value(constants: dict[str, Any]) -> float:
            training = _Training(train.matrix(), told, constants, task.seed)
            steps, figure = descend_while_better(
                training.parameters,
                training.step,
                rate=constants["rate"],
                check=lambda: task.validation.ndcg(training.scorer()),
                every=checks(*training.held.shape),
                steps_a_pass=max(1, round(training.held.shape[0] / training.batch)),
            )
            tried.append((figure, {**constants, "steps": steps}))
            return figure

        if not len(task.validation.rows):
            return {**START, "steps": STEPS}
        dear = checks(*train.matrix().shape) > 1
        walked = {name: grid for name, grid in GRIDS.items() if name in DEAR or not dear}
        coordinate_search(walked, START, value, sweeps=1 if dear else 2, progress=progress)
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
            training.parameters,
            training.step,
            rate=constants["rate"],
            steps=constants["steps"],
            progress=progress,
        )
        return training.scorer()


class _Training:
    """One training: the interactions, the text vectors, the two maps and the weight of the holders."""

    def __init__(self, held: csr_array, told: ProductTexts, constants: Mapping[str, Any], seed: int) -> None:
        self.held, self.told, self.constants = held, told, constants
        self.random = np.random.default_rng(seed)
        self.rows, self.columns = cell_rows(held), held.indices  # (edges,)
        start = _ridge_start(held, told.vectors(constants["power"]), constants["dim"])
        self.maps = [torch.tensor(side, dtype=torch.float32).requires_grad_() for side in start]
        self.weight = torch.zeros(1, requires_grad=True)  # c
        self.parameters = [*self.maps, self.weight]
        degree = np.bincount(self.columns, minlength=held.shape[1])
        self.holders = torch.tensor(np.log1p(degree), dtype=torch.float32)  # (products,)
        self.batch = min(held.shape[0], max(1, CELLS // max(1, held.shape[1])))  # clients in a step

    def step(self) -> None:
        """Leave the gradient of predicting a random share of the edges in the maps."""
        clients = self.held.shape[0]
        asked = self.random.random(clients) < self.batch / clients  # all, or a batch of them
        hidden = self.random.random(len(self.rows)) < self.random.uniform(LEAST, MOST)  # (edges,)
        wanted = hidden & asked[self.rows]
        z = self.told.vectors(self.constants["power"], ~hidden)
        profiles = self._profiles(~hidden)[asked] @ z  # (batch, k)
        place = np.cumsum(asked) - 1  # (clients,) row in the batch
        visible = asked[self.rows] & ~hidden
        sides = self._sides(profiles, z)
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
        with torch.no_grad():
            clients, products = self._sides(profiles, z)
        return DotProducts(clients.numpy(), products.numpy())

    def _sides(self, profiles: np.ndarray, z: np.ndarray) -> tuple[torch.Tensor, torch.Tensor]:
        """Return h and g, each with one more column: 1 and c log(1 + d_i)."""
        own, other = (
            torch.tensor(part, dtype=torch.float32) @ one
            for part, one in zip((profiles, z), self.maps, strict=True)
        )
        ones = torch.ones(len(own), 1)
        return torch.cat([own, ones], dim=1), torch.cat([other, (self.weight * self.holders)[:, None]], dim=1)


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
