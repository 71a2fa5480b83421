"""Which products a model's lists show, beside what clients have, and which they never do."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pyarrow as pa

from finrec_core.advice.exposure import Exposure
from finrec_core.dataset import Dataset
from finrec_core.dataset.naming import product_names
from finrec_core.terms import wording
from finrec_core.views.charts import frame
from finrec_core.views.charts.draft import Draft
from finrec_core.views.charts.theme import Theme

TITLE = "Tenths of the catalogue, the most widespread first"


def figure(found: Exposure, theme: Theme, *, size: int = 13) -> go.Figure:
    """Return how the first places fall on tenths of the catalogue, beside how interactions do."""
    names = names_of(found)
    drawn = Draft()
    for values, colour, name, shift in (
        (found.places, theme.accent, "Places on lists", -0.2),
        (found.interactions, theme.grey, "Interactions", 0.2),
    ):
        drawn.add_bar(
            x=[k + shift for k in range(len(names))],
            y=[100 * value for value in values],
            width=0.36,
            name=name,
            marker={"color": colour, "line": {"width": 0}, "cornerradius": 0},
            hovertext=[
                f"{name}, {tenth}: {wording.percent(value)}"
                for tenth, value in zip(names, values, strict=True)
            ],
            hoverinfo="text",
        )
    frame.frame(drawn, theme, height=320, size=size, top=30)
    frame.show_legend(drawn, theme)
    drawn.update_xaxes(
        tickmode="array",
        tickvals=list(range(len(names))),
        ticktext=[str(k + 1) for k in range(len(names))],
        title={"text": TITLE, "font": {"color": theme.muted, "size": size}, "standoff": 10},
        tickfont={"color": theme.muted},
    )
    drawn.update_yaxes(
        ticksuffix=" %", gridcolor=theme.faint, tickfont={"color": theme.muted}, rangemode="tozero"
    )
    return drawn.figure()


def names_of(found: Exposure) -> list[str]:
    """Return the names of the tenths, the most widespread first."""
    return [f"{wording.ordinal(k + 1)} tenth" for k in range(len(found.places))]


def table(found: Exposure) -> pd.DataFrame:
    """Return the tenths as a table: Tenth, Places on lists, Interactions."""
    rows = [
        (name, wording.percent(places), wording.percent(share))
        for name, places, share in zip(names_of(found), found.places, found.interactions, strict=True)
    ]
    return pd.DataFrame(rows, columns=["Tenth", "Places on lists", "Interactions"], dtype=str)


def alternative(found: Exposure) -> str:
    """Return the tenths in words."""
    each = "; ".join(
        f"{name} {wording.percent(places)} of places, {wording.percent(share)} of interactions"
        for name, places, share in zip(names_of(found), found.places, found.interactions, strict=True)
    )
    return f"{TITLE}: {each}."


def bias(found: Exposure) -> str:
    """Return whether the lists go by popularity more than clients do, in words."""
    if not found.places:
        return "There are no lists yet."
    lists, data = found.places[0], found.interactions[0]
    lean = "more" if lists > data + 0.005 else "less" if lists < data - 0.005 else "as much"
    than = "as" if lean == "as much" else "than"
    said = (
        f"The most widespread tenth of the products takes {wording.percent(lists, 0)} of the first ten "
        f"places; it has {wording.percent(data, 0)} of all interactions. The lists lean on widespread "
        f"products {lean} {than} the clients do."
    )
    if found.rank_holders is not None:
        said += (
            " A product's place and its number of holders go together at "
            f"{wording.plain(found.rank_holders, 2)}, where 1 is popularity alone and 0 is no relation."
        )
    return said


def never_shown(found: Exposure, dataset: Dataset) -> pa.Table:
    """Return the offered products that stand in no list's first twenty: product, name, category, holders."""
    rows, names = pa.array(found.never), product_names(dataset)
    held = np.bincount(dataset.pair_products[dataset.positive], minlength=len(dataset.products))
    return pa.table(
        {
            "product": dataset.products["product_id"].take(rows),
            "name": pa.array([names[row] or None for row in found.never.tolist()], pa.string()),
            "category": dataset.products["category"].take(rows),
            "holders": pa.array(held[found.never]),
        }
    )
