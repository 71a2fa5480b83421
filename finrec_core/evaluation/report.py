"""The report: per-client metrics of several arms as values, intervals and paired differences."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from finrec_core.evaluation.holdout import Holdout, Measured, Slice
from finrec_core.evaluation.intervals import interval, relative, resampled_means

Figure = dict[str, Any]  # {"value": float | None, "ci95": [low, high] | None}


def protocol_document(holdout: Holdout, measured: Mapping[str, Measured], ours: str) -> dict[str, Any]:
    """Return `arms`, `paired`, `by_product_degree` and `by_client_degree` (docs/model.md, "Protocol").

    `paired` compares `ours` with every other arm: the relative difference of the means, a share of
    1. Coverage has no interval: a sample of clients always covers less than all of them. A single client
    has none either and is compared with nothing, since drawing it again and again says nothing of others.
    """
    if not measured:
        return {"arms": {}, "paired": [], "by_product_degree": {}, "by_client_degree": {}}
    means, sample = _resampled(measured, ("all", ""))
    arms = _figures(means, sample)
    for name, one in measured.items():
        arms[name] |= {metric: {"value": value, "ci95": None} for metric, value in one.coverage.items()}
    return {
        "arms": arms,
        "paired": _paired(means, sample, ours),
        "by_product_degree": _slices(holdout, measured, "product"),
        "by_client_degree": _slices(holdout, measured, "client"),
    }


def _slices(holdout: Holdout, measured: Mapping[str, Measured], kind: str) -> dict[str, Any]:
    """Return {slice: {"clients", "arms"}} for the slices of a kind that hold anybody."""
    found = {}
    for key, values in next(iter(measured.values())).values.items():
        if key[0] != kind:
            continue
        clients = int(np.isfinite(values["mrr"]).sum())
        if clients:
            found[key[1]] = {"clients": clients, "arms": _figures(*_resampled(measured, key))}
    return found


def _resampled(
    measured: Mapping[str, Measured], key: Slice
) -> tuple[dict[tuple[str, str], float], dict[tuple[str, str], np.ndarray]]:
    """Return each (arm, metric)'s mean over the slice's clients and its bootstrap sample (draws,).

    There are no samples of a single client.
    """
    columns = {
        (arm, metric): values for arm, one in measured.items() for metric, values in one.values[key].items()
    }
    table = np.stack(list(columns.values()), axis=1)  # (asked, arms * metrics)
    table = table[np.isfinite(table).all(axis=1)]
    means = dict(zip(columns, table.mean(axis=0).tolist(), strict=True))
    if len(table) < 2:
        return means, {}
    return means, dict(zip(columns, resampled_means(table).T, strict=True))


def _figures(
    means: Mapping[tuple[str, str], float], sample: Mapping[tuple[str, str], np.ndarray]
) -> dict[str, dict[str, Figure]]:
    found: dict[str, dict[str, Figure]] = {}
    for (arm, metric), mean in means.items():
        drawn = sample.get((arm, metric))
        figure = {"value": mean, "ci95": None if drawn is None else list(interval(drawn))}
        found.setdefault(arm, {})[metric] = figure
    return found


def _paired(
    means: Mapping[tuple[str, str], float], sample: Mapping[tuple[str, str], np.ndarray], ours: str
) -> list[dict[str, Any]]:
    """Return ours against each other arm, metric by metric; one whose rival can be zero is left out."""
    found = []
    for (arm, metric), mean in means.items():
        if arm == ours or (arm, metric) not in sample:
            continue
        gain = relative(sample[ours, metric], sample[arm, metric])
        if np.isnan(gain).any():
            continue
        found.append(
            {
                "a": ours,
                "b": arm,
                "metric": metric,
                "relative": means[ours, metric] / mean - 1.0,
                "ci95": list(interval(gain)),
            }
        )
    return found
