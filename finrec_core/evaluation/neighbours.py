"""Item-kNN: products scored by their likeness to what the client has."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy.sparse import csr_array, vstack

from finrec_core.dataset import Dataset
from finrec_core.evaluation.arm import Task
from finrec_core.evaluation.scorer import ProductSums
from finrec_core.metrics import cell_rows
from finrec_core.model.coordinate_search import coordinate_search
from finrec_core.terms.progress import Progress, silent
from finrec_core.text.table import TextTable

GRIDS = {
    "neighbours": (5, 10, 20, 50, 100, 200, 400, 800),
    "shrinkage": (0.0, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0),
    "client_exponent": (0.0, 0.25, 0.5, 0.75, 1.0),
}
START = {"neighbours": 50, "shrinkage": 10.0, "client_exponent": 0.0}
BLOCK = 1024  # products whose likeness to all others is held at once


class ItemNeighbours:
    """Cosine with shrinkage over the nearest products (Deshpande and Karypis 2004).

    likeness_ij = c_ij / (sqrt(c_ii c_jj) + shrinkage), c = X' diag(n_u^-e) X, e the client exponent
    (0: plain counts, 1: a client's products share one vote). Each product i is scored by its
    `neighbours` most alike products: s_ui = the sum of likeness_ij over those that u has.
    """

    name = "item-knn"
    seeded = False
    reads_text = False

    def choose(self, task: Task, progress: Progress = silent) -> dict[str, Any]:
        """Choose the number of neighbours, the shrinkage and the client exponent."""
        train, texts = task.training
        return coordinate_search(
            GRIDS,
            START,
            lambda constants: task.validation.ndcg(self.fit(train, texts, constants, task.seed)),
            progress=progress,
        )

    def fit(
        self,
        dataset: Dataset,
        texts: TextTable | None,
        constants: Mapping[str, Any],
        seed: int,
        progress: Progress = silent,
    ) -> ProductSums:
        """Find each product's neighbours."""
        held = dataset.matrix()  # (clients, products)
        counts = np.maximum(1, np.diff(held.indptr))
        votes = held.copy()
        votes.data = np.repeat(counts, counts * (np.diff(held.indptr) > 0)) ** -float(
            constants["client_exponent"]
        )
        across = held.T.tocsr()  # (products, clients)
        size = np.sqrt(np.asarray(votes.sum(axis=0)))  # (products,)
        parts = []
        for low in range(0, held.shape[1], BLOCK):
            together = csr_array(across[low : low + BLOCK] @ votes)  # (block, products)
            rows, columns = cell_rows(together), together.indices
            likeness = together.data / (size[low + rows] * size[columns] + constants["shrinkage"] + 1e-12)
            likeness[columns == low + rows] = 0.0
            order = np.lexsort((columns, -likeness, rows))  # rows stay in their places
            near = np.arange(len(rows)) - together.indptr[rows] < constants["neighbours"]
            kept = order[near]
            kept = kept[likeness[kept] > 0]
            cells = likeness[kept], (rows[kept], columns[kept])
            parts.append(csr_array(cells, shape=together.shape))
        return ProductSums(held, vstack(parts, format="csr").T.tocsr())
