"""Recommendations: the ranked products for one client, and the reasons behind each of them."""

import streamlit as st

from finrec_core.explain import wording
from finrec_core.recommender import UnknownIdError
from finrec_core.store import RunRow, StoreError
from finrec_core.views.client import client_line, telling_clients
from finrec_core.views.markdown import in_markdown
from pages.advise import clients, listing
from pages.frame import desk, selection

active = desk.store().active_run()
if active is None:
    st.switch_page("pages/advise/start.py")


def chosen_run(active: RunRow) -> RunRow:
    """Return the run that the URL names, and say so where it is not the active one or not there."""
    wanted = st.query_params.get("run", active.run)
    if wanted == active.run:
        return active
    try:
        run = desk.store().run(wanted)
        desk.store().run_folder(wanted)
    except StoreError as error:
        st.warning(in_markdown(str(error), 300), icon=":material/help:")
        return active
    with st.container(border=True, horizontal=True, horizontal_alignment="distribute", key="older"):
        st.markdown(
            f":material/history: This shows the model of {desk.when(run.created)}. "
            f"The one in use was trained {desk.when(active.created)}.",
            width="content",
        )
        if st.button("Show the one in use", key="newer"):
            st.query_params["run"] = active.run
            st.rerun()
    return run


run = chosen_run(active)
model = desk.model(run.run)
client = selection.get("client")
if client is not None:
    try:
        model.client_row(client)
    except UnknownIdError as error:
        st.warning(in_markdown(str(error), 300), icon=":material/help:")
        client = None

if client is None:
    clients.heading(run, "Recommendations", "")
    st.space("small")
    st.subheader("Whom are you advising?", anchor=False)
    st.markdown(
        f"Find one of {wording.counted(len(model.dataset.clients), 'client')} by name or number, "
        "or begin with one of these."
    )
    ids = model.dataset.clients["client_id"].to_pylist()
    names = model.dataset.clients["name"].to_pylist()
    segments = model.dataset.clients["segment"].to_pylist()
    first = [model.client_row(key) for key in telling_clients(model.dataset, 12)]
    clients.offer([(ids[row], names[row] or "", segments[row] or "") for row in first], "first")
else:
    st.query_params["run"] = run.run
    line = client_line(model.dataset, client)
    clients.heading(run, line.name, line.evidence)
    clients.strip(line)
    if line.cold:
        st.info(
            "Nothing is known of this client yet, neither products nor connections: "
            "this is the list of what most clients have.",
            icon=":material/info:",
        )
    listing.desk_of(run.run, client)
