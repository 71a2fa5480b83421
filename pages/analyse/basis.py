"""The basis of a comparison: its controls, what was left out of it, and what each method chose."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from finrec_core.views import comparison
from finrec_core.views.markdown import in_markdown
from pages.analyse import against


def notes(protocol: Mapping[str, Any]) -> None:
    """Say what was left out and why."""
    for note in protocol.get("notes", ()):
        st.caption(f":material/info: {in_markdown(note, 400)}")


def controls(protocol: Mapping[str, Any], metric: str) -> None:
    """Show each control with its sentence, figures and differences; nothing where there is none."""
    found = comparison.controls(protocol, metric)
    if not found:
        return
    st.subheader("Does it hold up?", anchor=False)
    with st.grid(2, min_column_width=420, gap="medium") as grid:
        for place, control in enumerate(found):
            with grid.cell():
                st.markdown(f"**{in_markdown(control.name)}**")
                if control.description:
                    st.markdown(in_markdown(control.description, 400))
                if len(control.figures):
                    alt = f"{control.name}: figures of each method"
                    against.numbers(control.figures, key=f"control-{place}", alt=alt)
                if len(control.differences):
                    against.differences(
                        control.differences,
                        key=f"control-differences-{place}",
                        alt=f"{control.name}: differences between methods",
                    )


def constants(protocol: Mapping[str, Any]) -> None:
    """Show what each method chose on validation rows, and how long that took."""
    table = comparison.constants_table(protocol)
    if table.empty:
        return
    with st.expander("What each method chose, and how long it took"):
        st.dataframe(
            table,
            hide_index=True,
            height="content",
            column_config={
                "Method": st.column_config.TextColumn(width=180),
                "Took": st.column_config.TextColumn(width=100),
                "Chosen": st.column_config.TextColumn(width="large"),
            },
            key="constants",
            alt="Constants and seconds of each method",
        )
