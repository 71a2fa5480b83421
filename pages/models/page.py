"""Models: how good the model in use is, what it goes by, and all that were trained."""

from collections.abc import Callable, Mapping

import streamlit as st

from finrec_core.access import Action
from finrec_core.store import RunRow
from pages.frame import desk
from pages.models import catalogue, drivers, headline, lists, monitoring, quality

store = desk.store()
VIEWS: Mapping[str, Callable[[RunRow], None]] = {
    "How good it is": quality.show,
    "What drives it": drivers.show,
    "In practice": monitoring.show,
    "Lists": lists.show,
    "All models": lambda _: catalogue.show(store.runs()),
}


NEEDS: Mapping[str, Action] = {"In practice": "see decisions", "Lists": "write lists"}


def view() -> str:
    """Ask which part of the page to show; it stands in the URL, so that a link shows the same."""
    wanted = st.query_params.get("view", "")
    offered = [name for name in VIEWS if name not in NEEDS or desk.may(NEEDS[name])]
    chosen = st.segmented_control(
        "View",
        offered,
        default=wanted if wanted in offered else offered[0],
        required=True,
        label_visibility="collapsed",
        key="view",
    )
    st.query_params["view"] = chosen
    return chosen


st.title("Models", anchor=False)
active = store.active_run()
if active is None:
    st.caption("There is no model yet. Once one is trained, this page says how good it is.")
    st.page_link("pages/train/page.py", label="Train a model", icon=":material/arrow_forward:")
else:
    headline.show(active, store.runs())
    VIEWS[view()](active)
