"""Changing which model is in use: publishing, with what is known of the gain, and going back."""

from typing import TYPE_CHECKING

import streamlit as st

from finrec_core.dataset import Dataset, DatasetError
from finrec_core.store import RunRow, StoreError
from finrec_core.views.markdown import escaped, in_markdown
from finrec_core.views.model import two_models
from pages.frame import desk, models

if TYPE_CHECKING:
    from finrec_core.evaluation import Pairing


def pairing(a: RunRow, b: RunRow) -> "Pairing | str":
    """Return the figures of two runs, paired, or the sentence that says why they cannot be."""
    from finrec_core.run_folder import RunFolderError  # noqa: PLC0415 - loads torch, which Train need not

    try:
        found = _paired(a.run, b.run, (a.content_hash, a.seed) == (b.content_hash, b.seed))
    except (StoreError, RunFolderError, DatasetError) as error:
        return str(error)
    if found is None:
        return "One of the two was trained before figures were kept client by client: train it again."
    return found


@st.cache_resource(show_spinner="Comparing the two models", max_entries=32)
def _paired(a: str, b: str, same: bool) -> "Pairing | None":
    from finrec_core.evaluation import held_back, pair  # noqa: PLC0415 - as above
    from finrec_core.run_folder import per_client  # noqa: PLC0415

    store = desk.store()
    folders = [store.run_folder(run) for run in (a, b)]
    tables = [per_client(folder) for folder in folders]
    if tables[0] is None or tables[1] is None:
        return None
    held = None
    if not same:
        seeds = [store.run(run).seed for run in (a, b)]
        first, second = (
            held_back(Dataset.load(folder / "dataset"), seed)
            for folder, seed in zip(folders, seeds, strict=True)
        )
        held = (first, second)
    return pair(tables[0], tables[1], held)


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


@st.dialog("Roll back?")
def roll_back(run: RunRow, active: RunRow) -> None:
    """Ask for a reason and put the model in use again that was so before."""
    st.markdown(
        f"Advisers see the model of **{in_markdown(models.title(run), 120)}** again. The model of "
        f"{in_markdown(models.title(active), 120)} stays and can be published again."
    )
    _confirm("Roll back", "undo", run, active)


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
    why, user = reason.strip(), desk.user()
    try:
        desk.model(run.run)  # what cannot be read must not be put before advisers
        if label == "Publish":
            desk.store().publish(run.run, reason=why, user=user, instead_of=seen)
        else:
            desk.store().roll_back(reason=why, user=user, instead_of=seen, to=run.run)
    except (StoreError, RunFolderError) as error:
        st.error(in_markdown(str(error), 300), icon=":material/error:")
    else:
        st.rerun()
