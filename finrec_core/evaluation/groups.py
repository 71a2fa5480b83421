"""Groups: a model's test figures by who the client is, and by how much is known of it."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from finrec_core.dataset import Dataset
from finrec_core.evaluation.holdout import CLIENT_SLICES
from finrec_core.evaluation.intervals import interval, resampled_means
from finrec_core.terms.bounds import TOO_FEW

OTHER = "all smaller segments"  # of fewer than five clients each, together


@dataclass(frozen=True)
class Group:
    """Some of the tested clients: the mean of a figure over them and its 95 % interval.

    Of fewer than five clients all three are None.
    """

    name: str
    clients: int
    value: float | None
    low: float | None
    high: float | None

    def __post_init__(self) -> None:
        if (self.value is None) != (self.clients < TOO_FEW):
            raise ValueError("a group has a figure where it has clients enough, and only there.")


def by_segment(tested: pa.Table, dataset: Dataset, metric: str) -> tuple[Group, ...]:
    """Return the figures of each segment, the largest first; clients without one are the group "".

    `tested` has the column `client_id` and one for each metric. Segments of fewer than five clients stand
    together, last.
    """
    rows = _rows(tested, dataset)
    segments = pc.fill_null(dataset.clients["segment"], "").to_pylist()
    names = np.array([segments[row] for row in rows], dtype=object)
    sizes = Counter(names.tolist())
    large = [name for name, size in sizes.items() if size >= TOO_FEW]
    values = _values(tested, metric)
    groups = [
        _group(name, values[names == name]) for name in sorted(large, key=lambda name: (-sizes[name], name))
    ]
    rest = values[[name not in large for name in names]]
    return (*groups, *([_group(OTHER, rest)] if len(rest) else []))


def by_ties(tested: pa.Table, dataset: Dataset, metric: str) -> tuple[Group, ...]:
    """Return the figures by how many connections a client has."""
    ends = np.sort(dataset.tie_rows, axis=1)
    ends = np.unique(ends[ends[:, 0] != ends[:, 1]], axis=0) if len(ends) else ends
    return _by_amount(tested, dataset, metric, np.bincount(ends.ravel(), minlength=len(dataset.clients)))


def by_reviews(tested: pa.Table, dataset: Dataset, metric: str) -> tuple[Group, ...]:
    """Return the figures by how many reviews a client has written, held-back ones included."""
    told = np.array([bool(text) for text in dataset.review_texts], dtype=bool)
    written = np.bincount(dataset.event_clients[told], minlength=len(dataset.clients))
    return _by_amount(tested, dataset, metric, written)


EVIDENCE: Mapping[str, Callable[[pa.Table, Dataset, str], tuple[Group, ...]]] = {
    "ties": by_ties,
    "reviews": by_reviews,
}


def _by_amount(tested: pa.Table, dataset: Dataset, metric: str, amounts: np.ndarray) -> tuple[Group, ...]:
    """Return the figures of clients by an amount (clients,), groups without anybody left out."""
    rows, values = _rows(tested, dataset), _values(tested, metric)
    own = amounts[rows]
    groups = []
    for name, (low, high) in CLIENT_SLICES.items():
        inside = (own >= low) & (own <= (np.inf if high is None else high))
        if inside.any():
            groups.append(_group(name, values[inside]))
    return tuple(groups)


def _rows(tested: pa.Table, dataset: Dataset) -> Sequence[int]:
    """Return the client row of each tested client; raises `ValueError` for one that the dataset lacks."""
    found = [dataset.client_rows.get(key, -1) for key in tested["client_id"].to_pylist()]
    if -1 in found:
        raise ValueError("these test figures are of clients that the dataset does not have.")
    return found


def _values(tested: pa.Table, metric: str) -> np.ndarray:
    return tested[metric].to_numpy(zero_copy_only=False).astype(np.float64)


def _group(name: str, values: np.ndarray) -> Group:
    """Return a group over its clients' figures (clients,)."""
    if len(values) < TOO_FEW:
        return Group(name, len(values), None, None, None)
    low, high = interval(resampled_means(values[:, None])[:, 0])
    return Group(name, len(values), float(values.mean()), low, high)
