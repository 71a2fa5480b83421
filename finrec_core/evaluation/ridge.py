"""Ridge arms: EASE, its degree-weighted form, and the same on the products' texts alone.

All three solve `P = (F' F + diag L)^-1` and score `s(u, i) = d_i^e * sum_{j != i} x_uj (-P_ji / P_ii)`.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from finrec_core.dataset import Dataset
from finrec_core.evaluation.arm import CannotLearnError, Task
from finrec_core.evaluation.product_texts import ProductTexts
from finrec_core.evaluation.scorer import ProductSums
from finrec_core.model.coordinate_search import coordinate_search
from finrec_core.model.equations import inverted
from finrec_core.terms.bounds import MOST_PRODUCTS
from finrec_core.terms.progress import Progress, silent
from finrec_core.text.table import TextTable

RIDGE = tuple(float(2**power) for power in range(16))  # 1 ... 32768
GRIDS = {
    "ridge": RIDGE,
    "ridge_degree": (0.0, 0.25, 0.5, 1.0, 2.0, 3.0, 5.0),
    "score_exponent": (-0.6, -0.45, -0.3, -0.15, 0.0, 0.15, 0.3, 0.5),
    "loss_exponent": (0.0, 0.25, 0.5, 0.75, 1.0),
}


def product_weights(rows: csr_array | np.ndarray, penalty: np.ndarray) -> np.ndarray:
    """Return -P_ji / P_ii with a zero diagonal, float64 (products, products).

    `P = (rows' rows + diag penalty)^-1` for `rows` (observations, products) and a positive `penalty`
    (products,). This is the solution of the ridge regression of every product on all others
    (Steck 2019, equation 8).
    """
    gram = rows.T @ rows  # (products, products)
    gram = np.asarray(gram if isinstance(gram, np.ndarray) else gram.toarray(), dtype=np.float64)
    gram[np.diag_indices_from(gram)] += penalty
    try:
        weights = inverted(gram)
    except FloatingPointError as error:
        told = "The ridge penalty is too small for the ties between these products."
        raise CannotLearnError(told) from error
    weights /= -np.diag(weights)
    np.fill_diagonal(weights, 0.0)
    return weights


class Ridge:
    """Ridge with a degree-weighted penalty (the shape of Steck's EDLAE, 2020).

    L_i = ridge + ridge_degree * d_i; clients weigh n_u^-loss_exponent; the scores of product i are
    multiplied with d_i^score_exponent, d_i floored at 1.
    """

    name = "edlae"
    seeded = False
    reads_text = False
    grids: Mapping[str, tuple[Any, ...]] = GRIDS
    start: Mapping[str, Any] = {
        "ridge": 128.0,
        "ridge_degree": 1.0,
        "score_exponent": 0.0,
        "loss_exponent": 0.0,
    }

    def choose(self, task: Task, progress: Progress = silent) -> dict[str, Any]:
        """Choose the constants; a solution is kept while only the score exponent moves."""
        train, texts = task.training
        solved = lru_cache(maxsize=2)(lambda *key: self._solve(train, texts, dict(key)))

        def value(constants: dict[str, Any]) -> float:
            key = {**constants, "score_exponent": 0.0}
            return task.validation.ndcg(self._scorer(train, solved(*key.items()), constants))

        return coordinate_search(self.grids, self.start, value, progress=progress)

    def fit(
        self,
        dataset: Dataset,
        texts: TextTable | None,
        constants: Mapping[str, Any],
        seed: int,
        progress: Progress = silent,
    ) -> ProductSums:
        """Solve for the product-product weights."""
        return self._scorer(dataset, self._solve(dataset, texts, constants), constants)

    def _solve(self, dataset: Dataset, texts: TextTable | None, constants: Mapping[str, Any]) -> np.ndarray:
        if len(dataset.products) > MOST_PRODUCTS:
            raise CannotLearnError(f"{self.name} is left out above {MOST_PRODUCTS:,} products.")
        held = dataset.matrix()
        penalty = constants["ridge"] + constants["ridge_degree"] * _holders(held)
        return product_weights(self._rows(held, dataset, texts, constants), penalty)

    def _rows(
        self, held: csr_array, dataset: Dataset, texts: TextTable | None, constants: Mapping[str, Any]
    ) -> csr_array | np.ndarray:
        """Return the observations that the weights are solved from, (observations, products)."""
        counts = np.diff(held.indptr)
        weighted = held.copy()
        weighted.data = np.repeat(np.maximum(1, counts) ** (-0.5 * constants["loss_exponent"]), counts)
        return weighted

    def _scorer(self, dataset: Dataset, weights: np.ndarray, constants: Mapping[str, Any]) -> ProductSums:
        held = dataset.matrix()
        if constants["score_exponent"]:
            weights = weights * np.maximum(1, _holders(held)) ** constants["score_exponent"]
        return ProductSums(held, weights)


class Ease(Ridge):
    """EASE (Steck 2019): one ridge penalty, nothing else."""

    name = "ease"
    grids: Mapping[str, tuple[Any, ...]] = {"ridge": RIDGE}
    start: Mapping[str, Any] = {
        "ridge": 128.0,
        "ridge_degree": 0.0,
        "score_exponent": 0.0,
        "loss_exponent": 0.0,
    }


class TextClosed(Ridge):
    """The ridge on text alone: the observations are the dimensions of the products' text vectors.

    Own words and reviews stand side by side, each with its spectrum raised to `power`.
    """

    name = "text-closed"
    reads_text = True
    grids: Mapping[str, tuple[Any, ...]] = {
        "ridge": tuple(float(2.0**power) for power in range(-10, 7)),
        "score_exponent": (-0.3, 0.0, 0.15, 0.3, 0.5, 0.75, 1.0),
        "power": (1.0, 0.75, 0.5, 0.25),
    }
    start: Mapping[str, Any] = {"ridge": 1.0, "ridge_degree": 0.0, "score_exponent": 0.0, "power": 0.75}

    def _rows(
        self, held: csr_array, dataset: Dataset, texts: TextTable | None, constants: Mapping[str, Any]
    ) -> np.ndarray:
        return ProductTexts.of(dataset, texts).vectors(constants["power"]).T


def _holders(held: csr_array) -> np.ndarray:
    return np.bincount(held.indices, minlength=held.shape[1]).astype(np.float64)
