"""Examine: the smallest change of what the client has that would drop a product out of the top ten."""

import pandas as pd
import streamlit as st

from finrec_core.access import Scope, narrowed
from finrec_core.explain import shown
from finrec_core.explain.counterfactual import Counterfactual
from finrec_core.narrative import counterfactual
from finrec_core.terms import wording
from finrec_core.views.markdown import sentence
from pages.frame import desk, memory
from pages.recommendations import reasons
from pages.shared.choice import Choice

TOP = 10


def show(choice: Choice) -> None:
    """Show the smallest change of what the client has, in a sentence and a table."""
    st.subheader("What would drop it out of the top ten", anchor=False)
    with st.spinner("Looking for the smallest change"):
        found = _found(choice.run, choice.client, choice.product, desk.scope())
    st.markdown(sentence(counterfactual.pieces(found, choice.labels())))
    if found.contributions:
        reasons.plain(_removals(choice, found), "What is left out, with the points that it gave")
    st.caption(
        "Of the client's products and connections, with the model as it is. A product that is left out "
        "does not come back onto the list."
    )


@memory.remembered(max_entries=256)
def _found(run: str, client: str, product: str, seen: Scope) -> Counterfactual:
    found, dataset = desk.model(run).counterfactual(client, product, TOP), desk.model(run).dataset
    return found if seen.rows(dataset) is None else narrowed(found, lambda other: seen.sees(dataset, other))


def _removals(choice: Choice, found: Counterfactual) -> pd.DataFrame:
    """Return what is left out: Reason, Kind, Points."""
    names, scale = choice.labels(), choice.ranking.scale
    view = shown(choice.explanation().client_lens, scale)
    whole = {} if view is None else {(row.exact.kind, row.exact.id): row.points for row in view.contributions}
    rows = []
    for contribution in found.contributions:
        points = contribution.value * scale.factor
        if contribution.kind != "branches":  # of these perhaps not all are left out
            points = whole.get((contribution.kind, contribution.id), points)
        decimals = 0 if isinstance(points, int) else 1
        kind = {"tie": "Connection", "branches": "Together"}.get(contribution.kind, "Product")
        rows.append((names.title(contribution), kind, wording.signed(points, decimals)))
    return pd.DataFrame(rows, columns=["Reason", "Kind", "Points"], dtype=str)
