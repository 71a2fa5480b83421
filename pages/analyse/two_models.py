"""Two trained models on a page: what is settled between them."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from finrec_core.store import RunRow
from finrec_core.views import two_models
from finrec_core.views.markdown import escaped, in_markdown
from pages.analyse import pairs, two_lists
from pages.frame import names

COLOURS = {"Better": "green", "Worse": "red", "Not settled": "gray", "Higher": "gray", "Lower": "gray"}


def show(runs: Sequence[RunRow]) -> None:
    """Ask for two models, and compare them."""
    st.subheader("Compare two models", anchor=False)
    whole = [run for run in runs if not run.missing]
    if len(whole) < 2:
        st.caption("Once two models are trained, they can be compared here.")
        return
    minutes = names.crowded()
    told = partial(_told, minutes=minutes)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        a = st.selectbox("Model A", whole, format_func=told, key="model-a")
        b = st.selectbox("Model B", whole, index=_other(whole, a), format_func=told, key="model-b")
    if a.run == b.run:
        st.caption("Choose two different models.")
        return
    _measures(a, b)
    two_lists.show(a, b)


def _other(runs: Sequence[RunRow], a: RunRow) -> int:
    """Return the place of the run to propose beside `a`: rather of its data, and rather the one in use."""
    places = [place for place, run in enumerate(runs) if run.run != a.run]
    return max(places, key=lambda place: (runs[place].dataset == a.dataset, runs[place].active, -place))


def _told(run: RunRow, minutes: frozenset[str]) -> str:
    """Return a model as a choice: when it was trained, on what, and with which settings."""
    used = " (in use)" if run.active else ""
    return f"{names.title(run, minutes)}: {two_models.settings(run)}{used}"


def _measures(a: RunRow, b: RunRow) -> None:
    found = pairs.pairing(a, b)
    if isinstance(found, str):
        st.warning(in_markdown(found, 300), icon=":material/help:")
        return
    if not found.clients:
        st.caption(two_models.basis(found))
        return
    table = two_models.measures(found)
    table["Result"] = [[word] for word in table["Result"]]
    right = st.column_config.TextColumn(alignment="right")
    st.dataframe(
        table,
        hide_index=True,
        height="content",
        column_config={
            **dict.fromkeys(("A", "B", "Difference", "95 % interval"), right),
            "Result": st.column_config.MultiselectColumn(
                options=list(COLOURS), color=list(COLOURS.values()), width=110
            ),
        },
        key="measures",
        alt="Figures of both models, their difference with its 95 % interval and what it shows",
    )
    st.caption(escaped(two_models.basis(found)))
