"""The comparison: the document of `evaluate` as the page Models reads it, in a fixed order and in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from finrec_core.terms import wording
from finrec_core.terms.bounds import FEW, TOO_FEW
from finrec_core.terms.names import COVERAGE, GLOBAL_TIME, OURS, PER_CLIENT
from finrec_core.views.charts import dots
from finrec_core.views.charts.dots import Dot
from finrec_core.views.model import arms
from finrec_core.views.model.figures import NAMES

Document = Mapping[str, Any]
Protocol = Mapping[str, Any]

PROTOCOLS = {PER_CLIENT: "Client by client", GLOBAL_TIME: "One date for all"}
KINDS = {"by_client_degree": "By what the client has", "by_product_degree": "By how many have the product"}
SLICES = {
    "by_client_degree": {
        "0": "No products",
        "1-2": "1 to 2 products",
        "3-9": "3 to 9 products",
        ">=10": "10 or more products",
    },
    "by_product_degree": {
        "<=4": "Held by 4 or fewer",
        "5-19": "Held by 5 to 19",
        ">=20": "Held by 20 or more",
    },
}
BESIDE = ("graph-network", "text-network", "text-closed", "ease", "lightgcn", "popularity")  # in a slice
MOST = 5  # arms in the figure of a slice; its table has all


@dataclass(frozen=True)
class Slice:
    """The clients of one slice: its name, how many they are and the arms on them, in order of the whole."""

    name: str
    clients: int
    arms: tuple[Dot, ...]

    @property
    def drawn(self) -> bool:
        """Whether the slice has clients enough for a figure."""
        return self.clients >= TOO_FEW and bool(self.arms)

    @property
    def size(self) -> str:
        """How many clients, and that they are few where they are."""
        counted = wording.counted(self.clients, "client")
        if self.clients < TOO_FEW:
            return f"{counted}, too few to tell"
        return f"only {counted}" if self.clients < FEW else counted


def protocols(document: Document) -> list[str]:
    """Return the protocols of a document, client by client first."""
    present = document.get("protocols", {})
    return [name for name in PROTOCOLS if name in present]


def whole_data(document: Document) -> bool:
    """Return whether a comparison was made on all interactions, and not on a share of them."""
    return float(document.get("keep", 1.0)) >= 1.0


def extent(document: Document) -> str:
    """Return how much a comparison holds, as "12 methods, 3 seeds" or "..., 30 % of the data"."""
    first: Protocol = next((document["protocols"][name] for name in protocols(document)), {})
    parts = [wording.counted(len(first.get("arms", {})), "method")]
    if first.get("seeds"):
        parts.append(wording.counted(len(first["seeds"]), "seed"))
    if not whole_data(document):
        parts.append(f"{wording.percent(float(document['keep']), 0)} of the data")
    return ", ".join(parts)


def ours(protocol: Protocol) -> str | None:
    """Return the arm that the others are compared with: the fused model, or the one that took its place."""
    present = protocol.get("arms", {})
    if OURS in present or not present:
        return OURS if present else None
    pairs = protocol.get("paired") or [{"a": next(iter(present)) if len(present) == 1 else None}]
    return pairs[0]["a"]


def metrics(protocol: Protocol) -> list[str]:
    """Return the metrics that any arm has, most telling first."""
    held = {metric for figures in protocol.get("arms", {}).values() for metric in figures}
    return [metric for metric in NAMES if metric in held]


def whole(protocol: Protocol, metric: str) -> list[Dot]:
    """Return all arms on all clients, ours first, then the best."""
    return dots.of_arms(protocol.get("arms", {}), metric, ours(protocol) or "")


def slices(protocol: Protocol, kind: str, metric: str) -> list[Slice]:
    """Return the slices of a kind in their order, every one with its arms in the order of the whole."""
    order = [dot.name for dot in whole(protocol, metric)]
    held = protocol.get(kind) or {}
    known = SLICES[kind]
    found = []
    for key in [*(key for key in known if key in held), *sorted(held.keys() - known.keys())]:
        of_slice = dots.of_arms(held[key]["arms"], metric, ours(protocol) or "")
        of_slice.sort(key=lambda dot: order.index(dot.name) if dot.name in order else len(order))
        name = known.get(key) or wording.name(key, "", 40)
        found.append(Slice(name, int(held[key]["clients"]), tuple(of_slice)))
    return found


def telling(protocol: Protocol, metric: str) -> list[str]:
    """Return the titles of the arms that a slice's figure has room for: ours and what it should beat."""
    order = [dot.name for dot in whole(protocol, metric)]
    wanted = [arms.title(arm) for arm in BESIDE]
    ranked = sorted(order[1:], key=lambda name: wanted.index(name) if name in wanted else len(wanted))
    chosen = {*order[:1], *ranked[: MOST - 1]}
    return [name for name in order if name in chosen]


def scale(found: list[Slice], shown: list[str]) -> tuple[float, float] | None:
    """Return one scale for the figures of all slices, None where none is drawn."""
    held = [dot for one in found if one.drawn for dot in one.arms if dot.name in shown]
    return dots.ends(held) if held else None


def slice_table(found: list[Slice]) -> pd.DataFrame:
    """Return the slices as a table of all arms: Method, then value and interval of each slice."""
    names = list(dict.fromkeys(dot.name for one in found for dot in one.arms))
    table = {"Method": names}
    for one in found:
        cells = {
            dot.name: wording.plain(dot.value, 3) + ("" if dot.low is None else f" ({dot.interval()})")
            for dot in one.arms
        }
        table[f"{one.name}, {one.size}"] = [cells.get(name, wording.NONE) for name in names]
    return pd.DataFrame(table)


def figures_table(protocol: Protocol, metric: str) -> pd.DataFrame:
    """Return every figure of every arm: Method, a metric with its interval, then the other metrics."""
    held, dotted = protocol.get("arms", {}), whole(protocol, metric)
    table = dots.table(dotted, NAMES[metric])
    by_title = {arms.title(arm): figures for arm, figures in held.items()}
    shown = [other for other in metrics(protocol) if other != metric]
    if any(COVERAGE in figures for figures in held.values()):
        shown.append(COVERAGE)
    for other in shown:
        name = NAMES.get(other, "Catalogue in top 20")
        table[name] = [_figure(by_title[dot.name], other) for dot in dotted]
    return table


def constants_table(protocol: Protocol) -> pd.DataFrame:
    """Return what each arm chose and how long that took: Method, Took, Chosen."""
    chosen, took = protocol.get("constants", {}), protocol.get("seconds", {})
    order = sorted(chosen.keys() | took.keys(), key=lambda arm: (arm != ours(protocol), arm))
    return pd.DataFrame(
        {
            "Method": [arms.title(arm) for arm in order],
            "Took": [wording.NONE if took.get(arm) is None else wording.duration(took[arm]) for arm in order],
            "Chosen": [", ".join(settings(chosen.get(arm) or {})) or wording.NONE for arm in order],
        }
    )


@dataclass(frozen=True, repr=False)
class Control:
    """A check on the comparison itself: what was done, what the arms then reached, and the differences."""

    name: str
    description: str
    metric: str
    figures: pd.DataFrame
    differences: pd.DataFrame

    def __repr__(self) -> str:
        return f"Control({self.name}: {len(self.figures)} methods, {len(self.differences)} differences)"


def controls(protocol: Protocol, metric: str) -> list[Control]:
    """Return the controls of a protocol; one that lacks the metric is told by its own first."""
    found = []
    for name, control in (protocol.get("controls") or {}).items():
        held = metrics(control)
        told = metric if metric in held else next(iter(held), metric)
        title = wording.capital(wording.name(name.replace("-", " "), "", 60))
        description = wording.name(control.get("description"), "", 400) if control.get("description") else ""
        figures = dots.table(dots.of_arms(control.get("arms", {}), told, ""), NAMES.get(told, told))
        found.append(
            Control(title, description, told, figures, _differences(control.get("paired", ()), told))
        )
    return found


def _differences(paired: Sequence[Mapping[str, Any]], metric: str) -> pd.DataFrame:
    """Return the paired rows of a control: Compared, Difference, 95 % interval, Result."""
    each = [(pair["a"], dots.against([pair], metric, pair["a"])) for pair in paired]
    tables = [
        table.assign(Against=f"{arms.title(arm)} against " + table["Against"])
        for arm, table in each
        if len(table)
    ]
    whole = pd.concat(tables, ignore_index=True) if tables else dots.against([], metric)
    return whole.rename(columns={"Against": "Compared"})


def _figure(figures: Mapping[str, Any], metric: str) -> str:
    value = figures.get(metric, {}).get("value")
    if value is None:
        return wording.NONE
    return wording.plain(value, 3) if metric in NAMES else wording.percent(value, 0)


def settings(values: Mapping[str, Any], before: str = "") -> list[str]:
    """Return constants on one line each, those of a part behind its name: "network rate 0.02"."""
    found = []
    for key, value in values.items():
        name = f"{before}{key.replace('_', ' ')}"
        if isinstance(value, Mapping):
            found += settings(value, f"{name} ")
        else:
            found.append(f"{name} {_value(value)}")
    return [wording.name(one, "", 120) for one in found]


def _value(value: Any) -> str:  # noqa: ANN401 - any JSON value
    if isinstance(value, bool) or value is None:
        return {True: "yes", False: "no", None: "none"}[value]
    if isinstance(value, list):
        return " + ".join(_value(one) for one in value)
    return f"{value:g}" if isinstance(value, float) else str(value)
