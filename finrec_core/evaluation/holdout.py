"""A holdout: held-back interactions as questions to a scorer, and what its answers are worth."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array

from finrec_core.dataset import Dataset, Targets
from finrec_core.evaluation.scorer import Scorer
from finrec_core.metrics import cell_rows, coverage, metrics_of_ranks, target_ranks, top
from finrec_core.terms.names import POPULAR

CELLS = 4_000_000  # scores held at once, 32 MB
LIST = 20  # length of the list that is judged
PRODUCT_SLICES = {"<=4": (0, 4), "5-19": (5, 19), ">=20": (20, None)}  # holders of the test product
CLIENT_SLICES = {"0": (0, 0), "1-2": (1, 2), "3-9": (3, 9), ">=10": (10, None)}  # products of the client

Slice = tuple[str, str]  # (kind, name), kind "all", "product", "client" or "lists"
LISTS: Slice = ("lists", "")  # what the lists show, whatever was held back


@dataclass(frozen=True, repr=False, eq=False)
class Measured:
    """The metrics of one fitted arm on a holdout.

    `values` gives each slice's metrics per asked client, float64 (asked,), NaN where the client is
    outside the slice. `coverage` gives the share of the catalogue that all lists together show.

    >>> from finrec_core.dataset import split_by_client
    >>> from finrec_core.evaluation import Holdout
    >>> split = split_by_client(bank, seed=0)
    >>> Holdout.of(bank, ~split.test, split.test).measure(recommender.model)
    Measured(55 clients, ... slices)
    """

    values: dict[Slice, dict[str, np.ndarray]]
    coverage: dict[str, float]

    @classmethod
    def mean(cls, several: Sequence["Measured"]) -> "Measured":
        """Return the mean of several fits, client by client."""
        first = several[0]
        values = {
            key: {metric: np.mean([one.values[key][metric] for one in several], axis=0) for metric in metrics}
            for key, metrics in first.values.items()
        }
        shown = {name: float(np.mean([one.coverage[name] for one in several])) for name in first.coverage}
        return cls(values, shown)

    def __repr__(self) -> str:
        return f"Measured({len(self.values[('all', '')]['mrr']):,} clients, {len(self.values)} slices)"


@dataclass(frozen=True, repr=False, eq=False)
class Holdout:
    """Questions: which of the products a client does not have yet are the ones held back?

    `rows` (asked,) are the clients that take a product in the rows held back that they never had before;
    `targets` (asked, products) those products; `masked` (asked, products) all that the client is known to
    have had, low-rated ones too. `holders` (products,) and `held` (asked,) count known positives; `repeats`
    is the share of what is taken there that had been taken before.

    >>> from finrec_core.dataset import split_by_client
    >>> from finrec_core.evaluation import Holdout
    >>> split = split_by_client(bank, seed=0)
    >>> Holdout.of(bank, ~split.test, split.test)
    Holdout(55 clients, 62 targets)
    """

    rows: np.ndarray
    targets: csr_array
    masked: csr_array
    holders: np.ndarray
    held: np.ndarray
    repeats: float = 0.0

    @classmethod
    def of(cls, dataset: Dataset, known: np.ndarray, asked: np.ndarray) -> "Holdout":
        """Ask for what is first taken in the rows of `asked`, given those of `known`, (interactions,)."""
        targets = Targets.of(dataset, known=known, asked=asked)
        rows = np.flatnonzero(np.diff(targets.wanted.indptr))
        return cls(
            rows=rows,
            targets=targets.wanted[rows],
            masked=targets.masked[rows],
            holders=np.bincount(targets.known.indices, minlength=len(dataset.products)),
            held=np.diff(targets.known.indptr)[rows],
            repeats=targets.repeats,
        )

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over the questions: who is asked, for what, with what masked."""
        digest = hashlib.sha256(self.rows.tobytes())
        for cells in (self.targets, self.masked):
            digest.update(cells.indptr.tobytes() + cells.indices.tobytes())
        digest.update(self.holders.tobytes() + self.held.tobytes())
        return digest.hexdigest()

    @property
    def products(self) -> int:
        """The size of the catalogue, all of which is ranked."""
        return self.targets.shape[1]

    @property
    def short(self) -> bool:
        """Whether the catalogue is so small that lists of five are judged as well."""
        return self.products < 100

    def ndcg(self, scorer: Scorer) -> float:
        """Return the mean NDCG@20, NaN where nothing is asked."""
        if not len(self.rows):
            return float("nan")
        ranks, _ = self._ask(scorer, lists=False)
        rows = cell_rows(self.targets)
        found = metrics_of_ranks(ranks, rows, len(self.rows), (LIST,))
        return float(found[f"ndcg@{LIST}"].mean())

    def measure(self, scorer: Scorer) -> Measured:
        """Return every metric of every slice.

        A slice by holders keeps only those targets and ranks them among the whole catalogue; a
        slice by products of the client keeps only those clients.
        """
        ranks, lists = self._ask(scorer, lists=True)
        rows = cell_rows(self.targets)
        values = {("all", ""): self._metrics(ranks, rows)}
        target_holders = self.holders[self.targets.indices]
        for name, (low, high) in PRODUCT_SLICES.items():
            inside = _between(target_holders, low, high)
            values["product", name] = self._metrics(ranks[inside], rows[inside])
        for name, (low, high) in CLIENT_SLICES.items():
            blank = np.where(_between(self.held, low, high), 0.0, np.nan)
            values["client", name] = {key: one + blank for key, one in values["all", ""].items()}
        values[LISTS] = {POPULAR: self._popular(lists[:, :10])}
        shown = {f"coverage@{LIST}": coverage(lists, self.products)}
        if self.short:
            shown["coverage@5"] = coverage(lists[:, :5], self.products)
        return Measured(values, shown)

    def _metrics(self, ranks: np.ndarray, rows: np.ndarray) -> dict[str, np.ndarray]:
        found = metrics_of_ranks(ranks, rows, len(self.rows), (5, 10, LIST))
        names = [f"ndcg@{LIST}", f"recall@{LIST}", "precision@10", "hit@10", "mrr"]
        if self.short:
            names += ["ndcg@5", "recall@5", "precision@5", "hit@5"]
        return {name: found[name] for name in names}

    def _popular(self, lists: np.ndarray) -> np.ndarray:
        """Return the share of each list that the most-held tenth of the catalogue takes, (asked,)."""
        most = np.argsort(-self.holders, kind="stable")[: -(-self.products // 10)]
        popular = np.zeros(self.products + 1, dtype=bool)  # the last is for places without a product, -1
        popular[most] = True
        return popular[lists].sum(axis=1) / np.maximum(1, np.count_nonzero(lists >= 0, axis=1))

    def _ask(self, scorer: Scorer, *, lists: bool) -> tuple[np.ndarray, np.ndarray]:
        """Return the targets' ranks (targets,) and the clients' lists (asked, 20), block by block."""
        step = max(1, CELLS // max(1, self.products))
        ranks, shown = [np.zeros(0, dtype=np.int64)], [np.zeros((0, LIST), dtype=np.int64)]
        for low in range(0, len(self.rows), step):
            part = slice(low, low + step)
            scores = scorer.scores(self.rows[part])  # (block, products)
            ranks.append(target_ranks(scores, self.targets[part], self.masked[part]))
            if lists:
                shown.append(top(scores, self.masked[part], LIST))
        return np.concatenate(ranks), np.concatenate(shown)

    def __repr__(self) -> str:
        return f"Holdout({len(self.rows):,} clients, {self.targets.nnz:,} targets)"


def _between(counts: np.ndarray, low: int, high: int | None) -> np.ndarray:
    return (counts >= low) & (counts <= (counts.max(initial=0) if high is None else high))
