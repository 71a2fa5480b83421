"""Story: one recommendation told in eight steps to somebody who sees the desk for the first time."""

import streamlit as st

from finrec_core.recommender import FusedRecommender
from finrec_core.store import RunRow
from finrec_core.views.markdown import in_markdown
from finrec_core.views.recommendation.client import example_clients
from finrec_core.views.recommendation.story import STEPS
from pages.frame import desk, models, selection
from pages.shared import clients
from pages.shared.choice import chosen
from pages.story import scenes

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


def tell(run: RunRow, model: FusedRecommender) -> None:
    """Show one step with the way to the others; the arrow keys turn back and forth."""
    step, client = chosen_step(), clients.known(run.run)
    if client is None:
        client = next(iter(example_clients(model.dataset, 1, desk.scope().rows(model.dataset))), None)
        if client is None:
            st.info("There is no client of your branch to tell of.", icon=":material/info:")
            return
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
    scenes.show(step, chosen(run.run, client), run)


if found := models.loaded("Story"):
    tell(*found)
