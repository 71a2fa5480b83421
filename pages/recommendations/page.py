"""Recommendations: the ranked products for one client, and the reasons behind each of them."""

import streamlit as st

from finrec_core.access import Clientele
from finrec_core.dataset.naming import client_names
from finrec_core.recommender import FusedRecommender
from finrec_core.store import RunRow
from finrec_core.terms import wording
from finrec_core.views.recommendation.client import client_line, example_clients
from pages.frame import desk, models, selection
from pages.recommendations import screen
from pages.shared import clients, decision, reminders

MOST = 12  # clients to begin with
if desk.store().active_run() is None:
    st.switch_page("pages/start/page.py")


def chosen_client(run: RunRow, model: FusedRecommender) -> str | None:
    """Return the client that was chosen, None where there is none or no such client."""
    if selection.get("client") is None and st.session_state.pop("first-look", False):
        for first in example_clients(model.dataset, 1, desk.scope().rows(model.dataset)):
            selection.choose_client(first)
    return clients.known(run.run)


def nobody(run: RunRow, model: FusedRecommender) -> None:
    """Show whom one can advise, where no client was chosen yet."""
    clients.heading(run, "Recommendations", "")
    decision.say_lost()
    st.space("small")
    st.subheader("Whom are you advising?", anchor=False)
    mine = desk.scope().rows(model.dataset)
    count = len(model.dataset.clients) if mine is None else int(mine.sum())
    if not count:
        st.info("The data holds no client of your branch.", icon=":material/info:")
        return
    st.markdown(
        f"Find one of {wording.counted(count, 'client')} by name or number, or begin with one of these."
    )
    own = Clientele.of(desk.person()).rows(model.dataset)
    examples = example_clients(model.dataset, MOST, mine)
    if own is not None:  # one's own stand first
        examples = [*example_clients(model.dataset, MOST, own if mine is None else own & mine), *examples]
    first = [model.client_row(key) for key in [*dict.fromkeys(examples)][:MOST]]
    found = model.dataset.clients.take(first)
    names = [client_names(model.dataset)[row] for row in first]
    segments = [segment or "" for segment in found["segment"].to_pylist()]
    clients.offer([*zip(found["client_id"].to_pylist(), names, segments, strict=True)], "first")


def somebody(run: RunRow, model: FusedRecommender, client: str) -> None:
    """Show the desk of one client."""
    line = client_line(model.dataset, client)
    clients.heading(run, line.name, line.evidence)
    clients.strip(line, model.dataset.verb, lambda: reminders.show(run.run, client, line.name))
    if line.cold:
        known = "Nothing is known of this client yet, neither products nor connections"
        if line.low:
            known = "This client has no product rated well, nor connections"
        elif line.gave_up:
            known = "This client has no products now, nor connections"
        st.info(
            f"{known}: this is the list of what most clients have.",
            icon=":material/info:",
        )
    screen.show(run.run, client)


if found := models.loaded("Recommendations"):
    run, model = found
    client = chosen_client(run, model)
    if client is None:
        nobody(run, model)
    else:
        somebody(run, model, client)
