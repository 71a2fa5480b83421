"""The pairing: two trained models, client by client, on what was held back from both."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pyarrow as pa

from finrec_core.dataset import Dataset, Targets, split_by_client
from finrec_core.evaluation.intervals import DRAWS, interval, resampled_means
from finrec_core.terms.names import POPULAR

Basis = Literal["same", "matched", "different"]
Result = Literal["better", "worse", "higher", "lower", "not settled"]
MATCHED = 20  # clients with the same held-back products that a comparison needs
CELLS = 200_000_000  # weights drawn in all; of very many clients fewer samples are as sharp


@dataclass(frozen=True)
class PairedFigure:
    """One metric of two models over the same clients; `ci95` is that of a - b, None for one client.

    >>> from finrec_core.evaluation import PairedFigure
    >>> PairedFigure("ndcg@20", 0.274, 0.268, (-0.002, 0.014)).result
    'not settled'
    """

    metric: str
    a: float
    b: float
    ci95: tuple[float, float] | None

    @property
    def difference(self) -> float:
        """How much higher the first model's mean is."""
        return self.a - self.b

    @property
    def result(self) -> Result:
        """What the interval shows of the first model; how popular a list is, is neither good nor bad."""
        if self.ci95 is None or self.ci95[0] <= 0.0 <= self.ci95[1]:
            return "not settled"
        if self.metric == POPULAR:
            return "higher" if self.difference > 0 else "lower"
        return "better" if self.difference > 0 else "worse"


@dataclass(frozen=True, repr=False)
class Pairing:
    """Two models over `clients` that both were tested on; `alone` counts those of one model only.

    By `basis` all tested clients and what was held back from them are the same, or these are the clients
    of whom it turned out the same (matched), or it differs: then a difference may come from the data alone.

    >>> from finrec_core.evaluation import pair
    >>> pair(recommender.per_client, recommender.per_client).figure("ndcg@20").difference
    0.0
    """

    basis: Basis
    clients: int
    alone: tuple[int, int]
    figures: tuple[PairedFigure, ...]

    def figure(self, metric: str) -> PairedFigure | None:
        """Return one metric, None where it is not known of both."""
        return next((one for one in self.figures if one.metric == metric), None)

    def __repr__(self) -> str:
        return f"Pairing({self.basis}: {self.clients:,} clients, {len(self.figures)} metrics)"


def pair(
    a: pa.Table,
    b: pa.Table,
    held_back: tuple[Mapping[str, int], Mapping[str, int]] | None = None,
    *,
    seed: int = 0,
) -> Pairing:
    """Pair the figures of two models per client (`client_id` and a float64 column for each metric).

    `held_back` says what was held back from each client, as the function of that name returns it, and is
    None where data and seed are the same. Intervals are bootstrapped over clients, 95 %.

    >>> from finrec_core.evaluation import pair
    >>> pair(recommender.per_client, recommender.per_client).basis
    'same'
    """
    ids_a, ids_b = (table["client_id"].to_pylist() for table in (a, b))
    place = {key: row for row, key in enumerate(ids_b)}
    common = [key for key in ids_a if key in place]
    basis: Basis = "same"
    if held_back is not None:
        equal = [key for key in common if held_back[0].get(key) == held_back[1].get(key, -1)]
        if len(equal) < max(len(ids_a), len(ids_b)):
            basis = "matched" if len(equal) >= MATCHED else "different"
            common = equal if basis == "matched" else common
    chosen = set(common)
    rows_a = np.array([row for row, key in enumerate(ids_a) if key in chosen], dtype=np.int64)
    rows_b = np.array([place[key] for key in common], dtype=np.int64)
    metrics = [name for name in a.column_names if name != "client_id" and name in b.column_names]
    columns = (np.array([t[m].to_numpy()[r] for m in metrics]).T for t, r in ((a, rows_a), (b, rows_b)))
    return Pairing(
        basis=basis,
        clients=len(common),
        alone=(len(ids_a) - len(common), len(ids_b) - len(common)),
        figures=_figures(metrics, *columns, seed=seed) if common else (),
    )


def held_back(dataset: Dataset, seed: int) -> dict[str, int]:
    """Return a number for each client that the test asks, equal where the held-back products are.

    >>> from finrec_core.evaluation import held_back
    >>> held_back(bank, seed=0) == held_back(bank, seed=0)
    True
    """
    test = split_by_client(dataset, seed).test
    wanted = Targets.of(dataset, known=~test, asked=test).wanted  # (clients, products)
    ids, products = dataset.clients["client_id"].to_pylist(), dataset.products["product_id"].to_pylist()
    found = {}
    for row in np.flatnonzero(np.diff(wanted.indptr)).tolist():
        cells = wanted.indices[wanted.indptr[row] : wanted.indptr[row + 1]].tolist()
        found[ids[row]] = hash(frozenset(products[cell] for cell in cells))
    return found


def _figures(metrics: list[str], a: np.ndarray, b: np.ndarray, *, seed: int) -> tuple[PairedFigure, ...]:
    """Return each metric's means and the interval of their difference; `a` and `b` (clients, metrics)."""
    draws = int(np.clip(CELLS // len(a), 1000, DRAWS))
    sample = resampled_means(a - b, seed=seed, draws=draws)
    return tuple(
        PairedFigure(
            metric,
            float(a[:, k].mean()),
            float(b[:, k].mean()),
            interval(sample[:, k]) if len(a) > 1 else None,
        )
        for k, metric in enumerate(metrics)
    )
