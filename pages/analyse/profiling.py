"""The profile of a version: what its data can and cannot carry, drawn, with a forecast that is a guess."""

import streamlit as st

from finrec_core.dataset import Profile
from finrec_core.dataset.profile import merged_rows
from finrec_core.store import DatasetVersion
from finrec_core.views import carrying
from finrec_core.views.drawn import drawn
from finrec_core.views.markdown import escaped
from pages.analyse import foretelling
from pages.frame import chart, desk, memory

ICONS = {
    "can": ":green[:material/check_circle:]",
    "mind": ":orange[:material/warning:]",
    "cannot": ":red[:material/block:]",
}


def show(version: DatasetVersion) -> None:
    """Show what a version can carry, in sentences first, then in pictures."""
    found, merged = _profile(version.label, version.content_hash)
    said = carrying.sentences(found, merged)
    st.subheader("What this data can and cannot carry", anchor=False)
    st.markdown("\n".join(f"- {ICONS[one.kind]} {escaped(one.text)}" for one in said))
    foretelling.show(version, found)
    with st.grid(2, min_column_width=420, gap="medium") as grid:
        for one in drawn(found):
            with grid.cell():
                st.markdown(f"**{one.title}**")
                chart.show(
                    one.figure(chart.colours()),
                    key=f"profile-{one.key}",
                    alt=one.alternative,
                )
                with st.expander("As a table"):
                    st.dataframe(
                        one.table,
                        hide_index=True,
                        height="content" if len(one.table) <= 12 else 360,
                        key=f"table-{one.key}",
                        alt=one.title,
                    )


@memory.remembered(show_spinner="Measuring the data", max_entries=8)
def _profile(label: str, content_hash: str) -> tuple[Profile, int]:
    """Return the profile, and how many rows the import merged, which only its report knows."""
    # The hash is part of the key only: an erasure changes what a version holds.
    return Profile.of(desk.store().dataset(label)), merged_rows(desk.store().report(label)[1])
