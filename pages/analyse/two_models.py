"""Two trained models on a page: what is settled between them, and one client's lists side by side."""

from collections.abc import Sequence

import streamlit as st

from finrec_core.explain import wording
from finrec_core.ranking import UnknownIdError
from finrec_core.store import RunRow, StoreError
from finrec_core.views import two_models
from finrec_core.views.markdown import escaped, in_markdown
from finrec_core.views.two_models import Line
from pages.analyse import changing, pairs
from pages.frame import desk

LENGTH = 10
FOUND = 30  # clients that the search offers
COLOURS = {"Better": "green", "Worse": "red", "Not settled": "gray", "Higher": "gray", "Lower": "gray"}


def show(runs: Sequence[RunRow]) -> None:
    """Ask for two models, and compare them."""
    st.subheader("Compare two models", anchor=False)
    whole = [run for run in runs if not run.missing]
    if len(whole) < 2:
        st.caption("Once two models are trained, they can be compared here.")
        return
    in_use = next((place for place, run in enumerate(whole) if run.active), 0)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        a = st.selectbox("Model A", whole, format_func=_told, key="model-a")
        other = in_use if whole[in_use].run != a.run else (in_use + 1) % len(whole)
        b = st.selectbox("Model B", whole, index=other, format_func=_told, key="model-b")
    if a.run == b.run:
        st.caption("Choose two different models.")
        return
    _measures(a, b)
    _lists(a, b)


def _told(run: RunRow) -> str:
    """Return a model as a choice: when it was trained, on what, and with which settings."""
    used = " (in use)" if run.active else ""
    return f"{changing.title(run)}: {two_models.settings(run)}{used}"


def _measures(a: RunRow, b: RunRow) -> None:
    found = pairs.pairing(a, b)
    if isinstance(found, str):
        st.warning(in_markdown(found, 300), icon=":material/help:")
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


def _lists(a: RunRow, b: RunRow) -> None:
    """Ask for a client and show its list under both models."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        text = st.text_input("On client", placeholder="Find a client by name or number", key="on-client")
        try:
            found = desk.store().search_clients(text, name=a.dataset, version=a.version, limit=FOUND)
        except StoreError as error:
            st.caption(in_markdown(str(error), 300))
            return
        if not found:
            st.caption("No client's name or number holds this.")
            return
        client = st.selectbox(
            "Client",
            found,
            format_func=lambda one: wording.name(one.name, one.client_id, 60),
            key=f"client-{text}",
        )
    first, second = _list(a, client.client_id), _list(b, client.client_id)
    for run, lines in ((a, first), (b, second)):
        if lines is None:
            st.caption(f"The model of {in_markdown(changing.title(run), 120)} does not know this client.")
    if first is None or second is None:
        return
    ranks = {line.product: line.rank for line in second}
    st.caption(f"First {LENGTH}: {two_models.in_common(first[:LENGTH], second[:LENGTH])}.")
    st.dataframe(
        two_models.moves(first[:LENGTH], second[:LENGTH], ranks),
        hide_index=True,
        height="content",
        column_config={"Rank in B": st.column_config.TextColumn(alignment="right")},
        key="moves",
        alt="The client's first products under model A, with their ranks under model B and how they moved",
    )


def _list(run: RunRow, client: str) -> list[Line] | None:
    """Return the client's whole list under a model, None where the model does not know the client."""
    recommender = desk.model(run.run)
    try:
        order = desk.ranking(run.run, client).order.tolist()
    except UnknownIdError:
        return None
    products = recommender.dataset.products
    ids, names = products["product_id"].to_pylist(), products["name"].to_pylist()
    return [Line(ids[row], names[row] or "", rank) for rank, row in enumerate(order, start=1)]
