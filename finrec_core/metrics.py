"""Ranking metrics over the whole catalogue: one value per client, nothing sampled.

Every product that is not masked is ranked, the higher score first; of equal scores the lower
product row comes first, so a ranking never depends on the sort. `scores` is (clients, products),
`targets` and `masked` are sparse matrices of the same shape whose stored cells are the products
to be found and the products that are not offered. Work goes in blocks, so memory stays within a
small multiple of `scores`.
"""

import numpy as np
from scipy.sparse import csr_array

CELLS = 4_000_000  # cells that a block compares at once, about 40 MB


def target_ranks(scores: np.ndarray, targets: csr_array, masked: csr_array | None = None) -> np.ndarray:
    """Return the rank of each target among its client's offered products, 1 for the first.

    A rank is counted, not sorted: 1 + the offered products with a higher score + those with an equal
    one and a lower row.

    Args:
        scores: Finite scores, (clients, products).
        targets: Products to be found, its stored cells; (clients, products).
        masked: Products that are not offered, its stored cells; None for none.

    Returns:
        Ranks, int64 (targets.nnz,), in the order of the stored cells.

    Raises:
        ValueError: Where a score is not finite or a target is masked.

    >>> import numpy as np
    >>> from scipy.sparse import csr_array
    >>> target_ranks(np.array([[0.1, 0.9, 0.5]]), csr_array([[1, 0, 1]]))
    array([3, 2])
    """
    if not np.isfinite(scores).all():
        raise ValueError("A score is not a finite number, so there is no ranking.")
    offered = np.array(scores)  # (clients, products)
    if masked is not None:
        offered[cell_rows(masked), masked.indices] = -np.inf
    rows, columns = cell_rows(targets), targets.indices
    own = offered[rows, columns]
    if np.isneginf(own).any():
        raise ValueError("A target is masked, so it has no rank.")
    ranks = np.empty(len(rows), dtype=np.int64)
    step = max(1, CELLS // max(1, scores.shape[1]))
    for low in range(0, len(rows), step):
        part = slice(low, low + step)
        rivals = offered[rows[part]]  # (block, products)
        ranks[part] = 1 + np.count_nonzero(rivals > own[part, None], axis=1)
        equal = rivals == own[part, None]
        tied = np.flatnonzero(np.count_nonzero(equal, axis=1) > 1)
        before = np.arange(scores.shape[1]) < columns[part][tied, None]
        ranks[part][tied] += np.count_nonzero(equal[tied] & before, axis=1)
    return ranks


def metrics_of_ranks(
    ranks: np.ndarray, rows: np.ndarray, clients: int, ks: tuple[int, ...]
) -> dict[str, np.ndarray]:
    """Return ndcg@k, recall@k, precision@k, hit@k and mrr of each client.

    NDCG has binary gains and the discount 1 / log2(1 + rank); its ideal is cut at k too, so k targets
    in the first k places score 1 however many there are. Recall divides by all targets, precision by
    k. MRR is one over the rank of the first target, without a cut.

    Args:
        ranks: Rank of each target, from 1; (targets,).
        rows: Client row of each target, (targets,).
        clients: How many clients there are.
        ks: Lengths at which lists are cut.

    Returns:
        Values by name of the metric, float64 (clients,) each, 0 to 1; NaN for a client without targets.

    >>> import numpy as np
    >>> found = metrics_of_ranks(np.array([1, 4]), np.array([0, 0]), clients=1, ks=(2,))
    >>> found["recall@2"], found["mrr"]
    (array([0.5]), array([1.]))
    """
    known = np.bincount(rows, minlength=clients)  # (clients,)
    blank = np.where(known > 0, 0.0, np.nan)
    first = np.zeros(clients)
    np.maximum.at(first, rows, 1 / ranks)
    found: dict[str, np.ndarray] = {}
    for k in ks:
        inside = ranks <= k
        hits = np.bincount(rows[inside], minlength=clients) + blank
        gain = np.bincount(rows[inside], 1 / np.log2(1 + ranks[inside]), minlength=clients)
        ideal = np.cumsum(1 / np.log2(1 + np.arange(1, k + 1)))[np.clip(known, 1, k) - 1]
        found[f"ndcg@{k}"] = gain / ideal + blank
        found[f"recall@{k}"] = hits / np.maximum(known, 1)
        found[f"precision@{k}"] = hits / k
        found[f"hit@{k}"] = np.minimum(hits, 1.0)
    found["mrr"] = first + blank
    return found


def rank_metrics(
    scores: np.ndarray, targets: csr_array, masked: csr_array | None, ks: tuple[int, ...]
) -> dict[str, np.ndarray]:
    """Return the metrics of `metrics_of_ranks` for one block of clients.

    Args:
        scores: As `target_ranks` takes them, (clients, products).
        targets: Products to be found, (clients, products).
        masked: Products that are not offered, or None.
        ks: Lengths at which lists are cut.

    Returns:
        Values by name of the metric, float64 (clients,) each, 0 to 1; NaN for a client without targets.

    >>> import numpy as np
    >>> from scipy.sparse import csr_array
    >>> rank_metrics(np.array([[0.1, 0.9, 0.5]]), csr_array([[1, 0, 0]]), None, ks=(2,))["hit@2"]
    array([0.])
    """
    ranks = target_ranks(scores, targets, masked)
    return metrics_of_ranks(ranks, cell_rows(targets), scores.shape[0], ks)


def top(scores: np.ndarray, masked: csr_array | None, k: int) -> np.ndarray:
    """Return the rows of the first k products of each client, best first.

    Args:
        scores: Scores, (clients, products).
        masked: Products that are not offered, its stored cells; None for none.
        k: Length of the lists.

    Returns:
        Product rows, int64 (clients, k); -1 where fewer than k products are offered.

    >>> import numpy as np
    >>> from scipy.sparse import csr_array
    >>> top(np.array([[0.1, 0.9, 0.5]]), csr_array([[0, 1, 0]]), k=3)
    array([[ 2,  0, -1]])
    """
    offered = np.array(scores, dtype=np.float64)  # (clients, products)
    if masked is not None:
        offered[cell_rows(masked), masked.indices] = -np.inf
    clients, products = offered.shape
    found = np.full((clients, k), -1, dtype=np.int64)
    width = min(k, products)
    if not width or not clients:
        return found
    last = -np.partition(-offered, width - 1, axis=1)[:, width - 1, None]  # the k-th best score
    above, equal = offered > last, offered == last
    room = width - np.count_nonzero(above, axis=1)
    chosen = above | (equal & (np.cumsum(equal, axis=1) <= room[:, None]))
    rows = np.nonzero(chosen)[1].reshape(clients, width)  # ascending, so a stable sort settles ties
    values = np.take_along_axis(offered, rows, axis=1)
    order = np.argsort(-values, axis=1, kind="stable")
    rows, values = np.take_along_axis(rows, order, axis=1), np.take_along_axis(values, order, axis=1)
    found[:, :width] = np.where(np.isneginf(values), -1, rows)
    return found


def coverage(lists: np.ndarray, products: int) -> float:
    """Return the share of the catalogue that stands in at least one list.

    Args:
        lists: Product rows, (clients, k); -1 counts for nothing.
        products: Size of the catalogue.

    Returns:
        The share, 0 to 1.
    """
    return len(np.unique(lists[lists >= 0])) / products if products else 0.0


def cell_rows(matrix: csr_array) -> np.ndarray:
    """Return the row of each stored cell.

    Args:
        matrix: Any sparse matrix.

    Returns:
        Rows, (matrix.nnz,), in the order of `matrix.indices`.
    """
    return np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
