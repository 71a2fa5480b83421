"""The tests of a model as its card holds them: every method with its interval, differences and slices."""

from collections.abc import Mapping
from typing import Any

from finrec_core.terms.bounds import TOO_FEW
from finrec_core.terms.names import COVERAGE, GLOBAL_TIME, PER_CLIENT
from finrec_core.views import arms, comparison, dots
from finrec_core.views.figures import NAMES

METRICS = (*NAMES, COVERAGE)
DESCRIPTIONS = {
    PER_CLIENT: (
        "Of each client with three or more products the last fifth by time is held back, at least one; "
        "products of equal or missing time are in a seeded order. The whole catalogue is ranked without what "
        "the client is known to have. Constants are chosen on validation rows before these; the held-back "
        "rows are asked once."
    ),
    GLOBAL_TIME: (
        "What came after one date is held back for all clients. The whole catalogue is ranked without what "
        "the client is known to have. Constants are chosen on validation rows before that date; the "
        "held-back rows are asked once."
    ),
}
Test = dict[str, Any]


def tests(document: Mapping[str, Any], source: str, made: str, by: str) -> list[Test]:
    """Return the tests of a document of `evaluate`, one for each protocol.

    `source` is "training" or "comparison", `made` an ISO time and `by` whoever made it.
    """
    return [
        {
            "source": source,
            "made": made,
            "by": by,
            "share_of_data": float(document.get("keep", 1.0)),
            **_protocol(document["protocols"][name], name),
        }
        for name in comparison.protocols(document)
    ]


def _protocol(protocol: Mapping[str, Any], name: str) -> Test:
    ours = comparison.ours(protocol)
    order = [ours, *(arm for arm in protocol.get("arms", {}) if arm != ours)] if ours else []
    return {
        "protocol": name,
        "title": comparison.PROTOCOLS[name],
        "description": DESCRIPTIONS[name],
        "clients": protocol.get("clients"),
        "seeds": list(protocol.get("seeds", ())),
        "model": ours,
        "arms": [_arm(protocol["arms"][arm], arm, ours) for arm in order],
        "paired": [
            {
                "against": pair["b"],
                "title": arms.title(pair["b"]),
                "metric": pair["metric"],
                "relative": pair["relative"],
                "ci95": list(pair["ci95"]),
                "result": dots.verdict(*pair["ci95"]),
            }
            for pair in protocol.get("paired", ())
            if pair["a"] == ours
        ],
        "slices": {
            kind: [
                {
                    "name": key,
                    "title": comparison.SLICES[kind].get(key, key),
                    "clients": one["clients"],
                    # Of fewer clients the figures would be those of single persons.
                    "arms": []
                    if one["clients"] < TOO_FEW
                    else [_arm(figures, arm, ours) for arm, figures in one["arms"].items()],
                }
                for key, one in _ordered(protocol.get(kind) or {}, kind)
            ]
            for kind in comparison.KINDS
        },
        "controls": [
            {
                "name": key,
                "description": control.get("description", ""),
                "arms": [_arm(figures, arm, None) for arm, figures in control.get("arms", {}).items()],
            }
            for key, control in (protocol.get("controls") or {}).items()
        ],
        "notes": list(protocol.get("notes", ())),
    }


def _ordered(held: Mapping[str, Any], kind: str) -> list[tuple[str, Any]]:
    """Return slices in the order of the screen, those it does not know last."""
    known = list(comparison.SLICES[kind])
    return sorted(held.items(), key=lambda one: known.index(one[0]) if one[0] in known else len(known))


def _arm(figures: Mapping[str, Any], arm: str, ours: str | None) -> dict[str, Any]:
    return {
        "arm": arm,
        "title": arms.title(arm),
        "model": arm == ours,
        "metrics": {
            metric: {"value": figures[metric]["value"], "ci95": figures[metric].get("ci95")}
            for metric in METRICS
            if metric in figures
        },
    }
