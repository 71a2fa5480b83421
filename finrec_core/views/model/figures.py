"""The figures of a run: what its metrics hold, by name, and the model in use beside them."""

from collections.abc import Mapping, Sequence
from typing import Any

from finrec_core.store import RunRow
from finrec_core.terms import wording
from finrec_core.terms.names import OURS, PER_CLIENT
from finrec_core.views.charts.dots import Dot, interval, of_arms

NAMES = {
    "ndcg@20": "NDCG@20",
    "recall@20": "Recall@20",
    "precision@10": "Precision@10",
    "hit@10": "Hit@10",
    "mrr": "MRR",
    "ndcg@5": "NDCG@5",
    "recall@5": "Recall@5",
    "precision@5": "Precision@5",
    "hit@5": "Hit@5",
}


def protocol(run: RunRow) -> Mapping[str, Any]:
    """Return the figures of a run on each client's held-back products, empty where it has none."""
    return _table(_table(run.metrics.get("protocols")).get(PER_CLIENT))


def _table(value: Any) -> Mapping[str, Any]:  # noqa: ANN401 - whatever somebody put into the files of a run
    return value if isinstance(value, Mapping) else {}


def caveats(run: RunRow) -> list[str]:
    """Return why figures of a run's test mean nothing, none where they do, or where nobody asked then."""
    found = run.metrics.get("caveats")
    return [*map(str, found)] if isinstance(found, list | tuple) else []


def arms(run: RunRow) -> Mapping[str, Any]:
    """Return the figures of the run's model and of the methods that it was compared with."""
    return {name: arm for name, arm in _table(protocol(run).get("arms")).items() if isinstance(arm, Mapping)}


def value(run: RunRow, metric: str) -> float | None:
    """Return one figure of the run's model, None where it has none."""
    found = _table(arms(run).get(OURS, {}).get(metric)).get("value")
    return float(found) if isinstance(found, int | float) else None


def figure(run: RunRow, metric: str) -> str:
    """Return one figure of the run's model in words, a dash where it has none."""
    found = value(run, metric)
    return wording.NONE if found is None else wording.plain(found, 3)


def with_interval(run: RunRow, metric: str) -> str:
    """Return one figure of the run's model with its 95 % interval, as "0.274 (0.261 to 0.287)"."""
    middle, ends = value(run, metric), _table(arms(run).get(OURS, {}).get(metric)).get("ci95")
    if middle is None:
        return wording.NONE
    said = wording.plain(middle, 3)
    if not isinstance(ends, list | tuple) or len(ends) != 2 or None in ends:
        return said
    return f"{said} ({interval(*ends)})"


def comparable(run: RunRow, active: RunRow | None) -> bool:
    """Return whether the model in use is another one that was tested on the same data and split."""
    return (
        active is not None
        and active.run != run.run
        and (active.content_hash, active.seed) == (run.content_hash, run.seed)
    )


def before(run: RunRow, runs: Sequence[RunRow]) -> RunRow | None:
    """Return the training before a run on the same dataset, whatever its version; `runs` in any order."""
    earlier = (other for other in runs if other.dataset == run.dataset and other.created < run.created)
    return max(earlier, key=lambda other: other.created, default=None)


def change(run: RunRow, other: RunRow | None, metric: str) -> str:
    """Return how a figure changed since another run, as "+0.006"; "" where the two do not compare."""
    mine, theirs = value(run, metric), None if other is None else value(other, metric)
    if mine is None or theirs is None or not comparable(run, other):
        return ""
    return wording.signed(mine - theirs, 3)


def dots_of(run: RunRow, active: RunRow | None, metric: str) -> list[Dot]:
    """Return the dots of one metric: the run's model, the model in use where comparable, the methods."""
    found = of_arms(arms(run), metric)
    if active is not None and comparable(run, active):
        found += [
            Dot("Model in use", dot.value, dot.low, dot.high)
            for dot in of_arms({OURS: arms(active).get(OURS, {})}, metric)
        ]
    return found
