"""One client's lists under two models, side by side, with how each product moved."""

import streamlit as st

from finrec_core.explain import wording
from finrec_core.ranking import UnknownIdError
from finrec_core.run_folder import RunFolderError
from finrec_core.store import RunRow, StoreError
from finrec_core.views import two_models
from finrec_core.views.markdown import in_markdown
from finrec_core.views.two_models import Line
from pages.frame import desk, names, searching

LENGTH = 10
FOUND = 30  # clients that the search offers


def show(a: RunRow, b: RunRow) -> None:
    """Ask for a client and show its list under both models."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        text = st.text_input("On client", placeholder="Find a client by name or number", key="on-client")
        try:
            found = searching.clients(a, text, FOUND)
        except (StoreError, RunFolderError) as error:
            st.warning(in_markdown(str(error), 300), icon=":material/help:")
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
    try:
        first, second = _list(a, client.client_id), _list(b, client.client_id)
    except (StoreError, RunFolderError) as error:
        st.warning(in_markdown(str(error), 300), icon=":material/help:")
        return
    for run, lines in ((a, first), (b, second)):
        if lines is None:
            st.caption(f"The model of {in_markdown(names.title(run), 120)} does not know this client.")
    if first is None or second is None:
        return
    right = st.column_config.TextColumn(alignment="right")
    st.caption(f"First {LENGTH}: {two_models.in_common(first[:LENGTH], second[:LENGTH])}.")
    st.dataframe(
        two_models.moves(first, second, LENGTH),
        hide_index=True,
        height="content",
        column_config=dict.fromkeys(("Rank in A", "Rank in B"), right),
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
    ids, called = products["product_id"].to_pylist(), products["name"].to_pylist()
    return [Line(ids[row], called[row] or "", rank) for rank, row in enumerate(order, start=1)]
