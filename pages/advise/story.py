"""Story: one recommendation told in six steps to somebody who sees the desk for the first time."""

import streamlit as st

from finrec_core.recommender import FusedRecommender, UnknownIdError
from finrec_core.run_folder import RunFolderError
from finrec_core.store import RunRow, StoreError
from finrec_core.views.client import telling_clients
from finrec_core.views.markdown import in_markdown
from finrec_core.views.story import STEPS
from pages.advise import scenes
from pages.advise.choice import chosen
from pages.frame import desk, model_shown, selection

NAMES = [f"{number} {name}" for number, name in enumerate(STEPS, start=1)]


def chosen_step() -> int:
    """Return the step that the URL names, from 0; the first where it names none or none that there is."""
    wanted = st.query_params.get("step", "1")
    if wanted.isdecimal() and 1 <= int(wanted) <= len(STEPS):
        return int(wanted) - 1
    st.warning(
        f"There is no step “{in_markdown(wanted, 40)}”; there are {len(STEPS)}.", icon=":material/help:"
    )
    return 0


def go(step: int) -> None:
    """Put a step into the URL."""
    st.query_params["step"] = str(step + 1)


def client_of(model: FusedRecommender) -> str:
    """Return the client that was chosen, one worth telling of where there is none or no such client."""
    wanted = selection.get("client")
    if wanted is not None:
        try:
            model.client_row(wanted)
        except UnknownIdError as error:
            st.warning(in_markdown(str(error), 300), icon=":material/help:")
        else:
            return wanted
    return telling_clients(model.dataset, 1)[0]


def tell(run: RunRow, model: FusedRecommender) -> None:
    """Show one step with the way to the others; the arrow keys turn back and forth."""
    step, client = chosen_step(), client_of(model)
    st.query_params["run"] = run.run
    selection.choose("client", client)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.session_state["story-step"] = NAMES[step]
        st.segmented_control(
            "Step",
            NAMES,
            required=True,
            label_visibility="collapsed",
            on_change=lambda: go(NAMES.index(st.session_state["story-step"])),
            key="story-step",
        )
        with st.container(horizontal=True, width="content"):
            st.button(
                "Back",
                icon=":material/arrow_back:",
                disabled=step == 0,
                on_click=go,
                args=(step - 1,),
                shortcut="Left",
                key="back",
            )
            last = step == len(STEPS) - 1
            st.button(
                desk.on_primary("Next", "arrow_forward", enabled=not last),
                type="primary",
                disabled=last,
                on_click=go,
                args=(step + 1,),
                shortcut="Right",
                key="next",
            )
    st.space("small")
    scenes.show(step, chosen(run.run, client), run)


active = desk.store().active_run()
if active is None:
    model_shown.none("Story")
else:
    run = model_shown.chosen(active)
    try:
        model = desk.model(run.run)
    except (StoreError, RunFolderError) as error:
        model_shown.unreadable(error)
    else:
        tell(run, model)
