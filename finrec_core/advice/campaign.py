"""The campaign: which clients to speak to about a product, by what is known of them and who was asked."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from finrec_core.advice.decision_log import DecisionLog
from finrec_core.dataset import Dataset

FIELDS = ("segment", "branch", "adviser")  # columns of clients that one chooses values of


@dataclass(frozen=True)
class Wanted:
    """Which clients are wanted; what is empty asks for all.

    `verdicts` on the product; values of `segment`, `branch` and `adviser`; categories of each of which a
    client `has` a product, and of none of which it has one, `lacks`.
    """

    verdicts: tuple[str, ...] = ()
    segment: tuple[str, ...] = ()
    branch: tuple[str, ...] = ()
    adviser: tuple[str, ...] = ()
    has: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()


def choices(dataset: Dataset, column: str) -> list[str]:
    """Return the values that clients have in a column, in their order; none where all have the same."""
    found = sorted({value for value in dataset.clients[column].unique().to_pylist() if value})
    return found if len(found) > 1 else []


def wanted_rows(
    dataset: Dataset, wanted: Wanted, *, verdicts: np.ndarray | None, asked: Collection[str] = ()
) -> np.ndarray:
    """Return which clients are wanted, bool (clients,).

    `verdicts` on the product, (clients,), None where none can be told, and then none is asked for; `asked`
    are the ids of those who were asked lately.
    """
    kept = np.ones(len(dataset.clients), dtype=bool)
    if wanted.verdicts and verdicts is not None:
        kept &= np.isin(verdicts, wanted.verdicts)
    for column in FIELDS:
        if values := getattr(wanted, column):
            told = np.array([one or "" for one in dataset.clients[column].to_pylist()], dtype=object)
            kept &= np.isin(told, values)
    for category in wanted.has:
        kept &= _holding(dataset, category)
    for category in wanted.lacks:
        kept &= ~_holding(dataset, category)
    for client in asked:
        if (row := dataset.client_rows.get(client)) is not None:
            kept[row] = False
    return kept


def asked_since(log: DecisionLog, since: datetime | None) -> set[str]:
    """Return the clients about whom an entry stands that was written since then; none for None."""
    if since is None:
        return set()
    return {entry.decision.client for entry in log.entries if entry.created >= since and log.stands(entry)}


def categories(dataset: Dataset) -> Sequence[str]:
    """Return the categories of the catalogue in their order."""
    return sorted({value for value in dataset.products["category"].unique().to_pylist() if value})


def _holding(dataset: Dataset, category: str) -> np.ndarray:
    """Return which clients have a product of a category, bool (clients,)."""
    of_it = np.array([one == category for one in dataset.products["category"].to_pylist()], dtype=bool)
    pairs = dataset.pairs
    mine = pairs.held & of_it[pairs.products]
    return np.bincount(pairs.clients[mine], minlength=len(dataset.clients)) > 0
