"""Documents of `evaluate` for the tests of what is made of them."""

from typing import Any


def figure(value: float, half: float = 0.02) -> dict[str, Any]:
    """Return a mean with an interval of that half width."""
    return {"value": value, "ci95": [value - half, value + half]}


def pair(other: str, low: float, high: float, a: str = "fused", metric: str = "ndcg@20") -> dict[str, Any]:
    """Return a paired difference, the relative mean in the middle of its interval."""
    return {"a": a, "b": other, "metric": metric, "relative": (low + high) / 2, "ci95": [low, high]}


def protocol(clients: int = 458, a: str = "fused", **results: tuple[float, float] | None) -> dict[str, Any]:
    """Return a protocol of `a` against others, each with the ends of its difference, None for no difference.

    Names take `_` for `-`. The weaker an arm, the earlier it stands in `results`.
    """
    others = {name.replace("_", "-"): ends for name, ends in results.items()}
    arms = {arm: {"ndcg@20": figure(0.1 + 0.01 * place)} for place, arm in enumerate(others)}
    return {
        "arms": arms | {a: {"ndcg@20": figure(0.3)}},
        "paired": [pair(arm, *ends, a=a) for arm, ends in others.items() if ends],
        "clients": clients,
        "seeds": [0],
        "notes": [],
    }
