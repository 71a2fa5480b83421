"""The catalogue: all trained models, the chosen one with what may be done to it, and which was used when."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from finrec_core.store import Activation, RunRow, StoreError
from finrec_core.terms import wording
from finrec_core.terms.names import METRIC
from finrec_core.terms.user import name_of
from finrec_core.views.markdown import in_markdown
from finrec_core.views.model import figures, two_models
from pages.frame import desk, models
from pages.models import comparison, quality
from pages.shared import publication

STEPS = {"publish": "Published", "roll back": "Rolled back"}
STATES = ("In use", "Pinned", "Kept", "Folder gone")


def show(runs: Sequence[RunRow]) -> None:
    """List all trained models, and show what may be done with the chosen one."""
    st.subheader("Trained models", anchor=False)
    minutes = models.crowded()
    picked = st.dataframe(
        pd.DataFrame(
            {
                "Trained": [models.when(run.created, minutes) for run in runs],
                "Learned from": [f"{run.dataset}, version {run.version}" for run in runs],
                "Settings": [two_models.settings(run) for run in runs],
                "NDCG@20": [figures.with_interval(run, METRIC) for run in runs],
                "Recall@20": [figures.with_interval(run, "recall@20") for run in runs],
                "Took": [wording.duration(run.seconds) for run in runs],
                "By": [wording.name(name_of(run.user), longest=30) for run in runs],
                "State": [_states(run) for run in runs],
            }
        ),
        hide_index=True,
        height="content" if len(runs) <= 8 else 330,
        column_config={
            "NDCG@20": st.column_config.TextColumn(alignment="right"),
            "Recall@20": st.column_config.TextColumn(alignment="right"),
            "State": st.column_config.MultiselectColumn(
                options=STATES, color=["green", "blue", "gray", "red"], width=130
            ),
        },
        alt="Trained models, newest first",
        **models.choice_options(runs, "trainings"),
    )
    st.caption("In brackets: 95 % interval. Figures of models trained on different data do not compare.")
    _model(models.chosen_run(runs, picked.selection.rows, "trainings"), desk.store().active_run())
    comparison.show(runs)
    _history(runs)


def _states(run: RunRow) -> list[str]:
    held = [STATES[0]] if run.active else []
    held += [STATES[1]] if run.pinned else []
    held += [STATES[3]] if run.missing else []
    return held or [STATES[2]]


def _model(run: RunRow, active: RunRow | None) -> None:
    """Show one model, and what may be done with it."""
    with st.container(border=True, key="chosen-model"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.markdown(f"**{in_markdown(models.title(run), 160)}**", width="content")
            with st.container(horizontal=True, width="content", vertical_alignment="center"):
                _actions(run, active)
        with st.expander("All figures and settings"):
            _figures(run)
            quality.constants(figures.protocol(run))


def _actions(run: RunRow, active: RunRow | None) -> None:
    if desk.may("keep models"):
        _keep(run)
    if run.active:
        st.badge("In use", icon=":material/check:", color="green")
    elif desk.may("publish") and st.button(
        desk.on_primary("Publish", "publish", enabled=not run.missing),
        type="primary",
        disabled=run.missing,
        key=f"publish-{run.run}",
    ):
        publication.publish(run, active)


def _keep(run: RunRow) -> None:
    """Offer to pin a model, and to remove it."""
    store = desk.store()
    pin = "Take the pin off" if run.pinned else "Pin"
    if st.button(pin, icon=":material/keep:", help="A pinned model cannot be removed.", key=f"pin-{run.run}"):
        if run.pinned:
            store.unpin_run(run.run)
        else:
            store.pin_run(run.run, user=desk.person().user)
        st.rerun()
    free = not run.active and not run.pinned
    why = "The model in use and a pinned one cannot be removed."
    if st.button(
        "Remove",
        icon=":material/delete:",
        disabled=not free,
        help=None if free else why,
        key=f"remove-run-{run.run}",
    ):
        _remove(run)


@st.dialog("Remove this model?")
def _remove(run: RunRow) -> None:
    """Name what hangs on a model and ask before it goes."""
    store = desk.store()
    used = store.run_use(run.run)
    st.markdown(f"The model of **{in_markdown(models.title(run), 160)}** goes with its folder.")
    st.markdown(
        f"- The log keeps what was made with it: {wording.counted(used.decisions, 'decision')}, "
        f"{wording.counted(used.lists, 'list')} shown.\n"
        f"- It was put into use {wording.counted(used.activations, 'time')}; the history stays.\n"
        f"- {wording.plain(used.size / 1e6, 1)} MB become free. It cannot be brought back."
    )
    before = store.run_before()
    if before is not None and before.run == run.run:
        st.warning("It is the model that rolling back would return to.", icon=":material/undo:")
    with st.container(horizontal=True):
        if st.button("Remove", icon=":material/delete:", key="remove-model-yes"):
            try:
                store.remove_run(run.run, user=desk.person().user)
            except StoreError as error:
                st.error(in_markdown(str(error), 300), icon=":material/error:")
                return
            st.rerun()
        if st.button("Keep", key="remove-model-no"):
            st.rerun()


def _figures(run: RunRow) -> None:
    present = [name for name in figures.NAMES if figures.value(run, name) is not None]
    if not present:
        st.caption("This training made no test figures.")
        return
    st.dataframe(
        pd.DataFrame(
            {
                "Figure": [figures.NAMES[name] for name in present],
                "Value and 95 % interval": [figures.with_interval(run, name) for name in present],
            }
        ),
        hide_index=True,
        height="content",
        column_config={"Value and 95 % interval": st.column_config.TextColumn(alignment="right")},
        key="all-figures",
        alt="All figures of the chosen model with their 95 % intervals",
    )


def _history(runs: Sequence[RunRow]) -> None:
    """List every change of the model in use, newest first."""
    history, minutes = desk.store().activations(), models.crowded()
    present = {run.run for run in runs if not run.missing}
    trained = [wording.NONE if one.trained is None else models.when(one.trained, minutes) for one in history]
    st.subheader("Which model was in use", anchor=False)
    st.dataframe(
        pd.DataFrame(
            {
                "Since": [desk.when(one.created) for one in history],
                "Model of": trained,
                "Learned from": [wording.name(one.label.replace("@", ", version ")) for one in history],
                "How": [STEPS[one.step] for one in history],
                "By": [wording.name(name_of(one.user), longest=40) for one in history],
                "Reason": [wording.name(one.reason, longest=300) for one in history],
                "Still there": [_there(one, present) for one in history],
            }
        ),
        hide_index=True,
        height="content" if len(history) <= 8 else 330,
        key=f"history-{len(history)}",
        alt="Every change of the model in use with who made it and why, newest first",
    )


def _there(one: Activation, present: set[str]) -> str:
    return "Removed" if one.removed else "Yes" if one.run in present else "Folder gone"
