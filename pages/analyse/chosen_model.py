"""The chosen model: all its figures and settings, and publishing, pinning and removing it."""

import pandas as pd
import streamlit as st

from finrec_core.explain import wording
from finrec_core.store import RunRow, StoreError
from finrec_core.terms.user import user
from finrec_core.views import figures
from finrec_core.views.markdown import in_markdown
from pages.analyse import basis, changing
from pages.frame import desk, names


def show(run: RunRow, active: RunRow | None) -> None:
    """Show one model, and what may be done with it."""
    with st.container(border=True, key="chosen-model"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.markdown(f"**{in_markdown(names.title(run), 160)}**", width="content")
            with st.container(horizontal=True, width="content", vertical_alignment="center"):
                _actions(run, active)
        with st.expander("All figures and settings"):
            _figures(run)
            basis.constants(figures.protocol(run))


def _actions(run: RunRow, active: RunRow | None) -> None:
    store = desk.store()
    pin = "Take the pin off" if run.pinned else "Pin"
    if st.button(pin, icon=":material/keep:", help="A pinned model cannot be removed.", key=f"pin-{run.run}"):
        if run.pinned:
            store.unpin_run(run.run)
        else:
            store.pin_run(run.run, user=user())
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
        remove(run)
    if run.active:
        st.badge("In use", icon=":material/check:", color="green")
    elif st.button(
        desk.on_primary("Publish", "publish", enabled=not run.missing),
        type="primary",
        disabled=run.missing,
        key=f"publish-{run.run}",
    ):
        changing.publish(run, active)


@st.dialog("Remove this model?")
def remove(run: RunRow) -> None:
    """Name what hangs on a model and ask before it goes."""
    store = desk.store()
    used = store.run_use(run.run)
    st.markdown(f"The model of **{in_markdown(names.title(run), 160)}** goes with its folder.")
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
                store.remove_run(run.run, user=user())
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
