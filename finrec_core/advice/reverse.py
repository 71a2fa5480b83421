"""The reverse ranking: for which clients a product stands highest in their own lists."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

from finrec_core.advice.grid import Grid
from finrec_core.advice.rules import Rules
from finrec_core.advice.suitability import KINDS, judged
from finrec_core.dataset import Dataset
from finrec_core.dataset.naming import client_names
from finrec_core.explain.points import PointScale
from finrec_core.narrative.former import formers
from finrec_core.recommender import FusedRecommender
from finrec_core.terms.progress import Progress, silent

ROWS = pa.schema(
    [
        ("client", pa.string()),
        ("client_name", pa.string()),
        ("rank", pa.int64()),
        ("score", pa.float64()),
        ("points", pa.float64()),
        ("verdict", pa.string()),
        ("former", pa.string()),
    ]
)
CELLS = 4_000_000  # scores in memory at once, clients x products; a block takes a few times 32 MB


@dataclass(frozen=True, repr=False, eq=False)
class Block:
    """Some clients' whole lists: scores of all products, and which of these each is offered."""

    clients: np.ndarray  # (block,) client rows
    scores: np.ndarray  # (block, products)
    offered: np.ndarray  # bool (block, products): the bank offers it and the client does not have it

    def __repr__(self) -> str:
        return f"Block({len(self.clients):,} clients x {self.scores.shape[1]:,} products)"

    def scales(self) -> list[PointScale]:
        """Return each client's map from scores to points, fixed on its whole offered list."""
        counts = self.offered.sum(axis=1)
        sums = np.where(self.offered, self.scores, 0.0).sum(axis=1)
        tops = np.where(self.offered, self.scores, -np.inf).max(axis=1, initial=-np.inf)
        return [
            PointScale(min(total / count, top), top) if count else PointScale(0.0, 0.0)
            for total, count, top in zip(sums.tolist(), counts.tolist(), tops.tolist(), strict=True)
        ]


@dataclass(frozen=True, repr=False, eq=False)
class Reverse:
    """A product's standing with all clients who are offered it, the best first.

    Of equal ranks the one with more points stands first, then the client whose row is lower. `points`
    are NaN where all products score the same for a client; `popular` marks clients of whom nothing is
    known, whose list is one of popularity. `holders` counts the clients left out because they have
    the product, rated low included. Where the bank does not offer the product all arrays are empty.
    """

    product: str
    offered: bool
    holders: int
    clients: np.ndarray  # (asked,) client rows
    ranks: np.ndarray  # (asked,) from 1, in the client's own list
    scores: np.ndarray  # (asked,)
    points: np.ndarray  # (asked,)
    popular: np.ndarray  # bool (asked,)

    def __repr__(self) -> str:
        return f"Reverse({self.product!r}: {len(self.clients):,} clients, {self.holders:,} have it)"

    def among(self, seen: np.ndarray | None, holders: int) -> "Reverse":
        """Return the standing with some clients alone, bool (clients,), of whom so many have the product."""
        if seen is None:
            return self
        kept = seen[self.clients]
        arrays = (self.clients, self.ranks, self.scores, self.points, self.popular)
        return Reverse(self.product, self.offered, holders, *(each[kept] for each in arrays))

    def within(self, rank: int) -> int:
        """Return for how many clients the product stands at this rank or better."""
        return int((self.ranks <= rank).sum())


def blocks(
    recommender: FusedRecommender, progress: Progress = silent, *, cells: int | None = None
) -> Iterator[Block]:
    """Yield all clients' scores, in the order of their rows, in blocks of at most `cells` (`CELLS`) scores.

    `progress` is told the share of clients before each block, and may end the work by raising.
    """
    model, dataset = recommender.model, recommender.dataset
    clients, products = len(dataset.clients), len(dataset.products)
    size = max(1, (cells or CELLS) // max(1, products))
    held = model.evidence.held
    for low in range(0, clients, size):
        progress("scoring clients", low / clients)
        rows = np.arange(low, min(low + size, clients))
        offered = np.tile(dataset.available, (len(rows), 1))
        mine = held[rows].tocoo()
        offered[mine.coords] = False
        yield Block(rows, model.scores(rows), offered)


def reverse(recommender: FusedRecommender, product: str, progress: Progress = silent) -> Reverse:
    """Return for which clients a product stands highest; raises `UnknownIdError` for an unknown one.

    A rank is that of `FusedRecommender.ranking`: one more than the offered products that score higher,
    or the same in a lower row. Memory is bounded by the blocks, whatever the number of clients.
    """
    target = recommender.product_row(product)
    holders = len(recommender.model.evidence.held[:, [target]].tocoo().data)
    offered = bool(recommender.dataset.available[target])
    empty = (np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0), np.empty(0))
    found = [_standing(block, target) for block in blocks(recommender, progress)] if offered else []
    clients, ranks, scores, points = (np.concatenate(each) for each in zip(empty, *found, strict=True))
    order = np.lexsort((clients, -np.nan_to_num(points, nan=-np.inf), ranks))
    progress("scoring clients", 1.0)
    return Reverse(
        product=product,
        offered=offered,
        holders=holders,
        clients=clients[order],
        ranks=ranks[order],
        scores=scores[order],
        points=points[order],
        popular=recommender.model.silent[clients[order]],
    )


def kinds(dataset: Dataset, product: int, rules: Rules, today: date) -> np.ndarray | None:
    """Return the verdict on a product, by its row, for every client: (clients,), a VerdictKind each.

    None where no client of the dataset has a profile.
    """
    if not judged(dataset, rules):
        return None
    codes = Grid.of(dataset, rules, today).verdicts(products=np.array([product]))
    return np.array(KINDS)[codes[:, 0]]


def rows(found: Reverse, dataset: Dataset, most: int, *, rules: Rules | None, today: date) -> pa.Table:
    """Return the first clients of a reverse ranking, at most `most`, as a table of schema `ROWS`.

    `points` are null where all products score the same for a client, `verdict` where there are no rules
    or no client has a profile, `former`, until when the client had it, where it did not give it up.
    """
    clients, product = found.clients[:most], dataset.product_rows[found.product]
    judged = None if rules is None else kinds(dataset, product, rules, today)
    points = found.points[:most]
    columns = {
        "client": dataset.clients["client_id"].take(pa.array(clients)),
        "client_name": [client_names(dataset)[row] for row in clients.tolist()],
        "rank": found.ranks[:most],
        "score": found.scores[:most],
        "points": pa.array(points, mask=np.isnan(points)),
        "verdict": pa.nulls(len(clients), pa.string()) if judged is None else judged[clients].tolist(),
        "former": [formers(dataset, row).get(product) for row in clients.tolist()],
    }
    return pa.table(columns, schema=ROWS)


def _standing(block: Block, target: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return client rows, ranks, scores and points of those in a block whom it is offered, (asked,)."""
    asked = np.flatnonzero(block.offered[:, target])
    scores, offered = block.scores[asked], block.offered[asked]
    own = scores[:, [target]]
    before = (scores > own) & offered
    before[:, :target] |= (scores[:, :target] == own) & offered[:, :target]
    scales = block.scales()
    points = [
        np.nan if scales[k].flat else scales[k].points(score)
        for k, score in zip(asked.tolist(), own[:, 0].tolist(), strict=True)
    ]
    return block.clients[asked], 1 + before.sum(axis=1), own[:, 0], np.array(points)
