"""The kept versions of all datasets, as a table in which one is chosen."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from finrec_core.store import DatasetVersion
from pages.frame import desk


def choose(versions: Sequence[DatasetVersion]) -> DatasetVersion:
    """Show all versions, newest first, and return the chosen one."""
    active = desk.store().active_run()
    used = None if active is None else active.label
    frame = pd.DataFrame(
        {
            "version": [version.version for version in versions],
            "name": [version.name for version in versions],
            "clients": [version.clients for version in versions],
            "products": [version.products for version in versions],
            "interactions": [version.interactions for version in versions],
            "ties": [version.ties for version in versions],
            "how": [came_by(version) for version in versions],
            "created": [desk.when(version.created) for version in versions],
            "user": [version.user for version in versions],
            "state": [["In use" if version.label == used else "Kept"] for version in versions],
        }
    )
    chosen = st.dataframe(
        frame,
        hide_index=True,
        height="content" if len(frame) <= 8 else 320,
        on_select="rerun",
        selection_mode="single-row-required",
        selection_default={"selection": {"rows": [0]}},
        column_config={
            "version": st.column_config.NumberColumn("#", width=40),
            "name": st.column_config.TextColumn("Name", width=150),
            "clients": st.column_config.NumberColumn("Clients", format="%,d", width=76),
            "products": st.column_config.NumberColumn("Products", format="%,d", width=76),
            "interactions": st.column_config.NumberColumn("Interactions", format="%,d", width=90),
            "ties": st.column_config.NumberColumn("Ties", format="%,d", width=66),
            "how": st.column_config.TextColumn("Came by", width=100),
            "created": st.column_config.TextColumn("Saved", width=110),
            "user": st.column_config.TextColumn("By", width=80),
            "state": st.column_config.MultiselectColumn(
                "State", options=["In use", "Kept"], color=["green", "gray"], width=80
            ),
        },
        key="versions",
        alt="Versions of all datasets, newest first",
    )
    return versions[min(chosen.selection.rows[0] if chosen.selection.rows else 0, len(versions) - 1)]


def came_by(version: DatasetVersion) -> str:
    """Return how a version came, as "Append to 2"."""
    return f"Append to {version.parent}" if version.how == "append" else version.how.capitalize()
