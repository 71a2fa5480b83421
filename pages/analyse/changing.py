"""Changing which model is in use: publishing, with what is known of the gain, and going back."""

import streamlit as st

from finrec_core.explain import wording
from finrec_core.store import RunRow, StoreError
from finrec_core.views import figures
from finrec_core.views.markdown import escaped, in_markdown
from pages.analyse import pairs
from pages.frame import desk

METRIC = "ndcg@20"


def title(run: RunRow) -> str:
    """Return what a model is called in a list of them, to the second where another has its minute."""
    minute = f"{run.created:%Y%m%d%H%M}"
    others = (f"{one.created:%Y%m%d%H%M}" for one in desk.store().runs() if one.run != run.run)
    exact = f":{run.created:%S}" if minute in others else ""
    return f"{desk.when(run.created)}{exact}, {wording.name(run.dataset, '', 30)}, version {run.version}"


@st.dialog("Publish this model?")
def publish(run: RunRow, active: RunRow | None) -> None:
    """Ask for a reason, say what is known of the gain, and publish."""
    st.markdown(f"From now on advisers see the model of **{in_markdown(title(run), 120)}**.")
    if active is not None:
        _gain(run, active)
        if run.dataset == active.dataset and run.version < active.version:
            st.warning(
                f"It learned from version {run.version}, the model in use from version {active.version}: "
                "what came in between is unknown to it.",
                icon=":material/history:",
            )
    _confirm("Publish", "publish", run, active)


@st.dialog("Roll back?")
def roll_back(run: RunRow, active: RunRow) -> None:
    """Ask for a reason and put the model in use again that was so before."""
    st.markdown(
        f"Advisers see the model of **{in_markdown(title(run), 120)}** again. The model of "
        f"{in_markdown(title(active), 120)} stays and can be published again."
    )
    _confirm("Roll back", "undo", run, active)


def _gain(run: RunRow, active: RunRow) -> None:
    """Say how the model compares with the one in use, and warn where the gain is not settled."""
    found = pairs.pairing(run, active)
    figure = None if isinstance(found, str) else found.figure(METRIC)
    if isinstance(found, str) or figure is None or figure.ci95 is None:
        why = found if isinstance(found, str) else "No client was tested with both."
        st.warning(
            f"It cannot be compared with the model in use. {in_markdown(why, 300)}", icon=":material/help:"
        )
        return
    low, high = (wording.signed(end, 3) for end in figure.ci95)
    told = (
        f"{figures.NAMES[METRIC]} {wording.signed(figure.difference, 3)} against the model in use, "
        f"95 % interval {low} to {high}, {wording.counted(found.clients, 'client')}"
    )
    if found.basis == "different":
        st.warning(escaped(f"{told}, who were asked for different products: it may be the data alone."))
    elif figure.result == "better":
        st.success(escaped(f"{told}: better."), icon=":material/check:")
    elif figure.result == "worse":
        st.error(escaped(f"{told}: worse."), icon=":material/trending_down:")
    else:
        st.warning(escaped(f"{told}: not settled, the interval holds 0."), icon=":material/balance:")


def _confirm(label: str, icon: str, run: RunRow, active: RunRow | None) -> None:
    reason = st.text_input(
        "Reason",
        max_chars=300,
        placeholder="Kept in the history, for whoever reviews it",
        key=f"reason-{label}",
    )
    with st.container(horizontal=True):
        confirmed = st.button(desk.on_primary(label, icon), type="primary", key=f"yes-{label}")
        if st.button("Keep the one in use", key=f"no-{label}"):
            st.rerun()
    if not confirmed:
        return
    if not reason.strip():
        st.error("Say why: the reason is kept in the history.", icon=":material/edit:")
        return
    seen = None if active is None else active.run
    why, user = reason.strip(), desk.user()
    try:
        if label == "Publish":
            desk.store().publish(run.run, reason=why, user=user, instead_of=seen)
        else:
            desk.store().roll_back(reason=why, user=user, instead_of=seen)
    except StoreError as error:
        st.error(in_markdown(str(error), 300), icon=":material/error:")
    else:
        st.rerun()
