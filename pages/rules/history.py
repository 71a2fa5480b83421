"""The versions of the rules: who set each, when and why, and what it says."""

import pandas as pd
import streamlit as st

from finrec_core.advice import Rules, RulesError
from finrec_core.terms import wording
from finrec_core.views.markdown import in_markdown
from finrec_core.views.recommendation import suitability
from pages.frame import desk


def show() -> None:
    """List the versions so far, who set each, when and why, and show what the chosen one says."""
    saved = desk.store().rules_versions()
    if not saved:
        return
    panes = st.grid(2, min_column_width=420, gap="medium")
    with panes.cell():
        st.subheader("Versions", anchor=False)
        chosen = st.dataframe(
            pd.DataFrame(
                {
                    "Version": [one.version for one in saved],
                    "Set": [desk.when(one.created) for one in saved],
                    "By": [wording.name(one.user, longest=60) for one in saved],
                    "Reason": [wording.name(one.reason, longest=300) for one in saved],
                }
            ),
            hide_index=True,
            height="content" if len(saved) <= 6 else 260,
            on_select="rerun",
            selection_mode="single-row-required",
            selection_default={"selection": {"rows": [0]}},
            column_config={"Version": st.column_config.NumberColumn(width=70)},
            key=f"versions-{len(saved)}",
            alt="Versions of the rules, newest first",
        )
    rows = chosen.selection.rows
    looked_at = saved[rows[0] if rows else 0]
    with panes.cell():
        st.subheader(f"What version {looked_at.version} says", anchor=False)
        st.caption(in_markdown(looked_at.reason, 300))
        try:
            stated = suitability.stated(Rules.from_json(looked_at.content))
        except RulesError as error:
            st.error(in_markdown(str(error), 300), icon=":material/error:")
        else:
            st.dataframe(
                stated,
                hide_index=True,
                height="content" if len(stated) <= 14 else 35 * 15,
                key=f"stated-{looked_at.version}",
                alt=f"Version {looked_at.version} of the rules",
            )
