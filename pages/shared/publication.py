"""Changing which model is in use: publishing, with what is known of the gain, and going back."""

from typing import TYPE_CHECKING

import streamlit as st

from finrec_core.store import RunRow, StoreError
from finrec_core.views.markdown import escaped, in_markdown
from finrec_core.views.model import two_models
from pages.frame import desk, memory, models

if TYPE_CHECKING:
    from finrec_core.evaluation import Pairing


@st.dialog("Publish this model?")
def publish(run: RunRow, active: RunRow | None) -> None:
    """Ask for a reason, say what is known of the gain, and publish."""
    st.markdown(f"From now on advisers see the model of **{in_markdown(models.title(run), 120)}**.")
    if active is not None:
        _gain(run, active)
        if run.dataset == active.dataset and run.version < active.version:
            st.warning(
                f"It learned from version {run.version}, the model in use from version {active.version}: "
                "what came in between is unknown to it.",
                icon=":material/history:",
            )
    _confirm("Publish", "publish", run, active)


def _gain(run: RunRow, active: RunRow) -> None:
    """Say how the model compares with the one in use, and warn where the gain is not settled."""
    found = pairing(run, active)
    if isinstance(found, str):
        said = f"It cannot be compared with the model in use. {in_markdown(found, 300)}"
        st.warning(said, icon=":material/help:")
        return
    result, said = two_models.gain(found)
    if result == "better":
        st.success(escaped(said), icon=":material/check:")
    elif result == "worse":
        st.error(escaped(said), icon=":material/trending_down:")
    else:
        st.warning(escaped(said), icon=":material/balance:" if result == "not settled" else ":material/help:")


def pairing(a: RunRow, b: RunRow) -> "Pairing | str":
    """Return the figures of two runs, paired, or the sentence that says why they cannot be."""
    from finrec_core.run_folder import RunFolderError  # noqa: PLC0415 - loads torch, which Train need not

    try:
        return _paired(a.run, b.run)
    except (StoreError, RunFolderError) as error:
        return str(error)


@memory.remembered(show_spinner="Comparing the two models", max_entries=32, needs="see models")
def _paired(a: str, b: str) -> "Pairing":
    from finrec_core.run_folder import pair_runs  # noqa: PLC0415 - as above

    store = desk.whole_store()
    return pair_runs(store.run_folder(a), store.run_folder(b))


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
    from finrec_core.run_folder import RunFolderError  # noqa: PLC0415 - loads torch, which Train need not

    seen = None if active is None else active.run
    why, who = reason.strip(), desk.person().user
    try:
        desk.model(run.run)  # what cannot be read must not be put before advisers
        if label == "Publish":
            desk.store().publish(run.run, reason=why, user=who, instead_of=seen)
        else:
            desk.store().roll_back(reason=why, user=who, instead_of=seen, to=run.run)
    except (StoreError, RunFolderError) as error:
        st.error(in_markdown(str(error), 300), icon=":material/error:")
    else:
        st.rerun()


@st.dialog("Roll back?")
def roll_back(run: RunRow, active: RunRow) -> None:
    """Ask for a reason and put the model in use again that was so before."""
    st.markdown(
        f"Advisers see the model of **{in_markdown(models.title(run), 120)}** again. The model of "
        f"{in_markdown(models.title(active), 120)} stays and can be published again."
    )
    _confirm("Roll back", "undo", run, active)
