"""Test figures by who the client is and by how much is known of it, as dots and as a table."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from finrec_core.evaluation.groups import OTHER, Group
from finrec_core.terms import wording
from finrec_core.terms.bounds import FEW, TOO_FEW
from finrec_core.terms.names import OURS
from finrec_core.views.charts import dots
from finrec_core.views.charts.dots import Dot

KINDS = {
    "segment": "By segment",
    "products": "By products",
    "ties": "By connections",
    "reviews": "By reviews",
}
AMOUNTS = {"0": "No {many}", "1-2": "1 to 2 {many}", "3-9": "3 to 9 {many}", ">=10": "10 or more {many}"}
MANY = {"products": "products", "ties": "connections", "reviews": "reviews"}
LONGEST = 40


def by_products(protocol: Mapping[str, Any], metric: str) -> tuple[Group, ...]:
    """Return the figures of a run's model by what a client has; empty where the run keeps none."""
    found = []
    for name in AMOUNTS:
        one = (protocol.get("by_client_degree") or {}).get(name)
        figure = None if one is None else one["arms"].get(OURS, {}).get(metric)
        if one is None or figure is None:
            continue
        clients = int(one["clients"])
        low, high = figure.get("ci95") or (figure["value"], figure["value"])
        told = clients >= TOO_FEW
        values = (float(figure["value"]), float(low), float(high)) if told else (None, None, None)
        found.append(Group(name, clients, *values))
    return tuple(found)


def name(group: Group, kind: str) -> str:
    """Return a group as the screen names it; names of segments are not escaped."""
    if kind == "segment":
        return (
            wording.capital(OTHER) if group.name == OTHER else wording.name(group.name, "No segment", LONGEST)
        )
    return AMOUNTS[group.name].format(many=MANY[kind])


def dotted(groups: Sequence[Group], kind: str) -> list[Dot]:
    """Return the groups that have a figure as dots, in their order."""
    return [
        Dot.of(name(one, kind), one.value, (one.low, one.high))
        for one in groups
        if one.value is not None and one.low is not None and one.high is not None
    ]


def table(groups: Sequence[Group], kind: str, metric: str) -> pd.DataFrame:
    """Return all groups: Clients, how many, the figure and its interval; few clients are said."""
    rows = [
        (
            name(one, kind),
            f"{one.clients:,}",
            wording.NONE if one.value is None else wording.plain(one.value, 3),
            "too few to tell"
            if one.low is None or one.high is None
            else dots.interval(one.low, one.high) + (", few" if one.clients < FEW else ""),
        )
        for one in groups
    ]
    return pd.DataFrame(rows, columns=["Clients", "Tested", metric, "95 % interval"], dtype=str)


def about(groups: Sequence[Group], kind: str) -> str:
    """Return what is counted, and what to think of small groups."""
    said = {
        "segment": "Segments as in the data. ",
        "products": "What a client has counts without what is held back. ",
        "ties": "Connections as in the data. ",
        "reviews": "Reviews count as in the data, those of held-back products too. ",
    }[kind]
    if any(TOO_FEW <= one.clients < FEW for one in groups):
        said += f"Intervals of fewer than {FEW} clients are narrower than they should be. "
    if any(one.clients < TOO_FEW for one in groups):
        said += f"Of fewer than {TOO_FEW} clients nothing is shown. "
    return f"{said}Groups differ in what is held back, so their figures do not say for whom advice is better."
