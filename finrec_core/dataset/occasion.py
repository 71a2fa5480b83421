"""Occasions: the events of a client that happened together, which no split may cut in two."""

import numpy as np
import pyarrow as pa
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from finrec_core.dataset.dataset import Dataset


def occasions(dataset: Dataset) -> np.ndarray:
    """Return the number of each event's occasion, int64 (interactions,), whatever the order of the rows.

    Events of one client at the same time, or with the same text, are one occasion: a basket, a message that
    names several products. An event without a time is an occasion of its own. Numbers ascend with the place
    of an occasion's first event in `Dataset.order`.
    """
    size = len(dataset.interactions)
    dated = ~np.isnan(dataset.event_days)
    moments = dataset.interactions["timestamp"].cast(pa.int64()).fill_null(0).to_numpy()
    texts = dataset.text_codes
    together = [_groups(dataset.event_clients, moments, dated)]
    together.append(_groups(dataset.event_clients, texts, dated & (texts >= 0)))
    rows = np.concatenate([rows for rows, _ in together])
    groups = np.concatenate([together[0][1], together[1][1] + together[0][1].max(initial=-1) + 1])
    nodes = size + int(groups.max(initial=-1)) + 1
    edges = csr_array((np.ones(len(rows), dtype=np.int8), (rows, size + groups)), shape=(nodes, nodes))
    found = connected_components(edges, directed=False)[1][:size]
    place = np.empty(size, dtype=np.int64)
    place[dataset.order] = np.arange(size)
    first = np.full(int(found.max(initial=-1)) + 1, size)
    np.minimum.at(first, found, place)
    return np.unique(first, return_inverse=True)[1][found]


def copied(dataset: Dataset, keep: np.ndarray) -> np.ndarray:
    """Return which rows that `keep` marks have a text that also stands in another one, (interactions,).

    Whoever wrote the copy: a text that is held back must not be read in the row of somebody else.
    """
    texts = dataset.text_codes
    return keep & (texts >= 0) & np.isin(texts, texts[~keep])


def _groups(clients: np.ndarray, keys: np.ndarray, there: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows marked `there` and the number of each one's group of client and key."""
    rows = np.flatnonzero(there)
    if not len(rows):
        return rows, rows
    order = np.lexsort((keys[rows], clients[rows]))
    one, other = clients[rows][order], keys[rows][order]
    new = np.append(True, (one[1:] != one[:-1]) | (other[1:] != other[:-1]))
    groups = np.empty(len(rows), dtype=np.int64)
    groups[order] = np.cumsum(new) - 1
    return rows, groups
