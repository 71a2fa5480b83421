"""Examine: the smallest change that drops the product out of the top ten, worked out when it is opened."""

import pandas as pd
import streamlit as st

from finrec_core.explain import shown, smallest, wording
from finrec_core.explain.smallest import Smallest
from finrec_core.views.markdown import sentence
from pages.advise import table
from pages.advise.choice import Choice
from pages.frame import desk, memory

TOP = 10


@st.fragment
def show(choice: Choice) -> None:
    """Show the smallest change of what the client has, in a sentence and a table."""
    box = st.expander(
        "Examine: what would drop it out of the top ten",
        icon=":material/search_insights:",
        on_change="rerun",
        key=f"examine-{choice.run}-{choice.client}-{choice.product}",
    )
    if not box.open:
        return
    with box:
        with st.spinner("Looking for the smallest change"):
            found = _found(choice.run, choice.client, choice.product)
        st.markdown(sentence(smallest.pieces(found, choice.labels())))
        if found.parts:
            table.plain(_removals(choice, found), "What is left out, with the points that it gave")
        st.caption(
            "Of the client's products and connections, with the model as it is. A product that is left out "
            "does not come back onto the list."
        )


def _removals(choice: Choice, found: Smallest) -> pd.DataFrame:
    """Return what is left out: Reason, Kind, Points."""
    names, scale = choice.labels(), choice.ranking.scale
    view = shown(choice.explanation().client_lens, scale)
    whole = {} if view is None else {(row.part.kind, row.part.id): row.points for row in view.parts}
    rows = []
    for part in found.parts:
        points = whole.get((part.kind, part.id), part.value * scale.factor)
        decimals = 0 if isinstance(points, int) else 1
        kind = "Connection" if part.kind == "tie" else "Product"
        rows.append((names.title(part), kind, wording.signed(points, decimals)))
    return pd.DataFrame(rows, columns=["Reason", "Kind", "Points"], dtype=str)


@memory.remembered(max_entries=256)
def _found(run: str, client: str, product: str) -> Smallest:
    return desk.model(run).smallest_change(client, product, TOP)
