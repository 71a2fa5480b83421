"""Two trained models beside each other: what is settled between them, and one client's lists under both."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from finrec_core.advice.emptiness import nothing_left
from finrec_core.dataset.naming import product_names, with_id
from finrec_core.narrative.former import formers
from finrec_core.ranking import UnknownIdError
from finrec_core.run_folder import RunFolderError
from finrec_core.store import RunRow, StoreError
from finrec_core.views.markdown import escaped, in_markdown
from finrec_core.views.model import two_models
from finrec_core.views.model.two_models import Line
from pages.frame import desk, models
from pages.shared import clients, publication

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
    minutes = models.crowded()
    told = partial(_option, minutes=minutes)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        a = st.selectbox("Model A", whole, format_func=told, key="model-a")
        b = st.selectbox("Model B", whole, index=_other(whole, a), format_func=told, key="model-b")
    if a.run == b.run:
        st.caption("Choose two different models.")
        return
    _measures(a, b)
    _lists(a, b)


def _option(run: RunRow, minutes: frozenset[str]) -> str:
    """Return a model as a choice: when it was trained, on what, and with which settings."""
    used = " (in use)" if run.active else ""
    return f"{models.title(run, minutes)}: {two_models.settings(run)}{used}"


def _other(runs: Sequence[RunRow], a: RunRow) -> int:
    """Return the place of the run to propose beside `a`: rather of its data, and rather the one in use."""
    places = [place for place, run in enumerate(runs) if run.run != a.run]
    return max(places, key=lambda place: (runs[place].dataset == a.dataset, runs[place].active, -place))


def _measures(a: RunRow, b: RunRow) -> None:
    found = publication.pairing(a, b)
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


def _lists(a: RunRow, b: RunRow) -> None:
    """Ask for a client and show its list under both models."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        text = st.text_input("On client", placeholder="Find a client by name or number", key="on-client")
        try:
            found = clients.clients(a, text, FOUND)
        except (StoreError, RunFolderError) as error:
            st.warning(in_markdown(str(error), 300), icon=":material/help:")
            return
        if not found:
            st.caption("No client's name or number holds this.")
            return
        client = st.selectbox(
            "Client",
            found,
            format_func=lambda one: with_id(one.name, one.client_id) if one.name else one.client_id,
            key=f"client-{text}",
        )
    try:
        first, second = _list(a, client.client_id), _list(b, client.client_id)
    except (StoreError, RunFolderError) as error:
        st.warning(in_markdown(str(error), 300), icon=":material/help:")
        return
    for run, lines in ((a, first), (b, second)):
        if lines is None:
            st.caption(f"The model of {in_markdown(models.title(run), 120)} does not know this client.")
    if first is None or second is None:
        return
    if not first and not second:
        said = nothing_left(desk.model(a.run).dataset, desk.ranking(a.run, client.client_id))
        st.caption(in_markdown(said, 400))
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
    ids, called = recommender.dataset.products["product_id"].to_pylist(), product_names(recommender.dataset)
    had = formers(recommender.dataset, recommender.client_row(client))
    return [Line(ids[row], called[row], rank, had.get(row, "")) for rank, row in enumerate(order, start=1)]
