"""The findings: in plain words, what a comparison shows to be better and what it leaves open."""

from collections.abc import Mapping
from typing import Any

from finrec_core.terms import wording
from finrec_core.terms.names import GLOBAL_TIME, OURS, PER_CLIENT
from finrec_core.views.charts import dots
from finrec_core.views.model import arms, comparison

# What the model does better where its figure is higher, by the metric's name before the @.
BETTER = {
    "ndcg": "ranks held-back products better than",
    "recall": "finds more of the held-back products than",
    "precision": "lists more held-back products than",
    "hit": "finds a held-back product for more clients than",
    "mrr": "ranks the first held-back product higher than",
}


def sentences(protocol: Mapping[str, Any], metric: str, name: str = PER_CLIENT) -> str:
    """Return what one protocol of a comparison shows for a metric, as one or two sentences.

    A difference is settled where its 95 % interval does not hold 0. The text holds names of arms and is
    not escaped.
    """
    present, mine = protocol.get("arms", {}), comparison.ours(protocol)
    if not present:
        why = " ".join(protocol.get("notes", ())) or "No method was tested."
        return f"Nothing is shown to be better. {why}"
    lead = _lead(protocol.get("clients"), name)
    if len(present) == 1:
        only = arms.inside(next(iter(present)))
        return f"{lead} only {only} was tested, so there is nothing to compare it with."
    if mine is None:
        tested = wording.counted(len(present), "method")
        return f"{lead} {tested} were tested, but none was compared with another."
    absent = "" if mine == OURS else " The fused model is not part of this comparison."
    return f"{lead} {'; '.join(_parts(protocol, metric, mine))}.{absent}"


def _lead(clients: int | None, name: str) -> str:
    who = "the tested clients" if clients is None else wording.counted(clients, "client")
    when = ", tested on what came after one date," if name == GLOBAL_TIME else ""
    return f"On {who}{when}"


def _parts(protocol: Mapping[str, Any], metric: str, mine: str) -> list[str]:
    """Return what is better, what is worse, what is not settled and what has no interval, as far as any."""
    results = {
        pair["b"]: dots.result(pair["ci95"])
        for pair in protocol.get("paired", ())
        if pair["a"] == mine and pair["metric"] == metric
    }
    others = [arm for arm in _ordered(protocol, metric) if arm != mine]
    groups = {
        verdict: [arms.inside(arm) for arm in others if results.get(arm) == verdict]
        for verdict in (dots.BETTER, dots.WORSE, dots.NOT_SETTLED, None)
    }
    we = arms.inside(mine)
    found = []
    if groups[dots.BETTER]:
        does = BETTER.get(metric.partition("@")[0], "does better than")
        found.append(f"{we} {does} {wording.joined(groups[dots.BETTER])}")
    if groups[dots.WORSE]:
        verb = "is" if len(groups[dots.WORSE]) == 1 else "are"
        found.append(f"{wording.joined(groups[dots.WORSE])} {verb} better than {we} here")
    if groups[dots.NOT_SETTLED]:
        named = wording.joined(groups[dots.NOT_SETTLED])
        found.append(
            f"against {named} the difference is not settled"
            if found
            else f"no difference is settled between {we} and {named}"
        )
    if groups[None]:
        found.append(f"for the difference to {wording.joined(groups[None])} no interval is known")
    return found


def _ordered(protocol: Mapping[str, Any], metric: str) -> list[str]:
    """Return the arms from the weakest to the best on a metric, those without it first."""
    present = protocol["arms"]
    return sorted(present, key=lambda arm: ((present[arm].get(metric) or {}).get("value") or 0.0, arm))
