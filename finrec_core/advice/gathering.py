"""The gathering: which products stand highest among a set of clients, each in the client's own list."""

from dataclasses import dataclass

import numpy as np

from finrec_core.dataset import Dataset
from finrec_core.recommender import FusedRecommender
from finrec_core.terms.progress import Progress, silent

CELLS = 4_000_000  # scores in memory at once, clients x products
FIRST = 10  # places of a list that count as its beginning


@dataclass(frozen=True, repr=False, eq=False)
class Gathering:
    """How the products stand with some clients: the best first, those that none is offered left out.

    `products` are product rows; `first` counts the clients in whose first ten lines each stands, `asked`
    those who are offered it, and `places` is its mean place in their lists.
    """

    clients: int
    products: np.ndarray  # (products shown,)
    first: np.ndarray  # (products shown,)
    asked: np.ndarray  # (products shown,)
    places: np.ndarray  # (products shown,)

    def __repr__(self) -> str:
        return f"Gathering({self.clients:,} clients, {len(self.products):,} products)"


def gathering(recommender: FusedRecommender, rows: np.ndarray, progress: Progress = silent) -> Gathering:
    """Return how all products stand with the clients of some rows, (clients,).

    A place is that of `FusedRecommender.ranking`. Products are ordered by the number of lists that begin with
    them, then by their mean place. `progress` is told the share of clients before each block, and may end
    the work by raising.
    """
    model, dataset = recommender.model, recommender.dataset
    size = len(dataset.products)
    first, asked, sums = (np.zeros(size, dtype=np.int64) for _ in range(3))
    step = max(1, CELLS // max(1, size))
    for low in range(0, len(rows), step):
        progress("scoring clients", low / len(rows))
        block = rows[low : low + step]
        offered = np.tile(dataset.available, (len(block), 1))
        offered[model.evidence.held[block].tocoo().coords] = False
        scores = np.where(offered, model.scores(block), -np.inf)
        order = np.argsort(-scores, axis=1, kind="stable")
        places = np.empty_like(order)
        np.put_along_axis(places, order, np.arange(1, size + 1)[None, :], axis=1)
        first += (offered & (places <= FIRST)).sum(axis=0)
        asked += offered.sum(axis=0)
        sums += np.where(offered, places, 0).sum(axis=0)
    progress("scoring clients", 1.0)
    means = np.where(asked > 0, sums / np.maximum(asked, 1), np.inf)
    best = np.lexsort((np.arange(size), means, -first))
    best = best[asked[best] > 0]
    return Gathering(len(rows), best, first[best], asked[best], means[best])


def listed(dataset: Dataset, text: str, seen: np.ndarray | None = None) -> tuple[np.ndarray, list[str]]:
    """Return the rows of the clients whose ids stand in a text, and the ids that the data does not hold.

    Ids stand a line each, or apart by commas, semicolons or tabs; each counts once. A client who may not be
    `seen`, bool (clients,), is one that the data does not hold; None: all may.
    """
    parts = [part.strip().strip('"') for line in text.splitlines() for part in _split(line, dataset)]
    ids = dict.fromkeys(part for part in parts if part)
    found = {one: dataset.client_rows[one] for one in ids if one in dataset.client_rows}
    known = {one: row for one, row in found.items() if seen is None or seen[row]}
    return np.array([*known.values()], dtype=np.int64), [one for one in ids if one not in known]


def _split(line: str, dataset: Dataset) -> list[str]:
    """Return the ids of a line; one that the data knows whole is one, whatever signs it holds."""
    if line.strip() in dataset.client_rows:
        return [line]
    for sign in ";\t":
        line = line.replace(sign, ",")
    return line.split(",")
